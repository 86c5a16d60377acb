from odoo import fields, models


class AfterSalesContractSource(models.Model):
    """A line of an order, a delivery or an invoice that made a contract, or was added to one. Each line does so once."""

    _name = "after.sales.contract.source"
    _description = "Source of a Service Contract"
    _order = "contract_id, id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "after.sales.contract", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    product_id = fields.Many2one("product.product", required=True, index=True)
    quantity = fields.Float(digits="Product Unit")
    date_from = fields.Date(
        "Covered from", help="First day of the goods of an addition. Empty: with the contract."
    )
    is_addition = fields.Boolean(help="Added to a contract that was in force; it did not make it.")
    sale_line_id = fields.Many2one("sale.order.line", "Order Line", ondelete="set null")
    move_id = fields.Many2one("stock.move", "Delivery Line", ondelete="set null")
    invoice_line_id = fields.Many2one("account.move.line", ondelete="set null")

    _sale_line_uniq = models.UniqueIndex(
        "(sale_line_id) WHERE sale_line_id IS NOT NULL", "This order line has its contract already."
    )
    _move_uniq = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL", "This delivery line has its contract already."
    )
    _invoice_line_uniq = models.UniqueIndex(
        "(invoice_line_id) WHERE invoice_line_id IS NOT NULL", "This invoice line has its contract already."
    )

    def _brought(self, unit):
        """Whether a unit is one of the goods of the line."""
        self.ensure_one()
        lines = self.sale_line_id | self.move_id.sale_line_id | self.invoice_line_id.sale_line_ids
        return unit.move_id in self.move_id or (bool(unit.sale_line_id) and unit.sale_line_id in lines)

    def _get_units(self):
        """Installed units that these lines brought to the customer."""
        lines = self.sale_line_id | self.move_id.sale_line_id | self.invoice_line_id.sale_line_ids
        # sudo: whoever sells or ships need not see installed units
        units_sudo = self.env["after.sales.unit"].sudo()
        return units_sudo.search(
            ["|", ("move_id", "in", self.move_id.ids), ("sale_line_id", "in", lines.ids)]
        )
