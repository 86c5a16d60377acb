from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import AGENT
from .registration_common import RegistrationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-10 10:00:00")
class TestRegistration(RegistrationCommon):
    """What the rules make of a registration: confirmed at once, or for a person to look at; once."""

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
        self._create_unit(serial="SN-0042 A", partner_id=False)
        self.assertEqual(self._register("sn0042a").state, "confirmed", "without dash and space")
        self.assertEqual(self._register("SN-OO42 A").review_codes, "unknown", "a letter is not a zero")

    def test_stolen_however_it_is_written(self):
        """Neither a dash left out nor an O for a zero gets a stolen unit past the alert."""
        self._create_unit(serial="ST-0042", partner_id=False)
        self.env["after.sales.serial.alert"].create({"serial": "st-0042", "reason": "stolen"})
        for serial in ("ST-0042", "st 0042", "ST0042", "ST-OO42"):
            with self.subTest(serial):
                email = f"{serial.replace(' ', '')}@example.com"
                registration = self._register(serial, email=email, product_id=self.machine.id)
                self.assertIn("alert", registration.review_codes.split(","))
                with self.assertRaisesRegex(UserError, "alert list"):
                    registration.with_user(self.agent).action_confirm()

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

    def test_midnight_where_the_company_is(self):
        """The day of the registration and that of the order are days of the company, not of UTC."""
        for tz, received, day in (
            ("Pacific/Auckland", datetime(2026, 5, 9, 12, 30), date(2026, 5, 10)),
            ("America/Los_Angeles", datetime(2026, 5, 10, 3), date(2026, 5, 9)),
        ):
            with self.subTest(tz):
                self.company.partner_id.tz = tz
                unit = self._create_unit(serial=tz, partner_id=False)
                self.assertEqual(self._register(tz, date_received=received).state, "confirmed")
                self.assertEqual(unit.registration_date, day)
                started = unit.warranty_ids.filtered(lambda w: w.term_id == self.start_term)
                self.assertEqual(started.date_start, day)
        order = self._sell((self.pump, 1))
        order.date_order = datetime(2026, 4, 2, 5)
        unit = self._ship(order)
        unit.write({"serial": "LATE", "delivery_date": date(2026, 4, 9)})
        self.assertEqual(self._register("LATE", purchase_date=date(2026, 4, 1)).state, "confirmed")

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

    def test_second_hand_moves_the_site(self):
        """A unit goes home with its new owner, and back when his registration turns out false."""
        first_only = self._create_term("First owner", transferable=False)
        self.unit.write({"partner_id": self.consumer.id, "site_id": self.consumer.id})
        self.unit._grant_warranties()
        given = self.unit.warranty_ids.filtered(lambda w: w.term_id == first_only)
        second = self._register(email="nina@example.com", contact_name="Nina New")
        second.with_user(self.agent).action_confirm()
        nina = second.partner_id
        self.assertRecordValues(self.unit, [{"partner_id": nina.id, "site_id": nina.id}])
        self.assertFalse(self.unit.is_site_foreign)
        self.assertEqual(given.ended_by, "void")
        second.refusal_reason = "A forged receipt."
        second.with_user(self.agent).action_refuse()
        self.assertRecordValues(self.unit, [{"partner_id": self.consumer.id, "site_id": self.consumer.id}])
        self.assertFalse(given.ended_by, "what the first owner lost he has again")

    def test_the_owner_s_site_stays(self):
        """Who registers his own unit does not move it from where it stands."""
        self.unit.write({"partner_id": self.consumer.id, "site_id": self.business.id})
        self.assertEqual(self._register().state, "confirmed")
        self.assertEqual(self.unit.site_id, self.business)

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
