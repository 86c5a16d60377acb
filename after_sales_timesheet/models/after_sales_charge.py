from odoo import models


class AfterSalesCharge(models.Model):
    _inherit = "after.sales.charge"

    def _has_cost_document(self):
        """The hours of a session whose timesheet bears the cost are not posted a second time."""
        return super()._has_cost_document() or self._is_on_timesheet()

    def _is_on_timesheet(self):
        self.ensure_one()
        if self.source_model != "after.sales.session" or self.kind == "travel_km":
            return False
        # sudo: whether, not what, was entered
        return bool(self.env[self.source_model].browse(self.source_id).sudo().timesheet_ids)
