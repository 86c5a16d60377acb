from odoo import api, fields, models


class AfterSalesIntervention(models.Model):
    _inherit = "after.sales.intervention"

    purchase_order_count = fields.Integer(
        compute="_compute_purchase_order_count", compute_sudo=True, groups="purchase.group_purchase_user"
    )

    @api.depends("subcontract_ids.purchase_line_ids.order_id")
    def _compute_purchase_order_count(self):
        for visit in self:
            visit.purchase_order_count = len(visit.subcontract_ids.purchase_line_ids.order_id)

    def action_view_purchase_orders(self):
        self.ensure_one()
        return self.subcontract_ids.action_view_purchase_orders()
