from odoo import models


class AfterSalesIntervention(models.Model):
    """Timesheets come and go with the charges of a visit."""

    _inherit = "after.sales.intervention"

    def _make_visit_charges(self):
        self.session_ids._post_timesheets()
        return super()._make_visit_charges()

    def _cancel_visit_charges(self):
        # sudo: who may reopen a visit takes its timesheets with it; they are entered anew when it is done again
        self.session_ids.sudo().timesheet_ids.unlink()
        return super()._cancel_visit_charges()
