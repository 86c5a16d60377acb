from odoo.tests import HttpCase, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install", "browser")
class TestComplaintTour(ComplaintCommon, HttpCase):
    def test_an_agent_takes_a_complaint_to_its_decision(self):
        """In Chromium: received, acknowledged, assessed, decided within what an agent may grant."""
        self.start_tour(
            "/odoo/action-after_sales_complaint.after_sales_complaint_action/new",
            "after_sales_complaint",
            login=self.agent.login,
        )
        complaint = self.env["after.sales.complaint"].search([("subject", "=", "Two days late")])
        self.assertRecordValues(complaint, [{"state": "decided", "cause_id": self.cause.id}])
