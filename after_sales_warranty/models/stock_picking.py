from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    after_sales_unit_count = fields.Integer(
        compute="_compute_after_sales_unit_count", groups="after_sales_warranty.group_after_sales_technician"
    )

    def _compute_after_sales_unit_count(self):
        counts = dict(
            self.env["after.sales.unit"]._read_group(
                [("picking_id", "in", self.ids)], ["picking_id"], ["__count"]
            )
        )
        for picking in self:
            picking.after_sales_unit_count = counts.get(picking, 0)

    def action_view_after_sales_units(self):
        self.ensure_one()
        return self.env["after.sales.unit"]._get_list_action([("picking_id", "=", self.id)])
