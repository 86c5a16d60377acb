from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """A line that sells a contract is billed by the contract's instalments, so the order has nothing to invoice."""

    _inherit = "sale.order.line"

    is_after_sales_contract = fields.Boolean(
        "Billed by Contract",
        compute="_compute_is_after_sales_contract",
        store=True,
        precompute=True,
        help="The instalments of the service contract bill this line, not the order.",
    )
    after_sales_contract_line_ids = fields.One2many(
        "after.sales.contract.line",
        "sale_line_id",
        "Contract Prices",
        groups="after_sales_warranty.group_after_sales_technician",
    )

    @api.depends("product_id")
    def _compute_is_after_sales_contract(self):
        """Settled when the product is chosen: changing the product later does not change orders."""
        for line in self:
            product = line.product_id
            line.is_after_sales_contract = product.after_sales_contract_policy in (
                "proposal",
                "contract",
            ) and bool(product.after_sales_contract_template_id)

    @api.depends("is_after_sales_contract")
    def _compute_qty_to_invoice(self):
        sold = self.filtered("is_after_sales_contract")
        sold.qty_to_invoice = 0.0
        return super(SaleOrderLine, self - sold)._compute_qty_to_invoice()

    @api.depends("is_after_sales_contract")
    def _compute_untaxed_amount_to_invoice(self):
        sold = self.filtered("is_after_sales_contract")
        sold.untaxed_amount_to_invoice = 0.0
        return super(SaleOrderLine, self - sold)._compute_untaxed_amount_to_invoice()

    @api.depends("is_after_sales_contract")
    def _compute_amount_to_invoice(self):
        sold = self.filtered("is_after_sales_contract")
        sold.amount_to_invoice = 0.0
        return super(SaleOrderLine, self - sold)._compute_amount_to_invoice()
