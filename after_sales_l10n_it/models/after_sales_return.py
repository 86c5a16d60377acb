from odoo import models


class AfterSalesReturn(models.Model):
    _name = "after.sales.return"
    _inherit = ["after.sales.return", "after.sales.ddt.mixin"]

    def _get_ddt_pickings(self):
        return super()._get_ddt_pickings() | self._get_pickings()
