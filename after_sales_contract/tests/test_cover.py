from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import AGENT, ContractCommon


class TestCover(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term(product_tmpl_ids=False)
        cls.unit = cls._create_unit(serial="M-1", delivery_date=date(2025, 3, 10))

    @freeze_time("2026-01-01")
    def test_cover_begins_after_the_warranty(self):
        """CT-08: the contract takes over the day after the warranty of each unit."""
        self.assertEqual(self.unit.warranty_end, date(2027, 3, 10))
        contract = self._create_contract(units=self.unit, duration=3, cover_policy="warranty_end")
        self.assertEqual(contract.cover_ids.date_from, date(2027, 3, 11))
        without = self._create_unit(serial="M-2", delivery_date=date(2020, 3, 10))
        contract.cover_ids = [Command.create({"unit_id": without.id})]
        self.assertEqual(contract.cover_ids[-1].date_from, date(2026, 1, 1))

    @freeze_time("2026-02-01")
    def test_units_under_another_contract_are_not_proposed(self):
        """Neither those that it covers now nor those that it is going to: nobody pays twice unasked."""
        later = self._create_unit(serial="M-8", delivery_date=date(2024, 8, 10))
        free = self._create_unit(serial="M-9", delivery_date=date(2020, 3, 10))
        self._create_contract(units=later, cover_policy="warranty_end")
        mine = self._create_contract(start=False)
        agent = self._create_user("add_agent", AGENT)
        wizard = self.env["after.sales.contract.add.units"].with_user(agent).create({"contract_id": mine.id})
        self.assertEqual(wizard.unit_ids, self.unit | free)
        mine.date_end = date(2026, 7, 31)
        wizard = wizard.create({"contract_id": mine.id})
        self.assertEqual(wizard.unit_ids, self.unit | free | later, "its warranty lasts until this one ends")

    @freeze_time("2026-01-01")
    def test_cover_does_not_begin_before_the_unit_is_delivered(self):
        """Nobody needs service for what he has not got: neither by default, nor by hand, nor at a price."""
        agent = self.env(user=self._create_user("cover_agent", AGENT))
        self.term.active = False
        unit = self._create_unit(serial="M-3", delivery_date=date(2026, 3, 10))
        line = Command.create({"product_id": self.fee.id, "price_unit": 1200.0, "pricing": "per_unit"})
        contract = self._create_contract(units=unit, line_ids=[line]).with_env(agent)
        cover = contract.cover_ids
        self.assertEqual(cover.date_from, date(2026, 3, 10))
        self.assertIn("delivery on 03/10/2026", cover.remark)
        self.assertEqual(contract.instalment_ids.sorted("date_from")[0].date_from, date(2026, 3, 10))
        for day, payer in ((date(2026, 3, 9), "customer"), (date(2026, 3, 10), "contract")):
            (decision,) = self._decide(self._request(unit, day=day))
            self.assertEqual(decision.main_payer, payer)
        with self.assertRaisesRegex(ValidationError, "is delivered on 03/10/2026: its cover begins"):
            cover.date_from = date(2026, 2, 1)
        unit.delivery_date = date(2026, 4, 1)
        self.assertEqual(cover.date_from, date(2026, 4, 1), "it has not begun")
        cover.date_from = date(2026, 5, 1)
        self.assertFalse(cover.remark)

    @freeze_time("2026-06-01")
    def test_unit_added_in_the_form_of_a_running_contract(self):
        """The row is there before its unit: it has not begun by that."""
        agent = self.env(user=self._create_user("row_agent", AGENT))
        delivered = self._create_unit(serial="M-4", delivery_date=date(2026, 3, 10))
        for unit, policy, day in (
            (delivered, "contract_start", date(2026, 3, 10)),
            (self.unit, "warranty_end", date(2027, 3, 11)),
        ):
            contract = self._create_contract(duration=3, cover_policy=policy).with_env(agent)
            with self.subTest(policy), Form(contract) as form, form.cover_ids.new() as cover:
                cover.unit_id = unit
                self.assertEqual(cover.date_from, day)
            self.assertEqual(contract.cover_ids.date_from, day)
            with self.subTest(policy, saved=True), Form(contract) as form, form.cover_ids.edit(0) as cover:
                cover.start_policy = "contract_start"
            began = day if day < date(2026, 6, 1) else date(2026, 1, 1)
            self.assertEqual(contract.cover_ids.date_from, began, "what has begun stays")

    def test_cover_that_has_begun_stays(self):
        with freeze_time("2026-01-01"):
            contract = self._create_contract(units=self.unit, duration=3, cover_policy="warranty_end")
        with freeze_time("2027-05-01"):
            self._create_term("Extension", duration=60)
            self.unit._grant_warranties()
            self.assertGreater(self.unit.warranty_end, date(2028, 1, 1))
            self.assertEqual(contract.cover_ids.date_from, date(2027, 3, 11))

    def test_product_without_serial(self):
        """CT-07: a product and its quantity."""
        contract = self._create_contract(
            cover_ids=[Command.create({"product_id": self.pump.id, "quantity": 4})]
        )
        self.assertRecordValues(
            contract.cover_ids, [{"product_id": self.pump.id, "quantity": 4.0, "date_from": date(2026, 1, 1)}]
        )
        self.assertIn("4 x", contract.cover_ids.display_name)

    @mute_logger("odoo.sql_db")
    def test_unit_once_per_contract(self):
        contract = self._create_contract(units=self.unit)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env["after.sales.contract.cover"].create(
                {"contract_id": contract.id, "unit_id": self.unit.id}
            )

    def test_unit_of_another_company(self):
        other = self._create_other_company()
        unit = self._create_unit(serial="X-1", company_id=other.id)
        with self.assertRaises(UserError):
            self._create_contract(units=unit)

    def test_unit_shows_its_contracts(self):
        """D32: every unit lists its contracts."""
        contract = self._create_contract(units=self.unit)
        self.assertEqual(self.unit.contract_count, 1)
        action = self.unit.action_view_contracts()
        self.assertEqual(self.env["after.sales.contract"].search(action["domain"]), contract)
