from datetime import date

from odoo.tests import HttpCase, tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install", "browser")
class TestCallTour(HelpdeskCommon, HttpCase):
    def test_an_agent_takes_a_call(self):
        """In Chromium: number and serial find everything, coverage is checked, work authorised, a visit opened."""
        customer = self.env["res.partner"].create({"name": "Tour Customer", "phone": "+39 02 5550 4711"})
        self._create_term(part_share=100, labour_share=0, travel_share=0)
        unit = self._create_unit(partner_id=customer.id, serial="TOUR-0001", delivery_date=date.today())
        self.env["resource.resource"].create(
            {
                "name": "Tour Technician",
                "resource_type": "user",
                "is_technician": True,
                "company_id": self.company.id,
            }
        )
        self.start_tour(
            "/odoo/action-after_sales_helpdesk.after_sales_ticket_action/new",
            "after_sales_call",
            login=self.agent.login,
        )
        ticket = self.env["after.sales.ticket"].search([("unit_id", "=", unit.id)])
        self.assertRecordValues(
            ticket, [{"partner_id": customer.id, "state": "authorised", "user_id": ticket.user_id.id}]
        )
        self.assertEqual(ticket.intervention_ids.technician_ids.name, "Tour Technician")
