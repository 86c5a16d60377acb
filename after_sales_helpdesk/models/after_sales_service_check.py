from odoo import models


class AfterSalesServiceCheck(models.Model):
    _inherit = "after.sales.service.check"

    def _prepare_intervention_check_vals(self):
        self.ensure_one()
        return {
            "check_id": self.id,
            "name": self.name,
            "sequence": self.sequence,
            "kind": self.kind,
            "is_required": self.is_required,
        }
