from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    after_sales_spare_ids = fields.Many2many(
        "product.product",
        "after_sales_product_spare_rel",
        "product_tmpl_id",
        "spare_id",
        "Spare Parts",
        domain=[("type", "=", "consu")],
        help="What is replaced on this product: offered to the technician on his visit.",
    )
