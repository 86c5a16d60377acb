from odoo import fields, models


class AfterSalesCharge(models.Model):
    """The real cost of a charge, posted to the contract where no document of Odoo posts it."""

    _inherit = "after.sales.charge"

    analytic_line_id = fields.Many2one(
        "account.analytic.line", "Cost Entry", readonly=True, copy=False, index="btree_not_null"
    )
    has_cost_document = fields.Boolean(
        "Cost Posted by a Document",
        readonly=True,
        copy=False,
        help="A document of Odoo posts this cost to the contract: it is not counted a second time.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "cost" in vals:
            self.filtered(lambda charge: charge.state == "confirmed")._repost_cost()
        return result

    def _confirm(self):
        result = super()._confirm()
        self._post_cost()
        return result

    def _cancel(self):
        # sudo: who may cancel a charge takes its cost entry with it
        self.sudo().analytic_line_id.unlink()
        return super()._cancel()

    def _get_analytic_account(self):
        """Where the real cost goes: to the contract."""
        self.ensure_one()
        return self.contract_id.analytic_account_id

    def _has_cost_document(self):
        """Hook: whether an Odoo document posts this cost to the analytic account, so that we must not.

        A part that is invoiced under perpetual valuation brings its own cost line.
        """
        self.ensure_one()
        return (
            self.kind == "part"
            and self.company_id.anglo_saxon_accounting
            and self.product_id.valuation == "real_time"
            and not self.currency_id.is_zero(self.amount_customer)
        )

    def _post_cost(self):
        # sudo: contracts are charged their cost whoever finishes the visit
        charges_sudo = self.sudo().filtered(lambda c: not c.analytic_line_id and c._get_analytic_account())
        by_document = charges_sudo.filtered(lambda c: c._has_cost_document())
        by_document.has_cost_document = True
        charges_sudo -= by_document
        charges_sudo.filtered("has_cost_document").has_cost_document = False
        charges_sudo = charges_sudo.filtered(lambda c: not c.company_currency_id.is_zero(c.cost))
        vals_list = [charge._prepare_analytic_line_vals() for charge in charges_sudo]
        for charge, line in zip(
            charges_sudo, self.env["account.analytic.line"].sudo().create(vals_list), strict=True
        ):
            charge.analytic_line_id = line

    def _repost_cost(self):
        """The cost became better known, e.g. by the vehicle's trip: its entry follows."""
        # sudo: as in _post_cost
        self.sudo().analytic_line_id.unlink()
        self._post_cost()

    def _prepare_analytic_line_vals(self):
        self.ensure_one()
        account = self._get_analytic_account()
        return {
            "name": self.name,
            "date": self.date,
            "amount": -self.cost,
            "unit_amount": self.real_quantity or self.quantity,
            "product_id": self.product_id.id,
            "product_uom_id": self.uom_id.id,
            "partner_id": self.commercial_partner_id.id,
            "company_id": self.company_id.id,
            "ref": self.intervention_id.name or self.ticket_id.name,
            account.plan_id._column_name(): account.id,
        }
