from odoo import models


class AfterSalesContract(models.Model):
    _name = "after.sales.contract"
    _inherit = ["after.sales.contract", "after.sales.complaint.source.mixin"]
    _complaint_field = "contract_id"

    def _get_complaint_defaults(self):
        return {**super()._get_complaint_defaults(), "partner_id": self.partner_id.id}
