from datetime import date, timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import HelpdeskCommon

FITS = """
const page = document.documentElement;
if (page.scrollWidth > page.clientWidth) {
    console.error(`${location.pathname}: ${page.scrollWidth} px wide on ${page.clientWidth}`);
} else {
    console.log("test successful");
}
"""


@tagged("post_install", "-at_install", "browser")
class TestDeskTour(HelpdeskCommon, HttpCase):
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

    def test_a_planner_asks_who_can_go(self):
        """In Chromium: he changes the time in the dialog, searches again and plans from the row."""
        technician = self.env["resource.resource"].create(
            {
                "name": "Tour Technician",
                "resource_type": "user",
                "is_technician": True,
                "company_id": self.company.id,
            }
        )
        call = self._create_ticket(self.agent, service_id=self.service.id)
        call.action_check_coverage()
        call.authorise_reason = "Agreed on the phone"
        call.action_authorise()
        self.start_tour(
            f"/odoo/action-after_sales_helpdesk.after_sales_ticket_action/{call.id}",
            "after_sales_suggest",
            login=self.agent.login,
        )
        self.assertEqual(call.intervention_ids.technician_ids, technician)

    def test_a_planner_drags_it_to_a_technician(self):
        """In Chromium: what waits is dragged onto the row of who goes, which plans a visit and moves the call on."""
        technician = self.env["resource.resource"].create(
            {
                "name": "Tour Technician",
                "resource_type": "user",
                "is_technician": True,
                "company_id": self.company.id,
                "calendar_id": False,
            }
        )
        call, late = (self._create_authorised(name) for name in ("Tour Customer", "Late Customer"))
        self.start_tour("/odoo/after-sales-timeline", "after_sales_plan", login=self.agent.login)
        self.assertEqual(late.state, "planned")
        self.assertLess(late.intervention_ids.date_start, fields.Datetime.now())
        self.assertEqual(call.state, "planned")
        visit = call.intervention_ids
        self.assertRecordValues(visit, [{"technician_ids": technician.ids, "state": "planned"}])
        self.assertGreater(visit.date_end, visit.date_start)

    def test_a_planner_drags_a_visit_on_the_calendar(self):
        """In Chromium: whoever never works cannot go at any moment, and the planner is told so at once."""
        never = self._create_calendar("Never", days=())
        technician = self.env["resource.resource"].create(
            {"name": "Never", "is_technician": True, "company_id": self.company.id, "calendar_id": never.id}
        )
        noon = fields.Datetime.now().replace(hour=12, minute=0, second=0, microsecond=0)
        visit = self.env["after.sales.intervention"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Calendar Customer"}).id,
                "technician_ids": technician.ids,
                "date_start": noon,
                "date_end": noon + timedelta(hours=2),
            }
        )
        self.agent.tz = "UTC"
        action = "after_sales_helpdesk.after_sales_intervention_action"
        self.start_tour(
            f"/odoo/action-{action}?view_type=calendar", "after_sales_calendar", login=self.agent.login
        )
        self.assertNotEqual(visit.date_start, noon)
        self.assertEqual(visit.date_end - visit.date_start, timedelta(hours=2))

    def _create_authorised(self, customer):
        call = self._create_ticket(
            self.agent,
            partner_id=self.env["res.partner"].create({"name": customer}).id,
            service_id=self.service.id,
            authorise_reason="Agreed on the phone",
        )
        call.action_check_coverage()
        call.action_authorise()
        return call


@tagged("post_install", "-at_install", "browser")
class TestVisitTour(HelpdeskCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_technician_does_a_visit_with_his_phone(self):
        """In Chromium, 390 px wide: he travels, works, scans a part, has it signed and finishes; nothing is cut off."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(["after_sales_helpdesk"], ["it_IT"])
        customer = self.env["res.partner"].create(
            {
                "name": "Tour Customer",
                "street": "Via dei Mille 1000",
                "phone": "+39 02 5550 4711",
                "lang": "it_IT",
            }
        )
        employee = self.env["hr.employee"].create(
            {"name": "Tour Technician", "user_id": self.technician_user.id, "company_id": self.company.id}
        )
        employee.resource_id.is_technician = True
        spare = self._create_product(
            "Tour Part Kaffeevollautomat", barcode="TOUR-PART", after_sales_tracked=False
        )
        self.env["stock.quant"]._update_available_quantity(spare, self.warehouse.lot_stock_id, 1)
        visit = self.env["after.sales.intervention"].create(
            {
                "partner_id": customer.id,
                "technician_ids": employee.resource_id.ids,
                "date_start": fields.Datetime.now(),
            }
        )
        visit.action_plan()
        with mute_logger("odoo.http"):  # he signs before he says what was wrong, and is told so
            self.start_tour(
                "/odoo/action-after_sales_helpdesk.after_sales_intervention_action_mine",
                "after_sales_visit",
                login=self.technician_user.login,
            )
        self.assertRecordValues(
            visit,
            [
                {
                    "state": "done",
                    "outcome": "solved",
                    "defect": "Pump seized",
                    "work_done": "Pump changed",
                    "signed_by": "Tour Customer",
                }
            ],
        )
        self.assertTrue(visit.signature)
        self.assertTrue(all(visit.session_ids.mapped("date_stop")))
        self.assertIn("work", visit.session_ids.mapped("kind"))
        self.assertEqual((visit.part_ids.product_id, visit.part_ids.is_consumed), (spare, True))


@tagged("post_install", "-at_install", "browser")
class TestPortalOnAPhone(HelpdeskCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_pages_of_the_customer_fit(self):
        """390 px wide: the list of calls, the form of a new one and a call with long words fit the screen."""
        user = new_test_user(self.env, "phone_customer", groups="base.group_portal")
        self.env.company.write({"name": "Company of a Quite Long Name Srl", "logo": False})
        ticket = self._create_ticket(
            partner_id=user.partner_id.id,
            service_id=self.service.id,
            subject="Kaffeevollautomatenreinigungsprogrammabbruch and more",
            description=f"<p>{'Fehlermeldung' * 12}</p>",
        )
        ticket.action_check_coverage()
        for url in ("/my/calls", "/my/calls/new", f"/my/calls/{ticket.id}"):
            with self.subTest(url=url):
                self.browser_js(url, FITS, ready="document.readyState === 'complete'", login=user.login)
