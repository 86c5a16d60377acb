from odoo import models


class SaleOrder(models.Model):
    """An order that sells hours of a pool adds them when it is confirmed and takes them back when it is cancelled."""

    _inherit = "sale.order"

    def _action_confirm(self):
        result = super()._action_confirm()
        self.order_line._sync_after_sales_pool()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.order_line._sync_after_sales_pool()
        return result
