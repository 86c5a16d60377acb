from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "after.sales.complaint.source.mixin"]
    _complaint_field = "invoice_id"

    def _get_complaint_defaults(self):
        orders = self.invoice_line_ids.sale_line_ids.order_id
        return {
            **super()._get_complaint_defaults(),
            "partner_id": self.partner_id.id,
            "sale_order_id": orders.id if len(orders) == 1 else False,
        }
