from odoo.tests import HttpCase, tagged

from .common import AGENT, AfterSalesCommon


@tagged("post_install", "-at_install", "browser")
class TestUnitTour(AfterSalesCommon, HttpCase):
    def test_an_agent_enters_a_unit_and_a_claim(self):
        """In Chromium: a unit by hand gets its warranty, and a claim that knows the unit."""
        self._create_term()
        agent = self._create_user("tour_agent", AGENT)
        self.start_tour(
            "/odoo/action-after_sales_warranty.after_sales_unit_action/new",
            "after_sales_unit",
            login=agent.login,
        )
        unit = self.env["after.sales.unit"].search([("serial", "=", "TOUR-0002")])
        self.assertRecordValues(
            unit, [{"partner_id": self.consumer.id, "warranty_state": "in_warranty", "claim_count": 1}]
        )
