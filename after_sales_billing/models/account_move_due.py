from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AccountMove(models.Model):
    """What else the customer of a draft invoice owes: it can be billed there (D24)."""

    _inherit = "account.move"

    after_sales_due_count = fields.Integer(
        "Due and Not Billed", compute="_compute_after_sales_due_count", compute_sudo=True
    )

    @api.depends(
        "state",
        "move_type",
        "auto_post",
        "partner_id",
        "currency_id",
        "company_id",
        "invoice_date",
        "after_sales_entry_ids.active",
    )
    def _compute_after_sales_due_count(self):
        """For the form: each invoice has a date, a currency and a customer of its own to ask for."""
        charges, instalments = self.env["after.sales.charge"], self.env["after.sales.contract.instalment"]
        takers = self.filtered(lambda move: move._after_sales_takes_charges())
        (self - takers).after_sales_due_count = 0
        for move in takers:
            charged = charges.search_count(move._after_sales_get_due_domain())
            uncharged = instalments.search_count(move._after_sales_get_uncharged_domain())
            move.after_sales_due_count = charged + uncharged

    def _after_sales_takes_charges(self):
        is_open = self.move_type == "out_invoice" and self.state == "draft" and bool(self.partner_id)
        return is_open and not self._after_sales_is_recurring()

    def _after_sales_is_recurring(self):
        """Each copy of such an invoice would bill the same work again."""
        return self.auto_post not in ("no", "at_date")

    def _after_sales_check_takes_charges(self):
        if not self._after_sales_takes_charges():
            raise UserError(
                self.env._(
                    "Charges are added to draft invoices of customers only, and not to recurring ones."
                )
            )

    @api.constrains("auto_post")
    def _check_after_sales_billed_once(self):
        for move in self:
            if move._after_sales_is_recurring() and move.sudo().after_sales_entry_ids:
                raise UserError(
                    self.env._(
                        "%s bills after-sales work, which is billed once: make an invoice of its own of what comes back "
                        "regularly.",
                        move.display_name,
                    )
                )

    def _after_sales_get_due_day(self):
        return self.invoice_date or fields.Date.context_today(self)

    def _after_sales_get_due_domain(self):
        """The charges that can be billed on an invoice."""
        return (
            self.env["after.sales.charge"]._get_to_bill_domain(
                self.company_id, self._after_sales_get_due_day()
            )
            & Domain("currency_id", "=", self.currency_id.id)
            & Domain("commercial_partner_id", "=", self.commercial_partner_id.id)
        )

    def _after_sales_get_instalment_domain(self):
        """The instalments of the contracts that the customer of an invoice pays."""
        ours = Domain("commercial_partner_id", "=", self.commercial_partner_id.id)
        own = Domain("invoice_partner_id", "=", False) & Domain("partner_id", "any", ours)
        return Domain("contract_id", "any", Domain("invoice_partner_id", "any", ours) | own)

    def _after_sales_get_uncharged_domain(self):
        """The due instalments that no billing run has made charges of yet."""
        instalments = self.env["after.sales.contract.instalment"]
        return (
            instalments._get_uncharged_domain(self.company_id, self._after_sales_get_due_day())
            & self._after_sales_get_instalment_domain()
            & Domain("currency_id", "=", self.currency_id.id)
        )

    def action_add_after_sales_charges(self):
        """Show what the customer of a draft invoice owes besides, to be billed on it."""
        self.ensure_one()
        self.check_access("write")
        self._after_sales_check_takes_charges()
        # sudo: one may bill without a right on contracts
        instalments_sudo = self.env["after.sales.contract.instalment"].sudo().with_company(self.company_id)
        instalments_sudo._make_due_charges(
            self.company_id, self._after_sales_get_due_day(), self._after_sales_get_instalment_domain()
        )
        charges = self.env["after.sales.charge"].search(self._after_sales_get_due_domain())
        if not charges:
            raise UserError(
                self.env._(
                    "Nothing else is due from %(customer)s in %(currency)s up to the date of the invoice.",
                    customer=self.commercial_partner_id.display_name,
                    currency=self.currency_id.name,
                )
            )
        wizard = self.env["after.sales.charge.add"].create(
            {"move_id": self.id, "charge_ids": [fields.Command.set(charges.ids)]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Due Charges"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }
