from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """The order that quotes a call is an agreement on price: the intervention delivers and its charges are invoiced."""

    _inherit = "sale.order.line"

    is_after_sales_fee = fields.Boolean("Note of the Inspection Fee", readonly=True)

    def _is_after_sales_quotation(self):
        return bool(self.order_id.after_sales_ticket_id)

    @api.depends("order_id.after_sales_ticket_id")
    def _compute_qty_to_invoice(self):
        quoting = self.filtered(lambda line: line._is_after_sales_quotation())
        quoting.qty_to_invoice = 0.0
        return super(SaleOrderLine, self - quoting)._compute_qty_to_invoice()

    @api.depends("order_id.after_sales_ticket_id")
    def _compute_untaxed_amount_to_invoice(self):
        quoting = self.filtered(lambda line: line._is_after_sales_quotation())
        quoting.untaxed_amount_to_invoice = 0.0
        return super(SaleOrderLine, self - quoting)._compute_untaxed_amount_to_invoice()

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        others = self.filtered(lambda line: not line._is_after_sales_quotation())
        return super(SaleOrderLine, others)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
