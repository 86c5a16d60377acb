from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "after.sales.complaint.source.mixin"]
    _complaint_field = "picking_id"

    def _get_complaint_defaults(self):
        return {
            **super()._get_complaint_defaults(),
            "partner_id": self.partner_id.id,
            "sale_order_id": self.sale_id.id,
        }
