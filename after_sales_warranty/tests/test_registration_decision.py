from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import MANAGER
from .registration_common import RegistrationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-10 10:00:00")
class TestRegistrationDecision(RegistrationCommon):
    """What reviewers decide, what it does, and who may."""

    # === REVIEWERS === #

    def test_confirm_makes_unit_and_customer(self):
        registration = self._register(
            "DEALER-1",
            email="dora@example.com",
            contact_name="Dora",
            lang="en_US",
            purchase_date=date(2026, 4, 20),
        )
        reviewed = registration.with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Choose the product"):
            reviewed.action_confirm()
        reviewed.product_id = self.machine
        reviewed.action_confirm()
        unit = registration.unit_id
        self.assertRecordValues(
            unit,
            [
                {
                    "serial": "DEALER-1",
                    "product_id": self.machine.id,
                    "delivery_date": date(2026, 4, 20),
                    "registration_date": date(2026, 5, 10),
                }
            ],
        )
        self.assertRecordValues(unit.partner_id, [{"name": "Dora", "email": "dora@example.com"}])
        self.assertEqual(len(unit.warranty_ids), 2)
        self.assertFalse(registration.activity_ids)
        self.assertEqual(self._get_addresses(self._get_mails(registration)), {"dora@example.com"})
        with self.assertRaises(UserError):
            reviewed.action_confirm()
        reviewed.refusal_reason = "A forged receipt."
        reviewed.action_refuse()
        self.assertEqual(unit.state, "ended", "a unit that only the registration made goes with it")

    def test_confirm_is_refused_with_a_reason(self):
        alert = self.env["after.sales.serial.alert"].create({"serial": "S1", "reason": "blocked"})
        registration = self._register(purchase_date=date(2027, 1, 1))
        reviewed = registration.with_user(self.agent)
        with self.assertRaisesRegex(UserError, "alert list"):
            reviewed.action_confirm()
        alert.active = False
        with self.assertRaisesRegex(UserError, "lies in the future"):
            reviewed.action_confirm()
        reviewed.purchase_date = date(2026, 5, 1)
        reviewed.action_check()
        self.assertEqual(registration.state, "confirmed")

    def test_refuse(self):
        registration = self._register("NOBODY")
        reviewed = registration.with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Say why"):
            reviewed.action_refuse()
        reviewed.refusal_reason = "The receipt cannot be read."
        reviewed.action_refuse()
        self.assertEqual(registration.state, "refused")
        self.assertFalse(registration.activity_ids)
        self.assertIn("The receipt cannot be read.", self._get_mails(registration).body_html)
        self.assertEqual(len(self._register("NOBODY")), 1, "he may try again")

    def test_refusal_in_the_customer_s_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        template = self.env.ref("after_sales_warranty.mail_template_registration_refused")
        template.with_context(lang="it_IT").subject = "La sua registrazione {{ object.name }}"
        registration = self._register("NOBODY", email="nuova@example.com", lang="it_IT")
        registration.refusal_reason = "No."
        registration.with_user(self.agent).action_refuse()
        mail = self._get_mails(registration)
        self.assertIn("La sua registrazione", mail.subject)
        self.assertEqual(self._get_addresses(mail), {"nuova@example.com"})
        self.assertFalse(self.env["res.partner"].search([("email", "=", "nuova@example.com")]))

    def test_refused_afterwards(self):
        registration = self._register(safety={"name": "C", "email": "safe@example.com", "phone": ""})
        registration.refusal_reason = "The unit was reported stolen."
        registration.with_user(self.agent).action_refuse()
        self.assertFalse(self.unit.partner_id)
        self.assertFalse(self.unit.registration_date)
        started = self.unit.warranty_ids.filtered(lambda w: w.term_id == self.start_term)
        self.assertFalse(started.date_start)
        self.assertFalse(self.env["after.sales.safety.contact"].search([]))
        again = self._register(email="agent@example.com")
        self.assertEqual(again.state, "confirmed")
        self.assertEqual(started.date_start, date(2026, 5, 10))

    # === RIGHTS === #

    def test_rights(self):
        registration = self._register()
        for user in (self.technician, self.agent, self.manager):
            record = registration.with_user(user)
            readable = record.fields_get(attributes=["type"])
            self.assertTrue(record.web_read({name: {} for name in readable if name != "activity_ids"}))
        with self.assertRaises(AccessError):
            registration.with_user(self.technician).action_refuse()
        with self.assertRaises(UserError):
            registration.with_user(self.agent).action_check()
        with self.assertRaises(AccessError):
            registration.with_user(self.agent).unlink()
        with self.assertRaises(UserError):
            registration.with_user(self.manager).unlink()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user(
            "stranger", MANAGER, company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        self.assertFalse(self.registrations.with_user(stranger).search([]))
        incentive = self._create_incentive()
        with self.assertRaises(AccessError):
            incentive.with_user(self.agent).months = 12
        incentive.with_user(self.manager).months = 12

    def test_portal_user_reads_only_what_is_his(self):
        customer = self._create_user("customer", "base.group_portal", email="customer@example.com")
        mine = self._register("NOBODY", partner_id=customer.partner_id.id, email="customer@example.com")
        other = self._register("S1")
        seen = self.registrations.with_user(customer)
        self.assertEqual(seen.search([]), mine)
        for name in ("candidate_id", "review_codes", "review_reasons", "attachment_ids", "previous_owner_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                mine.with_user(customer).read([name])
        with self.assertRaises(AccessError):
            other.with_user(customer).read(["serial"])
        with self.assertRaises(AccessError):
            mine.with_user(customer).action_confirm()

    def test_staff_registers_by_hand(self):
        registration = self.registrations.with_user(self.agent).create(
            {
                "serial": "S1",
                "contact_name": "Carla",
                "partner_id": self.consumer.id,
                "purchase_date": "2026-04-01",
            }
        )
        registration.action_check()
        self.assertEqual(registration.state, "confirmed")
        self.assertEqual(self.unit.registration_date, fields.Date.to_date("2026-05-10"))
        action = self.unit.with_user(self.agent).action_view_registrations()
        self.assertEqual(self.registrations.search(action["domain"]), registration)
        self.assertEqual(self.unit.with_user(self.agent).registration_count, 1)
        partner = self.consumer.with_user(self.agent)
        self.assertEqual(partner.after_sales_registration_count, 1)
        self.assertEqual(
            self.registrations.search(partner.action_view_after_sales_registrations()["domain"]), registration
        )
