from odoo import fields, models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    after_sales_subcontract_id = fields.Many2one(
        "after.sales.subcontract",
        "Subcontract Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        help="The intervention that this line pays a subcontractor for.",
    )

    _after_sales_subcontract_once = models.UniqueIndex(
        "(after_sales_subcontract_id) WHERE after_sales_subcontract_id IS NOT NULL",
        "This subcontract order has a purchase order already.",
    )

    def _get_after_sales_subcontract(self):
        """The work that this line belongs to: his own, or another service that the buyer added to the same order."""
        own = self.after_sales_subcontract_id
        if own or self.product_id.type != "service":
            return own
        others = self.order_id.order_line.after_sales_subcontract_id
        return others if len(others) == 1 else own

    def _filter_after_sales_unbilled(self, bill):
        """The confirmed ones that no other bill, be it a draft, stands for yet."""
        return self.filtered(
            lambda line: (
                line.order_id.state == "purchase"
                and line._get_after_sales_billed(("draft", "posted"), apart_from=bill) <= 0
            )
        )

    def _get_after_sales_billed(self, states, apart_from=()):
        """How much of it the bills in these states stand for, less refunds."""
        return sum(
            (-1 if bill_line.move_id.move_type == "in_refund" else 1)
            * bill_line.product_uom_id._compute_quantity(bill_line.quantity, self.product_uom_id)
            for bill_line in self.invoice_lines
            if bill_line.parent_state in states and bill_line.move_id not in apart_from
        )

    def _prepare_qty_invoiced(self):
        """A subcontractor bills hours and kilometres of what was ordered as one piece of work: it is billed once."""
        quantities = super()._prepare_qty_invoiced()
        for line in self.filtered("after_sales_subcontract_id"):
            quantities[line] = min(quantities[line], line.product_qty)
        return quantities

    def _get_after_sales_amount_to_bill(self):
        """What posted bills leave open of confirmed services, in the company's currency."""
        amount = 0.0
        for line in self.filtered(lambda line: line.order_id.state == "purchase"):
            open_quantity = max(line.product_qty - line._get_after_sales_billed(("posted",)), 0.0)
            amount += line.currency_id._convert(
                open_quantity * line.price_unit_discounted,
                line.company_id.currency_id,
                line.company_id,
                fields.Date.context_today(line),
            )
        return amount
