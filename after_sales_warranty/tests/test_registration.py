from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import AGENT, MANAGER, TECHNICIAN, AfterSalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-10 10:00:00")
class TestRegistration(AfterSalesCommon):
    """Registrations as rules and reviewers treat them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls._create_user("technician", TECHNICIAN)
        cls.agent = cls._create_user("agent", AGENT, email="agent@example.com")
        cls.manager = cls._create_user("manager", MANAGER)
        cls.term = cls._create_term("Two years", conditions=False)
        cls.start_term = cls._create_term("From registration", start_basis="registration", duration=12)
        cls.unit = cls._create_unit(serial="S1", partner_id=False)
        cls.registrations = cls.env["after.sales.registration"]

    @classmethod
    def _register(cls, serial="S1", safety=None, **values):
        return cls.registrations._take_in(
            {
                "serial": serial,
                "contact_name": "Carla Consumer",
                "email": "carla@example.com",
                "purchase_date": date(2026, 4, 1),
                "company_id": cls.company.id,
                "channel": "public",
                **values,
            },
            safety=safety,
        )

    @classmethod
    def _create_incentive(cls, **values):
        return cls.env["after.sales.registration.incentive"].create({"name": "Thank you", **values})

    @classmethod
    def _create_program(cls):
        return cls.env["loyalty.program"].create(
            {
                "name": "Next time",
                "program_type": "coupons",
                "reward_ids": [(0, 0, {"required_points": 1, "discount": 10})],
            }
        )

    def _get_mails(self, registration):
        """What was written to the customer; the reviewer is told about his work too."""
        mails = self.env["mail.mail"].search(
            [("model", "=", registration._name), ("res_id", "=", registration.id)], order="id"
        )
        return mails.filtered(lambda mail: not mail.recipient_ids.user_ids.filtered(lambda u: not u.share))

    def _get_addresses(self, mail):
        return {*filter(None, (mail.email_to or "").split(",")), *mail.recipient_ids.mapped("email")}

    # === CONFIRMED AT ONCE === #

    def test_known_unit_is_confirmed(self):
        registration = self._register()
        self.assertRecordValues(
            registration,
            [
                {
                    "state": "confirmed",
                    "unit_id": self.unit.id,
                    "product_id": self.machine.id,
                    "review_codes": False,
                }
            ],
        )
        self.assertEqual(registration.partner_id, self.consumer)
        self.assertEqual(self.unit.partner_id, self.consumer)
        self.assertEqual(self.unit.registration_date, date(2026, 5, 10))
        started = self.unit.warranty_ids.filtered(lambda w: w.term_id == self.start_term)
        self.assertEqual(started.date_start, date(2026, 5, 10))
        mail = self._get_mails(registration)
        self.assertEqual(self._get_addresses(mail), {"carla@example.com"})
        self.assertIn("S1", mail.body_html)
        self.assertIn("Two years", mail.body_html)

    def test_serial_as_people_type_it(self):
        self._create_unit(serial="ab_1%", partner_id=False)
        self.assertEqual(self._register("AB_1%").state, "confirmed")
        self.assertEqual(self._register("ABx1zz").review_codes, "unknown")

    def test_ordered_before_delivered(self):
        """A web order is bought on the day of the order, not of the delivery."""
        order = self._sell((self.pump, 1))
        order.date_order = datetime(2026, 4, 1, 8)
        unit = self._ship(order)
        unit.serial = "W1"
        unit.delivery_date = date(2026, 4, 9)
        self.assertEqual(self._register("W1", purchase_date=date(2026, 4, 2)).state, "confirmed")
        self.assertEqual(
            self._register("W1", purchase_date=date(2026, 3, 30), email="busy@example.com").review_codes,
            "owned,early,no_partner",
        )

    # === REVIEW === #

    def test_table_of_reviews(self):
        owned = self._create_unit(serial="OWNED", partner_id=self.business.id)
        self._create_unit(serial="ENDED", partner_id=False)._end("Returned.", custody="returned")
        self._create_unit(serial="SCRAP", partner_id=False, custody="scrapped")
        self._create_unit(serial="STOLEN", partner_id=False)
        self._create_lot(self.machine, "STOCK")
        self.env["after.sales.serial.alert"].create({"serial": "stolen", "reason": "stolen"})
        table = [
            ("OWNED", {}, "owned"),
            ("NOBODY", {}, "unknown"),
            ("STOCK", {}, "not_sold"),
            ("ENDED", {}, "out_of_service"),
            ("SCRAP", {}, "out_of_service"),
            ("STOLEN", {}, "alert"),
            ("S1", {"purchase_date": date(2026, 3, 9)}, "early"),
            ("S1", {"purchase_date": date(2026, 5, 11), "email": "x@example.com"}, "future,no_partner"),
            ("S1", {"email": "stranger@example.com"}, "no_partner"),
        ]
        for serial, values, codes in table:
            with self.subTest(serial=serial, **values):
                registration = self._register(serial, **values)
                self.assertRecordValues(
                    registration, [{"state": "review", "review_codes": codes, "unit_id": False}]
                )
                self.assertFalse(self._get_mails(registration), "nobody is told before a person has looked")
                activity = registration.activity_ids
                self.assertEqual(activity.user_id, registration.user_id)
                self.assertTrue(registration.user_id.has_group(AGENT))
                self.assertEqual(len(registration.review_reasons.split("\n")), len(codes.split(",")))
        self.assertEqual(owned.partner_id, self.business)
        self.assertFalse(self.unit.partner_id)

    def test_lot_of_many_pieces(self):
        """A lot number names the units of many customers: nobody is taken for the owner of another's."""
        pump = self._create_product("Lot pump", tracking="lot")
        theirs = self._create_unit(product_id=pump.id, serial="LOT", partner_id=self.business.id)
        mine = self._create_unit(product_id=pump.id, serial="LOT")
        self.assertEqual(self._register("LOT").unit_id, mine)
        other = self._register("LOT", email="dora@example.com", contact_name="Dora")
        self.assertEqual((other.state, other.candidate_id), ("review", self.env["after.sales.unit"]))
        other.with_user(self.agent).action_confirm()
        self.assertEqual(theirs.partner_id, self.business)
        self.assertEqual(other.unit_id.partner_id.name, "Dora")

    def test_too_many_in_a_day(self):
        for number in range(11):
            self._create_unit(serial=f"M{number}", partner_id=False)
        states = [self._register(f"M{number}").state for number in range(11)]
        self.assertEqual(states, ["confirmed"] * 10 + ["review"])
        with freeze_time("2026-05-12 10:00:00"):
            self._create_unit(serial="M99", partner_id=False)
            self.assertEqual(self._register("M99").state, "confirmed")

    def test_shared_address_is_reviewed(self):
        self.env["res.partner"].create({"name": "Carlo", "email": "Carla@Example.com"})
        registration = self._register()
        self.assertEqual((registration.state, registration.review_codes), ("review", "no_partner"))

    # === ONCE === #

    def test_twice(self):
        first = self._register()
        self.assertFalse(self._register())
        self.assertFalse(self._register(" s1".strip(), email="CARLA@example.com"))
        self.assertEqual(self.registrations.search([("serial", "=ilike", "s1")]), first)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.registrations.create(
                {
                    "serial": "S1",
                    "contact_name": "X",
                    "purchase_date": "2026-04-01",
                    "state": "confirmed",
                    "unit_id": self.unit.id,
                }
            ).flush_recordset()

    def test_second_hand(self):
        """A new owner is confirmed by a person; the old registration and its safety contact go."""
        safety = {"name": "Carla", "email": "safe@example.com", "phone": ""}
        first = self._register(safety=safety)
        self.assertEqual(self.unit._get_safety_emails(), {self.unit: "safe@example.com"})
        second = self._register(email="nina@example.com", contact_name="Nina New")
        self.assertEqual(second.review_codes, "owned,no_partner")
        second.with_user(self.agent).action_confirm()
        self.assertRecordValues(first | second, [{"state": "ended"}, {"state": "confirmed"}])
        self.assertEqual(self.unit.partner_id.name, "Nina New")
        self.assertEqual(self.unit._get_safety_emails(), {})
        self.assertFalse(self.env["after.sales.safety.contact"].search([]))

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
        with self.assertRaisesRegex(UserError, "lies in the future"):
            reviewed.action_confirm()
        reviewed.purchase_date = date(2026, 5, 1)
        with self.assertRaisesRegex(UserError, "alert list"):
            reviewed.action_confirm()
        alert.active = False
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

    # === INCENTIVES === #

    def test_months_once(self):
        self._create_incentive(kind="months", months=6, deadline_days=90)
        warranty = self.unit.warranty_ids.filtered(lambda w: w.term_id == self.term)
        before = warranty.date_end
        registration = self._register()
        event = warranty.event_ids.filtered(lambda e: e.kind == "extension")
        self.assertRecordValues(
            event, [{"months": 6, "res_model": "after.sales.registration", "res_id": registration.id}]
        )
        self.assertEqual((before, warranty.date_end), (date(2028, 3, 10), date(2028, 9, 10)))
        self.assertIn("6 more months", self._get_mails(registration).body_html)
        incentive = registration.reward_ids.incentive_id.with_user(self.manager)
        self.assertEqual(incentive.reward_count, 1)
        rewards = self.env["after.sales.registration.reward"].with_user(self.manager)
        self.assertEqual(rewards.search(incentive.action_view_rewards()["domain"]), registration.reward_ids)
        self.assertIn("6 more months", registration.reward_ids.description)
        # Sold on: the next owner's registration gives nothing more.
        second = self._register(email="agent@example.com")
        second.with_user(self.agent).action_confirm()
        self.assertFalse(second.reward_ids)
        self.assertEqual(warranty.date_end, date(2028, 9, 10))

    def test_months_are_revoked(self):
        self._create_incentive(kind="months", months=6)
        registration = self._register()
        warranty = registration.reward_ids.warranty_id
        self.assertEqual(warranty.date_end, date(2028, 9, 10))
        registration.refusal_reason = "Forged."
        registration.with_user(self.agent).action_refuse()
        self.assertEqual(warranty.date_end, date(2028, 3, 10))
        self.assertEqual(registration.reward_ids.state, "revoked")
        self.assertEqual(self._register().reward_ids.state, "granted", "the true owner is rewarded")

    def test_voucher_once(self):
        program = self._create_program()
        self._create_incentive(kind="voucher", months=0, program_id=program.id, points=1, valid_days=30)
        registration = self._register()
        card = program.coupon_ids
        self.assertRecordValues(
            card, [{"partner_id": self.consumer.id, "points": 1.0, "expiration_date": date(2026, 6, 9)}]
        )
        self.assertIn(card.code, self._get_mails(registration).body_html)
        registration.refusal_reason = "Forged."
        registration.with_user(self.agent).action_refuse()
        self.assertEqual((card.active, card.points), (False, 0.0))

    def test_scope_of_incentives(self):
        other = self.env["product.category"].create({"name": "Other"})
        table = [
            ({}, True),
            ({"deadline_days": 60}, False),
            ({"deadline_days": 61}, True),
            ({"date_from": date(2026, 5, 11)}, False),
            ({"date_to": date(2026, 5, 9)}, False),
            ({"date_from": date(2026, 5, 10), "date_to": date(2026, 5, 10)}, True),
            ({"categ_ids": other.ids}, False),
            ({"categ_ids": self.machine.categ_id.ids}, True),
            ({"product_tmpl_ids": self.machine.product_tmpl_id.ids}, True),
            ({"product_tmpl_ids": self.pump.product_tmpl_id.ids}, False),
        ]
        model = self.env["after.sales.registration.incentive"]
        for values, given in table:
            with self.subTest(values):
                incentive = self._create_incentive(**values)
                self.assertEqual(incentive in model._get_for_unit(self.unit, date(2026, 5, 10)), given)

    def test_nothing_to_extend(self):
        self._create_incentive(kind="months", months=6)
        self.unit.warranty_ids.filtered(lambda w: w.term_id == self.term)._add_event("void", date(2026, 4, 1))
        self.start_term.active = False
        self.unit.warranty_ids.filtered(lambda w: w.term_id == self.start_term).unlink()
        self.assertFalse(self._register().reward_ids)

    def test_incentive_without_reward(self):
        with mute_logger("odoo.sql_db"):
            for values in (
                {"kind": "voucher"},
                {"months": 0},
                {"date_from": "2026-02-01", "date_to": "2026-01-01"},
            ):
                with self.subTest(values), self.assertRaises(IntegrityError), self.cr.savepoint():
                    self._create_incentive(**values).flush_recordset()

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
