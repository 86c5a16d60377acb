from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..models.after_sales_ticket_coverage import PAYERS


class AfterSalesTicketCoverageOverride(models.TransientModel):
    _name = "after.sales.ticket.coverage.override"
    _description = "Override the Coverage of a Call"

    coverage_id = fields.Many2one("after.sales.ticket.coverage", required=True, ondelete="cascade")
    decided_reason = fields.Text(related="coverage_id.decided_reason", string="Decided So Far")
    payer = fields.Selection(PAYERS, string="Who Pays", required=True)
    customer_percent = fields.Float(
        string="Customer's Part (%)",
        compute="_compute_customer_percent",
        store=True,
        readonly=False,
        help="What the customer pays of it all the same.",
    )
    reason = fields.Text(required=True)

    @api.depends("payer")
    def _compute_customer_percent(self):
        for wizard in self:
            wizard.customer_percent = 100.0 if wizard.payer == "customer" else 0.0

    @api.constrains("customer_percent")
    def _check_customer_percent(self):
        if any(not 0 <= wizard.customer_percent <= 100 for wizard in self):
            raise ValidationError(self.env._("A share lies between 0 and 100 %."))

    def action_apply(self):
        for wizard in self:
            wizard.coverage_id._override(wizard.payer, wizard.customer_percent / 100, wizard.reason)
        return {"type": "ir.actions.act_window_close"}
