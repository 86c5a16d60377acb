from odoo import fields, models

from .after_sales_intervention import ACCOUNTING


class AfterSalesTicket(models.Model):
    _inherit = "after.sales.ticket"

    invoice_count = fields.Integer(compute="_compute_invoice_count", groups=ACCOUNTING)

    def _compute_invoice_count(self):
        counts = self.env["after.sales.billing.entry"]._count_documents("ticket_id", self)
        for ticket in self:
            ticket.invoice_count = counts.get(ticket.id, 0)

    def action_view_invoices(self):
        return (
            self.env["after.sales.billing.entry"]._get_documents("ticket_id", self)._after_sales_get_action()
        )
