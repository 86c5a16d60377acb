from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _get_after_sales_cover_end(self):
        """Last day covered of the unit that this line handed over, for the delivery note; or False."""
        self.ensure_one()
        if self.state != "done" or not self.lot_id:
            return False
        # The note goes to the owner of the unit; who prints it need not read units.
        unit_sudo = self.env["after.sales.unit"].sudo()
        domain = [("move_id", "=", self.move_id.id), ("lot_id", "=", self.lot_id.id)]
        return unit_sudo.search(domain, limit=1).warranty_end
