from odoo import fields, models

from .after_sales_intervention import ACCOUNTING, RECOVERY


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
    supplier_claim_count = fields.Integer(compute="_compute_supplier_claim_count", groups=RECOVERY)

    def _compute_invoice_count(self):
        counts = self.env["after.sales.billing.entry"]._count_documents("ticket_id", self)
        for ticket in self:
            ticket.invoice_count = counts.get(ticket.id, 0)

    def action_view_invoices(self):
        return (
            self.env["after.sales.billing.entry"]._get_documents("ticket_id", self)._after_sales_get_action()
        )

    def _compute_supplier_claim_count(self):
        counts = dict(
            self.env["after.sales.supplier.claim.line"]._read_group(
                [("charge_id.ticket_id", "in", self.ids)],
                ["charge_id.ticket_id"],
                ["claim_id:count_distinct"],
            )
        )
        for ticket in self:
            ticket.supplier_claim_count = counts.get(ticket, 0)

    def action_view_supplier_claims(self):
        lines = self.env["after.sales.supplier.claim.line"].search([("charge_id.ticket_id", "in", self.ids)])
        return lines.claim_id._get_action()
