from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .pages_common import PDF, PagesCommon


@tagged("post_install", "-at_install")
class TestRegistrationCorrect(PagesCommon):
    """What the customer may put right himself, and what he is told of a serial that is on the alert list."""

    def _register(self, serial="NEW-1", **values):
        self._send("/my/units/register", **self._form(serial=serial, **values))
        return self.registrations.search([("serial", "=", serial)])

    def _withdraw(self, registration, page):
        token = self._token(page)
        return self.url_open(f"/my/registrations/{registration.id}/withdraw", data={"csrf_token": token})

    def test_a_day_in_the_future(self):
        self._login()
        tomorrow = fields.Date.context_today(self.customer) + timedelta(days=1)
        page = self._send("/my/units/register", **self._form(purchase_date=str(tomorrow)))
        self.assertEqual(page.status_code, 400)
        self.assertIn("This day lies in the future", page.text)
        self.assertFalse(self.registrations.search([("serial", "=", "FREE")]))

    def test_today_is_that_of_the_customer(self):
        """At noon in UTC it is the next day in Auckland already and still the same in Honolulu."""
        table = [("Pacific/Auckland", "2026-06-11", False), ("Pacific/Honolulu", "2026-06-11", True)]
        for tz, day, refused in table:
            with self.subTest(tz), freeze_time("2026-06-10 13:00:00"):
                self.customer.tz = tz
                model = self.registrations.with_user(self.customer).sudo()
                __, errors = model._parse_form(self._form(purchase_date=day))
                self.assertEqual("purchase_date" in errors, refused)

    def test_correct(self):
        self._login()
        registration = self._register(note="Where is it?")
        self.assertEqual(registration.state, "review")
        path = f"/my/registrations/{registration.id}"
        self.assertIn(path, self.url_open("/my/units").text)
        page = self.url_open(path)
        for text in ("NEW-1", "Where is it?", str(self.bought), "Save the correction"):
            self.assertIn(text, page.text)
        page = self._send(path, **self._form(serial="NEW-2", purchase_date="2999-01-01"))
        self.assertIn("lies in the future", page.text)
        self.assertEqual(registration.serial, "NEW-1")
        self._send(path, [("receipt.pdf", PDF)], **self._form(serial="NEW-2"))
        self.assertRecordValues(registration, [{"serial": "NEW-2", "state": "review"}])
        self.assertEqual(registration.attachment_ids.mapped("name"), ["receipt.pdf"])
        self.assertIn("corrected", "".join(registration.message_ids.mapped("body")))
        self.assertEqual(len(registration.activity_ids), 1)
        page = self._send(path, **self._form(serial="FREE"))
        self.assertIn("your product is registered", page.text)
        self.assertRecordValues(registration, [{"state": "confirmed", "unit_id": self.free.id}])
        self.assertFalse(registration.activity_ids)
        self.assertIn("decided already", self.url_open(path).text)

    def test_correct_to_what_is_registered(self):
        self._login()
        first, second = self._register("NEW-1"), self._register("NEW-2")
        page = self._send(f"/my/registrations/{second.id}", **self._form(serial="new-1"))
        self.assertIn("registered this product already", page.text)
        self.assertEqual((first | second).mapped("serial"), ["NEW-1", "NEW-2"])

    def test_withdraw(self):
        self._login()
        registration = self._register(safety_email="safe@example.com")
        page = self._withdraw(registration, f"/my/registrations/{registration.id}")
        self.assertIn("is withdrawn", page.text)
        self.assertEqual(registration.state, "withdrawn")
        self.assertFalse(registration.activity_ids or registration.safety_contact_ids)
        self.assertNotIn(registration.name, page.text)
        with self.assertRaises(UserError):
            registration.with_user(self.agent).action_confirm()
        self.assertEqual(len(self._register() - registration), 1, "he may register it again")

    def test_not_what_is_decided_or_of_others(self):
        self._login()
        confirmed = self._register("FREE")
        self.assertIn("decided already", self._withdraw(confirmed, "/my/units/register").text)
        self.assertEqual(confirmed.state, "confirmed")
        registration = self._register()
        self.authenticate("neighbour", "neighbour-pass")
        self.assertEqual(self.url_open(f"/my/registrations/{registration.id}").status_code, 404)
        self.assertEqual(self._withdraw(registration, "/my/units/register").status_code, 404)
        self.assertEqual(registration.state, "review")

    def test_a_stolen_serial(self):
        """The customer is asked to call and not told why; the agent reads the reason, product known or not."""
        self.env["after.sales.serial.alert"].create({"serial": "HOT-1", "reason": "stolen"})
        self._login()
        page = self._send("/my/units/register", **self._form(serial="HOT-1"))
        self.assertIn("cannot be registered online. Please contact us", page.text)
        self.assertNotRegex(page.text, "(?i)stolen|alert list")
        registration = self.registrations.search([("serial", "=", "HOT-1")])
        self.assertFalse(registration.product_id)
        self.assertIn("alert list", registration.with_user(self.agent).review_reasons)
        with self.assertRaisesRegex(UserError, r"alert list \(Stolen\)"):
            registration.with_user(self.agent).action_confirm()
        registration.with_user(self.agent).action_refuse()
        self.assertIn("contact us", registration.refusal_reason)
        self.assertNotRegex(self.url_open("/my/units").text, "(?i)stolen|alert list")

    def test_a_stolen_serial_of_a_visitor(self):
        """Who does not say who he is learns nothing: the answer is that of every other serial."""
        self.env["after.sales.serial.alert"].create({"serial": "HOT-1", "reason": "stolen"})
        pages = [self._send("/after-sales/register", **self._form(serial=s)) for s in ("HOT-1", "NEW-1")]
        self.assertEqual(pages[0].url, pages[1].url)
        self.assertNotRegex(pages[0].text, "(?i)stolen|contact us")
