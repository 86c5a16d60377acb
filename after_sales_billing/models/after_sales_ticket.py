from odoo import fields, models

from .after_sales_intervention import ACCOUNTING


class AfterSalesTicket(models.Model):
    _inherit = "after.sales.ticket"

    disputed_line_id = fields.Many2one(
        "account.move.line",
        "Questioned Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The line of our invoice that the customer questions.",
    )
    disputed_move_id = fields.Many2one(
        related="disputed_line_id.move_id",
        string="Questioned Invoice",
        store=True,
        index="btree_not_null",
    )
    invoice_count = fields.Integer(compute="_compute_invoice_count", groups=ACCOUNTING)

    def _compute_invoice_count(self):
        counts = self.env["after.sales.billing.entry"]._count_documents("ticket_id", self)
        for ticket in self:
            ticket.invoice_count = counts.get(ticket.id, 0)

    def action_view_invoices(self):
        return (
            self.env["after.sales.billing.entry"]._get_documents("ticket_id", self)._after_sales_get_action()
        )
