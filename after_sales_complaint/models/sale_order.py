from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "after.sales.complaint.source.mixin"]
    _complaint_field = "sale_order_id"

    def _get_complaint_defaults(self):
        return {**super()._get_complaint_defaults(), "partner_id": self.partner_id.id}
