from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools.warranty import last_day
from .common import AGENT, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestLedger(AfterSalesCommon):
    """A warranty's dates are what its events add up to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term(conditions="<p>Keep it dry.</p>")

    def test_snapshot(self):
        """Pitfall P-03: what was sold keeps its promise."""
        unit = self._create_unit(serial="S1")
        self.term.write({"duration": 6, "part_share": 10, "name": "Other", "conditions": "<p>No.</p>"})
        self.assertRecordValues(
            unit.warranty_ids,
            [{"duration": 24, "part_share": 100, "name": "Two years", "date_end": date(2028, 3, 10)}],
        )
        self.assertIn("Keep it dry", unit.warranty_ids.conditions)

    def test_snapshot_in_all_languages(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.term.with_context(lang="it_IT").write({"name": "Due anni", "conditions": "<p>All'asciutto.</p>"})
        warranty = self._create_unit(serial="S2").warranty_ids
        self.assertEqual(warranty.name, "Two years")
        self.assertEqual(warranty.with_context(lang="it_IT").name, "Due anni")

    def test_no_term_no_cover(self):
        """Pitfall P-01: nothing promised is nothing covered, not a warranty that ends today."""
        self.term.active = False
        unit = self._create_unit(serial="S3")
        self.assertRecordValues(unit, [{"warranty_end": False, "warranty_state": "none"}])

    def test_pending_until_its_date_is_known(self):
        """Pitfall P-02: a start that is not known yet is no error."""
        self.term.start_basis = "installation"
        unit = self._create_unit(serial="S4")
        self.assertRecordValues(
            unit.warranty_ids, [{"state": "pending", "date_start": False, "date_end": False}]
        )
        self.assertEqual(unit.warranty_state, "none")
        unit.installation_date = date(2026, 4, 1)
        self.assertRecordValues(
            unit.warranty_ids, [{"date_start": date(2026, 4, 1), "date_end": date(2028, 4, 1)}]
        )
        unit.installation_date = date(2026, 5, 1)
        self.assertEqual(
            unit.warranty_ids.date_start, date(2026, 4, 1), "a start is changed by its event only"
        )

    def test_states_and_searches_agree(self):
        day = date(2026, 6, 1)
        units = self.env["after.sales.unit"]
        made = {}
        for serial, start in (
            ("past", date(2020, 1, 1)),
            ("now", date(2026, 1, 1)),
            ("next", date(2026, 7, 1)),
        ):
            made[serial] = self._create_unit(serial=serial, delivery_date=start)
        made["void"] = self._create_unit(serial="void", delivery_date=date(2026, 1, 1))
        made["void"].warranty_ids._add_event("void", date(2026, 2, 1), reason="misuse")
        made["held"] = self._create_unit(serial="held", delivery_date=date(2024, 1, 1))
        made["held"].warranty_ids.repair_policy = "suspend"
        made["held"].warranty_ids._open_suspension(date(2025, 12, 1))
        self.term.active = False
        made["bare"] = self._create_unit(serial="bare")
        mine = units.concat(*made.values())
        with freeze_time(day):
            self.env.invalidate_all()
            expected = {
                "past": "expired",
                "now": "active",
                "next": "pending",
                "void": "void",
                "held": "active",
            }
            self.assertEqual({k: made[k].warranty_ids.state for k in expected}, expected)
            for state in ("pending", "active", "expired", "void"):
                found = self.env["after.sales.warranty"].search(
                    [("state", "=", state), ("unit_id", "in", mine.ids)]
                )
                self.assertEqual(
                    set(found.unit_id.mapped("serial")), {k for k, v in expected.items() if v == state}
                )
            for state in ("in_warranty", "expired", "none"):
                found = units.search([("warranty_state", "=", state), ("id", "in", mine.ids)])
                self.assertEqual(
                    found, mine.filtered(lambda u, s=state: u.warranty_state == s).sorted("id", reverse=True)
                )
            self.assertEqual(
                units.search_count([("warranty_state", "!=", "in_warranty"), ("id", "in", mine.ids)]), 4
            )

    def test_unit_shows_the_last_day(self):
        self._create_term("Three years on parts", duration=36, labour_share=0)
        unit = self._create_unit(serial="S5")
        self.assertEqual(len(unit.warranty_ids), 2)
        self.assertEqual(unit.warranty_end, date(2029, 3, 10))
        unit.warranty_ids.filtered(lambda w: w.duration == 36)._add_event("void", date(2026, 6, 1))
        self.assertEqual(unit.warranty_end, date(2028, 3, 10))

    def test_repair_policies(self):
        for policy, values, end in [
            ("none", {}, date(2028, 3, 10)),
            ("suspend", {}, date(2028, 3, 20)),
            ("extend", {"repair_months": 12}, date(2029, 3, 10)),
        ]:
            with self.subTest(policy):
                self.term.write({"repair_policy": policy, **values})
                warranty = self._create_unit(serial=policy).warranty_ids
                warranty._register_repair(date(2026, 5, 1), date(2026, 5, 10), "pump")
                self.assertEqual(warranty.date_end, end)
                self.assertIn("repair", warranty.event_ids.mapped("kind"))

    def test_repair_extends_once(self):
        """L20: the twelve months after a repair come once."""
        self.term.write({"repair_policy": "extend", "repair_months": 12, "repair_once": True})
        warranty = self._create_unit(serial="S6").warranty_ids
        for month in (5, 6):
            warranty._register_repair(date(2026, month, 1), date(2026, month, 2))
        self.assertEqual(warranty.date_end, date(2029, 3, 10))

    def test_law_of_the_owner_s_country(self):
        """L20 from 31 July 2026 in the EU, L32 in Russia, nothing elsewhere; never for businesses."""
        self.term.write({"kind": "legal"})
        for country, partner, day, end in [
            ("base.it", self.consumer, date(2026, 7, 20), date(2028, 3, 10)),
            ("base.it", self.consumer, date(2026, 8, 1), date(2029, 3, 10)),
            ("base.it", self.business, date(2026, 8, 1), date(2028, 3, 10)),
            ("base.ru", self.consumer, date(2026, 8, 1), date(2028, 3, 12)),
            ("base.us", self.consumer, date(2026, 8, 1), date(2028, 3, 10)),
        ]:
            with self.subTest(country=country, partner=partner.name, day=day):
                partner.country_id = self.env.ref(country)
                unit = self._create_unit(serial=f"{country}{partner.id}{day}", partner_id=partner.id)
                unit.warranty_ids._register_repair(day, day.replace(day=day.day + 1))
                self.assertEqual(unit.warranty_ids.date_end, end)

    def test_replacement_policies(self):
        for policy, months, end in [
            ("inherit", 0, date(2028, 3, 10)),
            ("restart", 0, date(2029, 1, 1)),
            ("longer", 6, date(2028, 3, 10)),
            ("longer", 36, date(2030, 1, 1)),
        ]:
            with self.subTest(policy=policy, months=months):
                self.term.write({"replacement_policy": policy, "replacement_months": months})
                old = self._create_unit(serial=f"old{policy}{months}")
                new = self._create_unit(serial=f"new{policy}{months}", delivery_date=date(2027, 1, 1))
                old._replace_with(new, date(2027, 1, 1))
                self.assertRecordValues(
                    old, [{"replaced_by_id": new.id, "state": "ended", "custody": "returned"}]
                )
                self.assertEqual(new.replaces_id, old)
                self.assertEqual(len(new.warranty_ids), 1)
                self.assertEqual(new.warranty_ids.date_end, end)

    def test_new_owner(self):
        self.term.transferable = False
        personal = self._create_unit(serial="S7")
        self.term.transferable = True
        following = self._create_unit(serial="S8")
        (personal | following).partner_id = self.business
        self.assertEqual(personal.warranty_ids.ended_by, "void")
        self.assertFalse(following.warranty_ids.ended_by)
        self.assertIn("transfer", following.warranty_ids.event_ids.mapped("kind"))
        following.invalidate_recordset(["owner_ids"])
        self.assertRecordValues(
            following.owner_ids, [{"partner_id": self.business.id}, {"partner_id": self.consumer.id}]
        )
        self.assertEqual(len(following.owner_ids.filtered(lambda row: not row.date_to)), 1)

    def test_one_start(self):
        warranty = self._create_unit(serial="S9").warranty_ids
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["after.sales.warranty.event"].create(
                {"warranty_id": warranty.id, "kind": "start", "date": date(2026, 1, 1)}
            )

    def test_a_started_warranty_is_not_deleted(self):
        with self.assertRaises(UserError):
            self._create_unit(serial="S10").warranty_ids.unlink()

    def test_numbers_and_codes(self):
        units = self.env["after.sales.unit"].create(
            [
                {"product_id": self.machine.id, "serial": f"N{i}", "delivery_date": date(2026, 1, 1)}
                for i in range(20)
            ]
        )
        warranties = units.warranty_ids
        self.assertEqual(len(set(warranties.mapped("number"))), 20)
        self.assertEqual(len(set(warranties.mapped("access_code"))), 20)
        code = warranties[0].access_code
        found = self.env["after.sales.warranty"]._get_by_code(f" {code.lower().replace('-', ' ')} ")
        self.assertEqual(found, warranties[0])

    def test_duplicate_serial(self):
        unit = self._create_unit(serial="S11")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._create_unit(serial="S11")
        unit._end("gone")
        self.assertTrue(self._create_unit(serial="S11"))

    def test_typed_serial_finds_its_lot(self):
        lot = self._create_lot(self.machine, "S12")
        self.assertEqual(self._create_unit(serial="S12").lot_id, lot)

    def test_lot_of_another_product(self):
        other = self._create_product("Other machine", tracking="serial")
        with self.assertRaises(UserError):
            self._create_unit(lot_id=self._create_lot(other, "S13").id)

    def test_look_up(self):
        unit = self._create_unit(serial="SN_100%")
        units = self.env["after.sales.unit"]
        self.assertEqual(units._get_by_serial(" sn_100% ", self.company), unit)
        self.assertFalse(units._get_by_serial("SNx100%", self.company))
        self.assertFalse(units._get_by_serial("", self.company))
        self.assertFalse(units._get_by_serial("never sold", self.company))
        for text in ("SN_100", "Machine", "mach"):
            self.assertIn(unit.id, [found[0] for found in units.name_search(text)])

    def test_extension_is_given_by_hand(self):
        term = self._create_term("One more year", kind="extension", duration=12)
        unit = self._create_unit(serial="S14", delivery_date=fields.Date.today())
        self.assertNotIn(term, unit.warranty_ids.term_id)
        end = unit.warranty_end
        self.company.after_sales_goodwill_months = 12
        agent = self._create_user("granting", AGENT)
        wizard = self.env["after.sales.warranty.grant"].with_user(agent)
        wizard = wizard.create({"unit_ids": unit.ids, "term_id": term.id, "reason": "Sold."})
        wizard.action_grant()
        extension = unit.warranty_ids.filtered(lambda w: w.term_id == term)
        self.assertRecordValues(extension, [{"date_start": end + timedelta(days=1), "kind": "extension"}])
        self.assertEqual(unit.warranty_end, last_day(end + timedelta(days=1), months=12))
        self.assertEqual(extension.event_ids.reason, "Sold.")
