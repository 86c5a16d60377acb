from odoo import models


class AfterSalesIntervention(models.Model):
    _name = "after.sales.intervention"
    _inherit = ["after.sales.intervention", "after.sales.ddt.mixin"]

    def _get_ddt_pickings(self):
        # sudo: technicians have no right on stock
        return super()._get_ddt_pickings() | self.sudo().collect_ids.picking_id
