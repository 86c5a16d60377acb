from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from ..tools import uploads
from .registration_common import RegistrationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-10 10:00:00")
class TestRegistrationPrivacy(RegistrationCommon):
    """What customers leave is used for its purpose only, and goes with it."""

    # === SAFETY CONTACT === #

    def test_safety_contact_is_apart(self):
        registration = self._register(
            "NOBODY", safety={"name": "S", "email": "safe@example.com", "phone": ""}
        )
        self.assertFalse(self.env["res.partner"].search([("email", "=", "safe@example.com")]))
        self.assertEqual(self.unit._get_safety_emails(), {})
        registration.product_id = self.machine
        registration.with_user(self.agent).action_confirm()
        unit = registration.unit_id
        self.assertEqual(
            (unit | self.unit).with_user(self.technician)._get_safety_emails(), {unit: "safe@example.com"}
        )
        self.assertEqual(self._get_addresses(self._get_mails(registration)), {"carla@example.com"})
        with self.assertRaises(AccessError):
            unit.safety_contact_ids.with_user(self.technician).read(["email"])
        with self.assertRaises(ValidationError):
            unit._set_safety_contact({"name": "S", "email": "nonsense", "phone": ""})

    def test_safety_contact_of_the_owner_stays(self):
        """On the public page nobody proves who he is; a new contact person is no new owner."""
        self.unit.partner_id = self.consumer
        self.unit._set_safety_contact({"name": "Carla", "email": "mine@example.com", "phone": ""})
        registration = self._register(safety={"name": "M", "email": "mallory@example.com", "phone": ""})
        self.assertEqual(registration.state, "confirmed")
        self.assertEqual(self.unit._get_safety_emails(), {self.unit: "mine@example.com"})
        self.unit.partner_id = self.env["res.partner"].create(
            {"name": "At home", "parent_id": self.consumer.id}
        )
        self.assertEqual(self.unit._get_safety_emails(), {self.unit: "mine@example.com"})
        self.assertEqual(registration.state, "confirmed")
        self.unit._end("Scrapped.", custody="scrapped")
        self.assertEqual(self.unit._get_safety_emails(), {})

    # === FORGET === #

    def _forget(self, day):
        self.patch(self.env.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 3600.0)
        with freeze_time(day):
            self.registrations._cron_forget(batch_size=1)

    def _refuse(self, registration):
        registration.refusal_reason = "The receipt cannot be read."
        registration.with_user(self.agent).action_refuse()

    def test_refused_registrations_are_forgotten(self):
        """After the months of the company nothing is left of what the customer sent."""
        consent = self.env["after.sales.consent"].search([], limit=1)
        registration = self.registrations._take_in(
            {
                "serial": "NOBODY",
                "contact_name": "Vera Visitor",
                "email": "vera@example.com",
                "purchase_date": date(2026, 4, 1),
                "company_id": self.company.id,
                "channel": "public",
            },
            files=uploads.check([("receipt.pdf", b"%PDF-1.4 receipt")]),
            consents=consent,
            safety={"name": "V", "email": "safe@example.com", "phone": ""},
        )
        files, mark = (
            registration.attachment_ids,
            [("model", "=", registration._name), ("res_id", "=", registration.id)],
        )
        self.assertTrue(files)
        self._refuse(registration)
        messages = self.env["mail.message"].search(mark)
        self.assertTrue(messages)
        self._forget("2027-05-10 09:00:00")
        self.assertTrue(registration.exists(), "kept for twelve months: he may ask why")
        self._forget("2027-05-10 11:00:00")
        self.assertFalse(registration.exists())
        self.assertFalse(files.exists())
        self.assertFalse(messages.exists())
        self.assertFalse(self.env["mail.mail"].search(mark))
        for model in ("after.sales.registration.consent", "after.sales.safety.contact"):
            self.assertFalse(self.env[model].search([("registration_id", "=", registration.id)]))

    def test_what_is_kept(self):
        """Confirmed and undecided ones stay, and all of a company that keeps them for ever."""
        confirmed, waiting = self._register(), self._register("NOBODY")
        refused = self._register("NOBODY-2", email="dora@example.com")
        self._refuse(refused)
        self.company.after_sales_refused_months = 0
        self._forget("2036-05-10")
        self.assertEqual((confirmed | waiting | refused).exists(), confirmed | waiting | refused)
        self.company.after_sales_refused_months = 24
        self._forget("2028-05-11")
        self.assertEqual((confirmed | waiting | refused).exists(), confirmed | waiting)

    def test_refused_after_a_reward(self):
        self._create_incentive(kind="months", months=6)
        registration = self._register()
        self._refuse(registration)
        ends = self.unit.warranty_ids.mapped("date_end")
        self._forget("2027-06-01")
        self.assertFalse(registration.exists())
        self.assertEqual(self.unit.warranty_ids.mapped("date_end"), ends)
