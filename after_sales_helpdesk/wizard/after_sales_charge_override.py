from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.after_sales_contract.models.groups import MANAGER

from ..models.after_sales_ticket_coverage import PAYERS


class AfterSalesChargeOverride(models.TransientModel):
    """A manager decides who pays a charge, with a reason; what was decided first stays on record."""

    _name = "after.sales.charge.override"
    _description = "Override Who Pays a Charge"

    charge_id = fields.Many2one("after.sales.charge", required=True, readonly=True)
    currency_id = fields.Many2one(related="charge_id.currency_id")
    amount = fields.Monetary(related="charge_id.amount")
    decided_reason = fields.Text(related="charge_id.reason", string="Decided So Far")
    customer_share = fields.Float("Customer's Share", required=True)
    payer = fields.Selection(
        [payer for payer in PAYERS if payer[0] != "customer"],
        "The Rest Is Paid By",
        default="goodwill",
        required=True,
    )
    amount_customer = fields.Monetary("Customer Pays", compute="_compute_amount_customer")
    reason = fields.Char(required=True)

    _share_range = models.Constraint(
        "CHECK (customer_share >= 0 AND customer_share <= 1)", "A share lies between 0 and 100 %."
    )

    @api.depends("customer_share", "charge_id")
    def _compute_amount_customer(self):
        for wizard in self:
            wizard.amount_customer = wizard.currency_id.round(wizard.amount * wizard.customer_share)

    def action_confirm(self):
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only an after-sales manager can change who pays."))
        self.charge_id.check_access("write")
        shares = {"customer": self.customer_share, self.payer: 1 - self.customer_share}
        self.charge_id._override_payers(shares, self.reason)
        return {"type": "ir.actions.act_window_close"}
