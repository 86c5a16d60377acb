from odoo import fields, models

from .after_sales_adjustment import METHODS


class AfterSalesAdjustmentLine(models.Model):
    """The rule of one product (CT-13). Products without a rule keep their price."""

    _name = "after.sales.adjustment.line"
    _description = "Price Adjustment of a Product"
    _order = "adjustment_id, sequence, id"

    adjustment_id = fields.Many2one("after.sales.adjustment", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="adjustment_id.company_id", store=True, index="btree_not_null")
    currency_id = fields.Many2one(related="adjustment_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product", required=True, domain=[("type", "=", "service")], ondelete="cascade", index=True
    )
    method = fields.Selection(METHODS, default="percent", required=True)
    percent = fields.Float(digits=(16, 4))
    amount = fields.Monetary(
        help="Added to the unit price, or the new unit price, in the currency of the company."
    )

    _product_uniq = models.UniqueIndex(
        "(adjustment_id, product_id)", "A product has one rule in an adjustment."
    )
    _percent_range = models.Constraint("CHECK (percent >= -100)", "Prices cannot fall by more than 100 %.")
    _price_positive = models.Constraint(
        "CHECK (method <> 'price' OR amount >= 0)", "A new price cannot be negative."
    )
