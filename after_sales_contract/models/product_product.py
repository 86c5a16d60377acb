from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _makes_after_sales_contract(self):
        """Whether selling it makes a contract or a proposal by itself."""
        self.ensure_one()
        return self.after_sales_contract_policy in ("proposal", "contract") and bool(
            self.after_sales_contract_template_id
        )
