from odoo import models


class AfterSalesIntervention(models.Model):
    _name = "after.sales.intervention"
    _inherit = ["after.sales.intervention", "after.sales.complaint.source.mixin"]
    _complaint_field = "intervention_id"

    def _get_complaint_defaults(self):
        return {
            **super()._get_complaint_defaults(),
            "partner_id": self.partner_id.id,
            "ticket_id": self.ticket_id.id,
            "unit_id": self.unit_id.id,
            "contract_id": self.contract_id.id,
        }
