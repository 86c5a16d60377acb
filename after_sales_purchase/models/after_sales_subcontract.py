from odoo import api, fields, models


class AfterSalesSubcontract(models.Model):
    """Where the purchase order of a subcontracted visit is found, and what it says about the cost."""

    _inherit = "after.sales.subcontract"

    purchase_line_ids = fields.One2many(
        "purchase.order.line",
        "after_sales_subcontract_id",
        "Purchase Order Lines",
        readonly=True,
        groups="purchase.group_purchase_user",
    )
    purchase_order_id = fields.Many2one(
        "purchase.order", compute="_compute_purchase_order_id", compute_sudo=True
    )

    @api.depends("purchase_line_ids.order_id")
    def _compute_purchase_order_id(self):
        for order in self:
            order.purchase_order_id = order.purchase_line_ids.order_id

    def action_view_purchase_orders(self):
        """For buyers: their orders, whatever Odoo's own rules let them see."""
        orders = self.purchase_order_id
        action = self.env["ir.actions.act_window"]._for_xml_id("purchase.purchase_rfq")
        action.update({"domain": [("id", "in", orders.ids)], "context": {"create": False}})
        if len(orders) == 1:
            action.update({"views": [(False, "form")], "view_mode": "form", "res_id": orders.id})
        return action

    def _get_amount_to_bill(self):
        lines = self.purchase_line_ids.order_id.order_line
        own = lines.filtered(lambda line: line._get_after_sales_subcontract() == self)
        return super()._get_amount_to_bill() + own._get_after_sales_amount_to_bill()

    def _prepare_bill_line_vals(self, bill):
        """As Odoo bills the purchase order of the work: product, price and taxes of its line."""
        line = self.purchase_line_ids
        if not line:
            return super()._prepare_bill_line_vals(bill)
        vals = line._prepare_account_move_line(bill)
        # how many and which line follow from the bill's own line
        return {name: value for name, value in vals.items() if name not in ("quantity", "purchase_line_id")}
