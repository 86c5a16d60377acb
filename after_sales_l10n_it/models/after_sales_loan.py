from odoo import models


class AfterSalesLoan(models.Model):
    _name = "after.sales.loan"
    _inherit = ["after.sales.loan", "after.sales.ddt.mixin"]

    def _get_ddt_pickings(self):
        # sudo: who lends goods need no right on stock
        return super()._get_ddt_pickings() | self.sudo().move_ids.picking_id
