from odoo import fields, models


class AfterSalesContractChangePricesRow(models.TransientModel):
    _name = "after.sales.contract.change.prices.row"
    _description = "Changed Price of a Service Contract"

    wizard_id = fields.Many2one("after.sales.contract.change.prices", required=True, ondelete="cascade")
    line_id = fields.Many2one(
        "after.sales.contract.line", "Price", required=True, ondelete="cascade", readonly=True
    )
    price_basis = fields.Selection(related="line_id.price_basis")
    price_before = fields.Float("Price Today", related="line_id.price_unit")
    price_unit = fields.Float("New Price", digits="Product Price")
