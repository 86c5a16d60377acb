from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_view_after_sales_units(self):
        self.ensure_one()
        return self.env["after.sales.unit"]._get_list_action([("product_id", "=", self.id)])
