from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.after_sales_contract.models.after_sales_tariff_line import COST_CLASS_OF_KIND
from odoo.addons.after_sales_contract.models.after_sales_tariff_line import KINDS as TARIFF_KINDS
from odoo.addons.after_sales_contract.models.groups import MANAGER

KINDS = [*TARIFF_KINDS, ("part", "Part"), ("instalment", "Contract instalment")]
COST_CLASSES = {**COST_CLASS_OF_KIND, "part": "part"}


class AfterSalesCharge(models.Model):
    """Something that can be charged: what it is worth, what it cost, and who pays which share of it."""

    _name = "after.sales.charge"
    _description = "Charge"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    # What
    name = fields.Char("Description", required=True)
    kind = fields.Selection(KINDS, required=True, index=True)
    cost_class = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.ticket.coverage"]._fields["cost_class"]._description_selection(self.env)
        ),
        compute="_compute_cost_class",
        store=True,
        precompute=True,
        index=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    date_from = fields.Datetime("From")
    date_to = fields.Datetime("To")
    product_id = fields.Many2one(
        "product.product", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    uom_id = fields.Many2one("uom.uom", "Unit", ondelete="restrict")
    band_id = fields.Many2one(
        "after.sales.time.band", "Time Band", index="btree_not_null", ondelete="restrict"
    )

    # For whom, on what occasion
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one("res.partner", "Invoice To", required=True, index=True, check_company=True)
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    intervention_id = fields.Many2one("after.sales.intervention", index="btree_not_null", check_company=True)
    ticket_id = fields.Many2one("after.sales.ticket", "Call", index="btree_not_null", check_company=True)
    contract_id = fields.Many2one("after.sales.contract", index="btree_not_null", check_company=True)
    unit_id = fields.Many2one(
        "after.sales.unit", "Installed Unit", index="btree_not_null", check_company=True
    )
    fault_id = fields.Many2one("after.sales.fault", index="btree_not_null")
    technician_id = fields.Many2one("resource.resource", index="btree_not_null", check_company=True)

    # How much
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    real_quantity = fields.Float(digits="Product Unit", readonly=True)
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        help="What is charged: the real quantity after minimum and rounding.",
    )
    list_price = fields.Float("Tariff Price", digits="Product Price", readonly=True)
    price_unit = fields.Float("Price", digits="Product Price")
    is_price_changed = fields.Boolean(compute="_compute_is_price_changed", store=True)
    tariff_line_id = fields.Many2one("after.sales.tariff.line", index="btree_not_null", readonly=True)
    tax_ids = fields.Many2many("account.tax", string="Taxes", check_company=True)
    amount = fields.Monetary("Full Value", compute="_compute_amount", store=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    cost = fields.Monetary("Real Cost", currency_field="company_currency_id")

    # Who pays
    allocation_ids = fields.One2many("after.sales.charge.allocation", "charge_id", "Payers")
    payer = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.charge.allocation"]._fields["payer"]._description_selection(self.env)
        ),
        string="Main Payer",
        compute="_compute_customer",
        store=True,
        index=True,
    )
    customer_share = fields.Float(compute="_compute_customer", store=True, digits=(9, 6))
    amount_customer = fields.Monetary("Customer Pays", compute="_compute_customer", store=True)
    amount_covered = fields.Monetary("Covered", compute="_compute_customer", store=True)
    regime_id = fields.Many2one("after.sales.regime", index="btree_not_null", readonly=True)
    rule = fields.Char(readonly=True)
    reason = fields.Text(readonly=True, help="Why it is paid as it is.")
    problem = fields.Char(readonly=True, help="What is missing before it can be charged.")

    # Where it comes from and how far it is
    state = fields.Selection(
        [("draft", "To Check"), ("confirmed", "Confirmed"), ("cancelled", "Cancelled")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
    )
    source_model = fields.Char(readonly=True, copy=False)
    source_id = fields.Many2oneReference(
        model_field="source_model", readonly=True, copy=False, index="btree_not_null"
    )
    source_key = fields.Char(readonly=True, copy=False)

    _source_once = models.UniqueIndex(
        "(source_model, source_id, source_key) WHERE state != 'cancelled' AND source_id IS NOT NULL",
        "This is charged already.",
    )

    # Computes
    # --------

    @api.depends("kind")
    def _compute_cost_class(self):
        for charge in self:
            charge.cost_class = COST_CLASSES.get(charge.kind, False)

    @api.depends("company_id", "contract_id")
    def _compute_currency_id(self):
        for charge in self:
            charge.currency_id = (
                charge.currency_id or charge.contract_id.currency_id or charge.company_id.currency_id
            )

    @api.depends("price_unit", "list_price")
    def _compute_is_price_changed(self):
        for charge in self:
            changed = charge.currency_id.compare_amounts(charge.price_unit, charge.list_price)
            charge.is_price_changed = bool(charge.source_model and changed)

    @api.depends("quantity", "price_unit", "currency_id")
    def _compute_amount(self):
        for charge in self:
            amount = charge.quantity * charge.price_unit
            charge.amount = charge.currency_id.round(amount) if charge.currency_id else amount

    @api.depends("amount", "allocation_ids.amount", "allocation_ids.share", "allocation_ids.payer")
    def _compute_customer(self):
        for charge in self:
            customer = charge.allocation_ids.filtered(lambda a: a.payer == "customer")
            charge.customer_share = sum(customer.mapped("share"))
            charge.amount_customer = sum(customer.mapped("amount"))
            charge.amount_covered = charge.amount - charge.amount_customer
            charge.payer = (
                max(charge.allocation_ids, key=lambda a: a.share).payer if charge.allocation_ids else False
            )

    # CRUD
    # ----

    @api.model_create_multi
    def create(self, vals_list):
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        charges = super(AfterSalesCharge, quiet).create(vals_list).with_env(self.env)
        by_hand = charges.filtered(lambda charge: not charge.allocation_ids)
        reason = self.env._("Entered by hand.")
        # sudo: who may enter a charge may not say who pays it, that is an override
        self.env["after.sales.charge.allocation"].sudo().create(
            [
                {
                    "charge_id": charge.id,
                    "payer": "customer",
                    "share": 1.0,
                    "rule": "manual",
                    "reason": reason,
                }
                for charge in by_hand
            ]
        )
        return charges

    def write(self, vals):
        if "price_unit" in vals:
            self._ensure_price_right()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(charge.state == "confirmed" for charge in self):
            raise UserError(self.env._("Cancel a charge instead of deleting it."))

    # Actions
    # -------

    def action_confirm(self):
        for charge in self:
            if charge.state != "draft":
                raise UserError(self.env._("%s is not waiting for a check.", charge.display_name))
        self._confirm()

    def action_cancel(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only an after-sales manager can cancel a charge."))
        self._cancel()

    def action_override(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Pays"),
            "res_model": "after.sales.charge.override",
            "view_mode": "form",
            "target": "new",
            "context": {"default_charge_id": self.id},
        }

    def action_view_source(self):
        self.ensure_one()
        record = self.env[self.source_model].browse(self.source_id)
        return (record._get_charge_intervention() or record).get_formview_action()

    # Flow
    # ----

    def _ensure_price_right(self):
        """A price that a tariff gave is changed by managers only; the tariff's price stays beside it."""
        if self.env.su or not self.filtered("source_model"):
            return
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only an after-sales manager can change the price of a charge."))

    def _confirm(self):
        return self.write({"state": "confirmed", "problem": False})

    def _cancel(self):
        return self.write({"state": "cancelled"})

    def _get_unbilled(self):
        """Hook: the charges of this set that no document bills yet. Billing answers from its ledger."""
        return self

    def _override_payers(self, shares, reason):
        """Let others pay: ``shares`` maps payers to shares. The first decision stays as archived rows."""
        for charge in self:
            if not charge._get_unbilled():
                raise UserError(self.env._("%s is billed already.", charge.display_name))
            # sudo: payers are written by decisions and by overrides, never edited by hand
            allocations_sudo = charge.sudo().allocation_ids
            allocations_sudo.write({"active": False})
            allocations_sudo.create(
                [
                    {
                        "charge_id": charge.id,
                        "payer": payer,
                        "share": share,
                        "rule": "override",
                        "reason": reason,
                    }
                    for payer, share in shares.items()
                    if share
                ]
            )
            charge.write({"rule": "override", "reason": reason})
            charge.message_post(
                body=self.env._(
                    "Who pays was changed by %(who)s: %(why)s", who=self.env.user.name, why=reason
                )
            )
