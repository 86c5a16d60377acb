from odoo import fields, models


class RepairOrder(models.Model):
    _inherit = "repair.order"

    after_sales_return_line_id = fields.Many2one(
        "after.sales.return.line", "Returned Goods", readonly=True, copy=False, index="btree_not_null"
    )

    def action_repair_done(self):
        result = super().action_repair_done()
        lines_sudo = self.sudo().after_sales_return_line_id  # whoever repairs need not write returns
        lines_sudo._after_repair_done()
        return result

    def action_view_after_sales_return(self):
        self.ensure_one()
        return self.after_sales_return_line_id.return_id.get_formview_action()
