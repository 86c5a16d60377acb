from odoo import models


class AfterSalesUnit(models.Model):
    _name = "after.sales.unit"
    _inherit = ["after.sales.unit", "after.sales.complaint.source.mixin"]
    _complaint_field = "unit_id"

    def _get_complaint_defaults(self):
        return {
            **super()._get_complaint_defaults(),
            "partner_id": self.partner_id.id,
            "product_id": self.product_id.id,
            "sale_order_id": self.sale_order_id.id,
        }
