from lxml import etree
from psycopg2 import IntegrityError

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.after_sales_warranty.tests.header_common import HeaderMixin

from .common_field import FieldCommon


@tagged("post_install", "-at_install")
class TestSubcontract(HeaderMixin, FieldCommon, HttpCase):
    """A partner does a visit: he sees, answers and reports his own orders only, and his cost enters the charges."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {"name": "Repairs Ltd", "is_company": True, "email": "repairs@example.com", "tz": "Europe/Rome"}
        )
        worker = cls.env["res.partner"].create({"name": "Willi", "parent_id": cls.partner.id})
        cls.worker = new_test_user(cls.env, "sub_worker", groups="base.group_portal", partner_id=worker.id)
        cls.stranger = new_test_user(cls.env, "sub_stranger", groups="base.group_portal")
        cls.visit = cls._create_visit(cls.agent, technician_ids=[], work_done=False)
        cls.order = cls._create_order()

    @classmethod
    def _create_order(cls, **values):
        return (
            cls.env["after.sales.subcontract"]
            .with_user(cls.agent)
            .create(
                {
                    "intervention_id": cls.visit.id,
                    "partner_id": cls.partner.id,
                    "price": 180.0,
                    "instructions": "Ring at the back door",
                    **values,
                }
            )
        )

    def _post(self, answer, token=None, **data):
        url = f"/my/subcontracts/{self.order.id}/{answer}" + (f"?access_token={token}" if token else "")
        response = self.url_open(url, data={"csrf_token": http.Request.csrf_token(self), **data})
        self.env.invalidate_all()
        return response

    REPORT = {
        "date_start": "2026-03-11T18:00",
        "date_end": "2026-03-11T20:30",
        "work_done": "Board replaced",
        "parts_used": "1 board",
        "outcome": "solved",
        "signed_by": "Carla",
    }

    def _report(self, **values):
        order = self.order.sudo()
        order._report(
            {
                "date_start": "2026-03-11 17:00:00",
                "date_end": "2026-03-11 19:30:00",
                "work_done": "Board replaced",
                "outcome": "solved",
                **values,
            },
            [],
        )

    def test_the_next_visit_is_offered_before_the_report(self):
        """On a telephone only the first button shows: what comes next, not what may wait."""
        arch = self.visit.with_user(self.agent).get_view(view_type="form")["arch"]
        names = [button.get("name") for button in etree.fromstring(arch).findall("./header/button")]
        self.assertLess(names.index("action_follow_up"), names.index("action_send_report"))

    def test_ordered_reported_approved_charged(self):
        self.order.action_send()
        technician = self.visit.technician_ids
        self.assertRecordValues(
            technician,
            [{"name": "Repairs Ltd", "after_sales_partner_id": self.partner.id, "is_technician": True}],
        )
        self._report()
        self.assertEqual((self.order.state, self.order.hours), ("reported", 2.5))
        self.assertTrue(self.order.activity_ids)
        with self._quietly_refused(AccessError):
            self.order.with_user(self.technician_user).action_approve()
        self.order.cost = 200.0
        self.order.action_approve()
        self.assertRecordValues(
            self.visit, [{"state": "in_progress", "work_done": "Board replaced", "outcome": "solved"}]
        )
        charges = self._finish(self.visit)
        charge = charges.filtered(lambda c: c.kind == "subcontract")
        self.assertRecordValues(
            charge, [{"cost": 200.0, "price_unit": 200.0, "technician_id": technician.id}]
        )

    def test_answers_are_to_do_until_the_office_acts(self):
        """One thing to do at a time: the last answer, until the report is approved, sent back, or the order called off."""
        note = self.order.activity_schedule("mail.mail_activity_data_call", note="By hand")
        self.order.action_send()
        self.order.sudo()._accept()
        self._report()
        self.assertIn("reported the work", (self.order.activity_ids - note).note)
        self.order.action_send_back()
        self.assertEqual(self.order.activity_ids, note)
        self._report()
        self.order.action_approve()
        self.assertEqual(self.order.activity_ids, note)
        self.assertEqual(self.order.state, "approved")

    def test_called_off_order_is_nothing_to_do(self):
        self.order.action_send()
        self.order.sudo()._accept()
        self.order.action_cancel()
        self.assertFalse(self.order.activity_ids)

    def test_one_live_order_and_no_way_back(self):
        with mute_logger("odoo.sql_db"), self._quietly_refused(IntegrityError):
            self._create_order()
        self.order.action_send()
        with self._quietly_refused(UserError, "possible in: New"):
            self.order.action_send()
        with self._quietly_refused(UserError, "not deleted"):
            self.order.unlink()
        self.order.action_cancel()
        again = self._create_order()
        again.action_send()
        self.assertEqual(len(self.visit.technician_ids), 1)

    def test_bad_reports(self):
        self.order.action_send()
        for values, text in (
            ({"work_done": ""}, "Work"),
            ({"outcome": False}, "Outcome"),
            ({"date_end": "2026-03-11 16:00:00"}, "before it began"),
            ({"date_end": "2026-03-12 10:00:00"}, "future"),
            ({"date_start": "2026-03-10 10:00:00"}, "24 hours"),
            ({"outcome": "second_visit"}, "cause"),
        ):
            with self.subTest(values=values), self._quietly_refused(Exception, text):
                self._report(**values)
        self.assertEqual(self.order.state, "sent")

    def test_pages_of_the_subcontractor(self):
        self.order.action_send()
        self.env.flush_all()
        self.authenticate("sub_worker", "sub_worker")
        self.assertIn(self.order.name, self.url_open("/my/subcontracts").text)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["after_sales_subcontract_count"]})
        self.assertEqual(counters["after_sales_subcontract_count"], 1)
        page = self.url_open(f"/my/subcontracts/{self.order.id}").text
        for text in ("Ring at the back door", 'name="work_done"', 'name="parts_used"', 'name="files"'):
            self.assertIn(text, page)
        self._post("accept")
        self.assertEqual(self.order.state, "accepted")
        response = self._post("report", **{**self.REPORT, "work_done": " "})
        self.assertEqual(response.status_code, 400)
        self.assertIn("1 board", response.text, "what was typed is still there")
        self.assertEqual(self.order.state, "accepted")
        self._post("report", **self.REPORT)
        self.assertRecordValues(
            self.order, [{"state": "reported", "signed_by": "Carla", "parts_used": "1 board"}]
        )
        self.assertEqual(str(self.order.date_start), "2026-03-11 17:00:00", "typed in Rome")

    def test_by_the_link_of_the_mail(self):
        self.order.action_send()
        token = self.order.sudo()._portal_ensure_token()
        self.env.flush_all()
        self.authenticate(None, None)
        self.assertNotIn("back door", self.url_open(f"/my/subcontracts/{self.order.id}").text)
        self._post("decline", token="wrong", reason="No time")
        self.assertEqual(self.order.state, "sent")
        self._post("decline", token=token, reason="")
        self.assertEqual(self.order.state, "sent")
        self._post("decline", token=token, reason="No time")
        self.assertRecordValues(self.order, [{"state": "declined", "decline_reason": "No time"}])

    def test_page_by_its_link(self):
        """It stands under the company that orders, and tells what the customer asked for, each thing once."""
        words = "<p>It hums <script>alert(1)</script><b>loudly</b></p>"
        call = self._create_ticket(subject="Oven stays cold", description=words)
        self.visit.write({"ticket_id": call.id, "description": "Bring a ladder\nand a lamp"})
        self.order.action_send()
        url = self.order.sudo().get_portal_url()
        self.assertEqual(self._get_header(url), self.company.name)
        page = self.url_open(url).text
        for text in ("Oven stays cold", "<b>loudly</b>", "Bring a ladder<br>"):
            self.assertIn(text, page)
        self.assertNotIn("alert(1)", page)
        self.assertLess(page.index("Oven stays cold"), page.index("Ring at the back door"))
        self.visit.description = self.order.instructions
        self.env.flush_all()
        self.assertEqual(self.url_open(url).text.count("Ring at the back door"), 1)

    def test_stranger(self):
        self.order.action_send()
        self.env.flush_all()
        self.authenticate("sub_stranger", "sub_stranger")
        self.assertNotIn(self.order.name, self.url_open("/my/subcontracts").text)
        for url in (f"/my/subcontracts/{self.order.id}", "/my/subcontracts/999999999"):
            self.assertNotIn("back door", self.url_open(url).text)
        self._post("accept")
        self.assertEqual(self.order.state, "sent")

    def test_unsent_order_is_not_shown(self):
        self.authenticate("sub_worker", "sub_worker")
        self.assertNotIn("back door", self.url_open(f"/my/subcontracts/{self.order.id}").text)
