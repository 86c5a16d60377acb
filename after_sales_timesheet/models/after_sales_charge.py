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
        # sudo: whether it bears a cost, not who entered what; an employee without an hourly cost has it at nothing
        session_sudo = self.env[self.source_model].browse(self.source_id).sudo()
        return any(sheet.amount for sheet in session_sudo.timesheet_ids)
