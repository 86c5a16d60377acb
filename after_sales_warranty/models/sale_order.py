from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    after_sales_unit_ids = fields.One2many(
        "after.sales.unit",
        "sale_order_id",
        "Installed Units",
        groups="after_sales_warranty.group_after_sales_technician",
    )
    after_sales_unit_count = fields.Integer(
        compute="_compute_after_sales_unit_count",
        groups="after_sales_warranty.group_after_sales_technician",
    )

    def _compute_after_sales_unit_count(self):
        counts = dict(
            self.env["after.sales.unit"]._read_group(
                [("sale_order_id", "in", self.ids)], ["sale_order_id"], ["__count"]
            )
        )
        for order in self:
            order.after_sales_unit_count = counts.get(order, 0)

    def action_view_after_sales_units(self):
        self.ensure_one()
        return self.env["after.sales.unit"]._get_list_action([("sale_order_id", "=", self.id)])
