from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import AGENT, MANAGER, TECHNICIAN, AfterSalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 09:00:00")
class TestUnitActions(AfterSalesCommon):
    """What becomes of a unit after the sale: sold on, lost, stolen, scrapped, found again, replaced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everybody = cls._create_term("For everybody")
        cls.first_only = cls._create_term("First owner only", transferable=False, duration=36)
        cls.technician = cls._create_user("tech_unit", TECHNICIAN)
        cls.agent = cls._create_user("agent_unit", AGENT)
        cls.manager = cls._create_user("manager_unit", MANAGER)
        cls.unit = cls._create_unit(serial="U1", site_id=cls.consumer.id)
        cls.new_owner = cls.env["res.partner"].create({"name": "Nina Next"})

    def _wizard(self, name, units=None, user=None, **values):
        units = units or self.unit
        model = self.env[f"after.sales.unit.{name}"].with_user(user or self.agent)
        form = Form(model.with_context(default_unit_ids=units.ids, default_unit_id=units[:1].id))
        for field, value in values.items():
            form[field] = value
        return form.save()

    def _warranty(self, term, unit=None):
        return (unit or self.unit).warranty_ids.filtered(lambda w: w.term_id == term)

    # === CHANGE OF OWNER === #

    def test_change_of_owner(self):
        wizard = self._wizard(
            "transfer", partner_id=self.new_owner, date=date(2026, 6, 1), note="With the house"
        )
        self.assertEqual(wizard.lost_warranty_ids, self._warranty(self.first_only), "said before")
        wizard.action_transfer()
        self.assertRecordValues(self.unit, [{"partner_id": self.new_owner.id, "site_id": self.new_owner.id}])
        self.assertRecordValues(
            self.unit.owner_ids.sorted("date_from"),
            [
                {"partner_id": self.consumer.id, "date_from": date(2026, 3, 10), "date_to": date(2026, 6, 1)},
                {"partner_id": self.new_owner.id, "date_from": date(2026, 6, 1), "date_to": False},
            ],
        )
        self.assertRecordValues(
            self._warranty(self.everybody) | self._warranty(self.first_only),
            [
                {"date_end": date(2028, 3, 10), "ended_by": False},
                {"date_end": date(2026, 5, 31), "ended_by": "void"},
            ],
        )
        self.assertIn("With the house", self.unit.message_ids[0].body)

    def test_exception_for_the_new_owner(self):
        wizard = self._wizard("transfer", partner_id=self.new_owner, cover="keep")
        with self.assertRaisesRegex(UserError, "Only a manager"):
            wizard.action_transfer()
        wizard = self._wizard("transfer", user=self.manager, partner_id=self.new_owner, cover="keep")
        with self.assertRaisesRegex(UserError, "note"):
            wizard.action_transfer()
        self.assertEqual(self.unit.partner_id, self.consumer)
        wizard.note = "Heir of the first owner"
        wizard.action_transfer()
        warranty = self._warranty(self.first_only)
        self.assertRecordValues(warranty, [{"date_end": date(2029, 3, 10), "ended_by": False}])
        event = warranty.event_ids.filtered(lambda e: e.kind == "transfer")
        self.assertRecordValues(event, [{"reason": "Heir of the first owner", "user_id": self.manager.id}])

    def test_within_one_company_nothing_is_lost(self):
        branch = self.env["res.partner"].create({"name": "Plant 2", "parent_id": self.business.id})
        unit = self._create_unit(serial="U2", partner_id=self.business.id)
        wizard = self._wizard("transfer", unit, partner_id=branch)
        self.assertFalse(wizard.lost_warranty_ids)
        wizard.action_transfer()
        self.assertFalse(self._warranty(self.first_only, unit).ended_by)
        self.assertEqual(unit.owner_ids.mapped("partner_id"), self.business | branch)

    def test_many_units_at_once(self):
        units = self.unit | self._create_unit(serial="U2") | self._create_unit(serial="U3", partner_id=False)
        wizard = self._wizard("transfer", units, partner_id=self.new_owner)
        self.assertEqual(len(wizard.lost_warranty_ids), 2, "the unknown owner was promised nothing")
        wizard.action_transfer()
        self.assertEqual(units.partner_id, self.new_owner)
        for unit, count in zip(units, (2, 2, 1), strict=True):
            self.assertEqual(len(unit.owner_ids), count)
            self.assertEqual(unit.owner_ids.filtered(lambda row: not row.date_to).partner_id, self.new_owner)

    def test_impossible_changes_of_owner(self):
        for values, text in [
            ({"partner_id": self.new_owner, "date": date(2026, 6, 16)}, "future"),
            ({"partner_id": self.new_owner, "date": date(2026, 3, 9)}, "later date"),
            ({"partner_id": self.consumer}, "already"),
        ]:
            with self.subTest(text), self.assertRaisesRegex(UserError, text):
                self._wizard("transfer", **values).action_transfer()
        self.unit._end("Returned.", custody="returned")
        with self.assertRaisesRegex(UserError, "no longer in service"):
            self._wizard("transfer", partner_id=self.new_owner).action_transfer()
        with self.assertRaises(AccessError):
            self._wizard("transfer", user=self.technician, partner_id=self.new_owner)

    @mute_logger("odoo.sql_db")
    def test_owner_history_holds(self):
        """No gap of order, no overlap, one owner at a time, whoever writes it."""
        self._wizard("transfer", partner_id=self.new_owner, date=date(2026, 6, 1)).action_transfer()
        first = self.unit.owner_ids.sorted("date_from")[0].with_user(self.manager)
        with self.assertRaisesRegex(ValidationError, "owns"), self.cr.savepoint():
            first.date_to = date(2026, 6, 5)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            first.date_to = date(2026, 3, 1)
            first.flush_recordset()
        first.date_to = date(2026, 5, 20)
        with self.assertRaises(AccessError):
            first.with_user(self.agent).date_to = date(2026, 5, 21)

    def test_site_of_somebody_else_is_shown(self):
        self.assertFalse(self.unit.is_site_foreign)
        self.unit.with_user(self.agent).site_id = self.business
        self.assertTrue(self.unit.is_site_foreign)

    # === GONE AND FOUND === #

    def test_lost_and_found(self):
        for kind in ("lost", "stolen"):
            self._wizard(
                "withdraw", kind=kind, date=date(2026, 6, 10), reason="Police report"
            ).action_withdraw()
            self.assertRecordValues(
                self.unit, [{"state": "suspended", "custody": kind, "warranty_end": False}]
            )
            self.assertEqual(self.unit.warranty_ids.mapped("date_end"), [date(2026, 6, 9)] * 2)
            self.assertEqual(self.unit.warranty_state, "none")
            with freeze_time("2026-07-01"):
                self.unit.with_user(self.agent).action_put_back()
            self.assertRecordValues(self.unit, [{"state": "in_service", "custody": "at_customer"}])
            self.assertEqual(self.unit.warranty_end, date(2029, 3, 10))
        voids = self.unit.warranty_ids.event_ids.filtered(lambda e: e.kind == "void")
        self.assertEqual(voids.mapped("active"), [False] * 4, "what was recorded stays to be read")

    def test_custody_by_hand_changes_no_warranty(self):
        """Where the custody has consequences, the action that has them is asked for."""
        unit = self.unit.with_user(self.manager)
        for custody in ("in_transit", "in_workshop", "at_supplier", "ready", "at_customer"):
            unit.custody = custody
        for custody in ("lost", "stolen", "scrapped", "returned"):
            with self.subTest(custody), self.assertRaisesRegex(UserError, "Report Lost, Stolen or Scrapped"):
                unit.custody = custody
            # On the form too: what was chosen is refused with a word, not forgotten.
            with self.subTest(custody), self.assertRaisesRegex(UserError, "Report Lost, Stolen or Scrapped"):
                with Form(unit) as form:
                    form.custody = custody
        self._wizard("withdraw", kind="lost", reason="Police report").action_withdraw()
        with self.assertRaisesRegex(UserError, "Put Back into Service"):
            unit.custody = "at_customer"
        unit.write({"custody": "lost", "site_id": self.business.id})
        unit.with_user(self.agent).action_put_back()
        self.assertRecordValues(unit, [{"custody": "at_customer", "warranty_end": date(2029, 3, 10)}])

    def test_scrapped_for_good_or_by_mistake(self):
        self._wizard("withdraw", kind="scrapped", reason="Fire").action_withdraw()
        self.assertRecordValues(self.unit, [{"state": "ended", "custody": "scrapped"}])
        self.assertEqual(self.unit.owner_ids.date_to, date(2026, 6, 15))
        self.assertIn("Fire", self.unit.message_ids[0].body)
        self.unit.with_user(self.agent).action_put_back()
        self.assertRecordValues(self.unit, [{"state": "in_service", "warranty_end": date(2029, 3, 10)}])
        self.assertFalse(self.unit.owner_ids.date_to)

    def test_put_back_is_refused(self):
        with self.assertRaisesRegex(UserError, "not out of service"):
            self.unit.action_put_back()
        self._wizard("withdraw", kind="scrapped", reason="Mistake").action_withdraw()
        again = self._create_unit(serial="U1", partner_id=self.business.id)
        with self.assertRaisesRegex(UserError, "Busy Ltd"):
            self.unit.action_put_back()
        again._end("Returned.", custody="returned")
        new = self._create_unit(serial="U9")
        self.unit._replace_with(new, date(2026, 6, 15))
        with self.assertRaisesRegex(UserError, "was replaced"):
            self.unit.action_put_back()

    def test_what_cannot_be_reported(self):
        with self.assertRaisesRegex(UserError, "future"):
            self._wizard("withdraw", kind="lost", reason="x", date=date(2026, 7, 1)).action_withdraw()
        self.unit._end("Returned.", custody="returned")
        with self.assertRaisesRegex(UserError, "no longer in service"):
            self._wizard("withdraw", kind="lost", reason="x").action_withdraw()
        with self.assertRaises(AccessError):
            self.unit.with_user(self.technician).action_put_back()

    def test_a_lost_unit_that_is_sold_again_ends(self):
        lot = self._create_lot(self.machine, "U77")
        unit = self._deliver(self.machine, 1, lot)
        self._wizard("withdraw", unit, kind="stolen", reason="Stolen").action_withdraw()
        self.env["stock.quant"]._update_available_quantity(
            self.machine, self.customer_location, -1, lot_id=lot
        )
        again = self._deliver(self.machine, 1, lot, partner=self.business)
        self.assertRecordValues(unit | again, [{"state": "ended"}, {"state": "in_service"}])

    # === REPLACEMENT === #

    def test_replace_by_a_new_serial(self):
        wizard = self._wizard("exchange", serial="U1-NEW", date=date(2026, 6, 10))
        self.assertEqual(wizard.warranty_ids, self.unit.warranty_ids)
        action = wizard.action_exchange()
        new = self.env["after.sales.unit"].browse(action["res_id"])
        self.assertRecordValues(
            self.unit | new,
            [
                {"replaced_by_id": new.id, "replaces_id": False, "state": "ended", "custody": "returned"},
                {
                    "replaced_by_id": False,
                    "replaces_id": self.unit.id,
                    "state": "in_service",
                    "custody": "at_customer",
                },
            ],
        )
        self.assertEqual(
            (new.serial, new.partner_id, new.product_id), ("U1-NEW", self.consumer, self.machine)
        )
        self.assertEqual(new.warranty_end, date(2029, 3, 10), "the remaining time passes on")
        with self.assertRaisesRegex(UserError, "no longer in service"):
            self._wizard("exchange", serial="U1-MORE").action_exchange()

    def test_replace_by_the_unit_delivered(self):
        """D63: the replacement was delivered; both units know each other and its own warranties give way."""
        new = self._deliver(self.machine, 1, self._create_lot(self.machine, "U1-DEL"))
        self._wizard("exchange", replacement_unit_id=new).action_exchange()
        self.assertEqual((self.unit.replaced_by_id, new.replaces_id), (new, self.unit))
        self.assertEqual(len(new.warranty_ids), 2)
        other = self._create_unit(serial="U5")
        with self.assertRaisesRegex(UserError, "replaces"):
            self._wizard("exchange", other, replacement_unit_id=new).action_exchange()

    def test_replacement_needs_a_serial(self):
        with self.assertRaisesRegex(UserError, "serial number of the replacement"):
            self._wizard("exchange").action_exchange()

    def test_archive(self):
        self.unit.with_user(self.agent).action_archive()
        self.assertFalse(self.env["after.sales.unit"].search([("serial", "=", "U1")]))
        self.unit.with_user(self.agent).action_unarchive()
        self.assertTrue(self.unit.active)
