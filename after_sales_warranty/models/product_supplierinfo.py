from odoo import fields, models


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    warranty_months = fields.Integer(
        "Warranty (Months)", help="Warranty this supplier gives us from the receipt."
    )
