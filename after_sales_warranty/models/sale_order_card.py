from odoo import models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "after.sales.card.source"]

    def _get_after_sales_unit_domain(self):
        return Domain("sale_order_id", "in", self.ids)
