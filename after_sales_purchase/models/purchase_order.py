from odoo import api, fields, models

from odoo.addons.after_sales_warranty.tools.actions import open_records

#: Until here an order is ours to change: nobody has confirmed it.
OPEN_STATES = ("draft", "sent")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    after_sales_subcontract_count = fields.Integer(
        compute="_compute_after_sales_subcontract_count", compute_sudo=True
    )
    after_sales_intervention_count = fields.Integer(
        compute="_compute_after_sales_subcontract_count", compute_sudo=True
    )

    @api.depends("order_line.after_sales_subcontract_id")
    def _compute_after_sales_subcontract_count(self):
        for order in self:
            orders = order.order_line.after_sales_subcontract_id
            order.after_sales_subcontract_count = len(orders)
            order.after_sales_intervention_count = len(orders.intervention_id)

    def action_view_after_sales_subcontracts(self):
        return open_records(self.order_line.after_sales_subcontract_id)

    def action_view_after_sales_interventions(self):
        return open_records(self.order_line.after_sales_subcontract_id.intervention_id)

    def _prepare_grouped_data(self, rfq):
        """Orders of different interventions are not merged: each pays one of them."""
        return (*super()._prepare_grouped_data(rfq), tuple(rfq.order_line.after_sales_subcontract_id.ids))

    def button_cancel(self):
        result = super().button_cancel()
        # sudo: a buyer does not work on the orders of the visits
        for order in self.sudo():
            order.order_line.after_sales_subcontract_id._tell_order_cancelled(order)
        return result
