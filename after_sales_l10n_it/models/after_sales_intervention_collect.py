from odoo import models


class AfterSalesInterventionCollect(models.Model):
    _inherit = "after.sales.intervention.collect"

    def _collect(self):
        """What the technician takes along travels with a document from now on."""
        result = super()._collect()
        # sudo: technicians have no right on stock
        self.sudo().picking_id._number_pickups()
        return result
