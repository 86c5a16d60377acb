from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def action_new_complaint(self):
        """A complaint about this line of the order."""
        self.ensure_one()
        action = self.order_id.action_new_complaint()
        action["context"] = {
            **action["context"],
            "default_sale_line_id": self.id,
            "default_product_id": self.product_id.id,
        }
        return action
