from odoo import fields, models


class AfterSalesContractMakeLine(models.TransientModel):
    _name = "after.sales.contract.make.line"
    _description = "Line of a Document to Make a Service Contract of"

    wizard_id = fields.Many2one("after.sales.contract.make", required=True, index=True, ondelete="cascade")
    is_chosen = fields.Boolean("Take")
    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    is_price = fields.Boolean("Price", readonly=True, help="A service becomes a price; goods are covered.")
    is_prepaid = fields.Boolean(
        "Billed Already", readonly=True, help="It makes no instalments: its document bills it."
    )
    sale_line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    move_id = fields.Many2one("stock.move", "Delivery Line", readonly=True)
    invoice_line_id = fields.Many2one("account.move.line", readonly=True)

    def _get_source(self):
        """Which line of the document it is, as the document names it."""
        self.ensure_one()
        return tuple(
            (name, self[name].id) for name in ("move_id", "invoice_line_id", "sale_line_id") if self[name]
        )
