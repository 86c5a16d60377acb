from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def action_open_after_sales_call(self):
        """Open a call about what was delivered; of several units the operator chooses."""
        self.ensure_one()
        units = self.env["after.sales.unit"].search([("picking_id", "=", self.id)], limit=2)
        return self.env["after.sales.ticket"]._get_new_call_action(self.partner_id, units)
