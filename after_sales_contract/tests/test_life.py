from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import TECHNICIAN
from .life_common import LifeCommon


@freeze_time("2026-05-15 10:00:00")
class TestLife(LifeCommon):
    """Early end and pause: what happens to instalments, visits and pools, and nothing before it is applied."""

    def _two_lines(self, **values):
        """A quarterly contract of two prices; of the first one quarter is billed, of the second two."""
        contract = self._create_contract(
            line_ids=[
                Command.create({"product_id": self.fee.id, "price_unit": 1200.0, "name": name})
                for name in ("A", "B")
            ],
            visit_plan_ids=[
                Command.create({"service_id": self.service.id, "interval": 3, "first_after": 30})
            ],
            **values,
        )
        first, second = (line.instalment_ids.sorted("date_from") for line in contract.line_ids)
        self._bill(first[:1] | second[:2])
        return contract

    # === EARLY END ===#

    def test_stop_with_credit(self):
        """D06, D07: billed days after the last one are credited price by price, planned ones fall out."""
        contract = self._two_lines()
        wizard = self._wizard(contract, "stop", date=date(2026, 5, 16), reason="Closed the shop")
        self.assertIn("Credit of", wizard.effects)
        self.assertIn("45 days", wizard.effects)
        self.assertIn("called off: 2", wizard.effects)
        wizard.save().action_apply()
        self.assertEqual((contract.state, contract.date_closed), ("running", date(2026, 5, 16)))
        self.assertRecordValues(
            contract.credit_ids,
            [
                {
                    "line_id": contract.line_ids[1].id,
                    "date_from": date(2026, 5, 17),
                    "date_to": date(2026, 6, 30),
                    "days": 45,
                    "amount": -148.35,
                    "credit_reason": "stop",
                }
            ],
        )
        self.assertEqual(contract.credit_amount, 148.35)
        self.assertIn("Credit for", contract.credit_ids.description)
        self.assertEqual(contract.credit_ids.credited_id, contract.line_ids[1].instalment_ids[1])
        planned = contract.instalment_ids.filtered(lambda row: row.state == "planned")
        self.assertEqual(round(sum(planned.mapped("amount")), 2), contract.amount_untaxed)
        open_rows = contract.line_ids[0].instalment_ids.filtered(
            lambda r: r.state == "planned" and not r.is_billed
        )
        self.assertEqual(open_rows.mapped("date_to"), [date(2026, 5, 16)])
        self.assertEqual(
            set(contract.visit_ids.filtered(lambda v: v.date > date(2026, 5, 16)).mapped("state")),
            {"cancelled"},
        )
        self.assertIn("Credit note", " ".join(contract.activity_ids.mapped("summary")))
        self.assertIn("ends early", " ".join(contract.message_ids.mapped("body")))

    def test_stop_keeps_what_is_billed(self):
        """D07: without credit each price ends on the chosen day, or on its last billed one if that is later."""
        contract = self._two_lines()
        wizard = self._wizard(contract, "stop", date=date(2026, 5, 16), settlement="keep")
        self.assertIn("nothing is credited", wizard.effects)
        wizard.save().action_apply()
        self.assertEqual(contract.date_closed, date(2026, 6, 30))
        self.assertEqual(contract.line_ids.mapped("date_to"), [date(2026, 5, 16), False])
        self.assertFalse(contract.credit_ids)
        open_rows = contract.instalment_ids.filtered(lambda r: r.state == "planned" and not r.is_billed)
        self.assertEqual(open_rows.mapped("date_to"), [date(2026, 5, 16)])
        self.assertFalse(contract.is_plan_outdated)

    def test_stop_on_a_billed_edge_credits_nothing(self):
        contract = self._two_lines()
        contract._stop(date(2026, 6, 30))
        self.assertFalse(contract.credit_ids)

    def test_credit_and_open_instalments_do_not_give_twice(self):
        """An earlier quarter is still open when billed days are credited: it stays owed as it is."""
        contract = self._create_contract()
        self._bill(contract.instalment_ids.sorted("date_from")[1])
        contract._stop(date(2026, 5, 16))
        credit = contract.credit_amount
        self.assertEqual(credit, 148.35)
        open_row = contract.line_ids._get_open_instalments()
        self.assertAlmostEqual(open_row.amount + 300.0 - credit, contract.amount_untaxed)
        self.assertFalse(contract.is_plan_outdated)

    def test_stop_twice(self):
        """An end that is moved forward credits what is left of a billed quarter, not what was credited already."""
        contract = self._create_contract()
        self._bill(contract.instalment_ids.sorted("date_from")[:2])
        contract._stop(date(2026, 6, 20))
        contract._stop(date(2026, 5, 31))
        self.assertEqual(contract.credit_amount, 98.9, "30 of 91 days at 300, as if stopped once")
        self.assertEqual(contract.amount_untaxed, 501.1)

    def test_stop_after_a_pause(self):
        """Paused days that later instalments were to make up for are credited when those fall out."""
        contract = self._create_contract()
        self._bill(contract.instalment_ids.sorted("date_from")[:2])
        contract._pause(date(2026, 2, 1), date(2026, 2, 28))
        self.assertFalse(contract.credit_ids)
        wizard = self._wizard(contract, "stop", date=date(2026, 6, 30))
        self.assertIn("93.33", wizard.effects)
        wizard.save().action_apply()
        self.assertEqual(contract.credit_amount, 93.33, "28 of 90 days at 300")
        self.assertEqual(contract.credit_ids.mapped("days"), [28])
        other = self._create_contract()
        self._bill(other.instalment_ids.sorted("date_from")[:2])
        other._pause(date(2026, 6, 1), date(2026, 6, 30))
        other._stop(date(2026, 5, 31))
        self.assertEqual((other.credit_amount, other.amount_untaxed), (98.9, 501.1))

    def test_stop_in_an_open_pause(self):
        """April is owed of a billed quarter, neither the paused May nor June."""
        contract = self._create_contract()
        self._bill(contract.instalment_ids.sorted("date_from")[:2])
        contract._pause(date(2026, 5, 1))
        contract._stop(date(2026, 5, 31))
        self.assertEqual((contract.credit_amount, contract.amount_untaxed), (201.1, 398.9))
        self.assertFalse(contract.is_plan_outdated)

    def test_stop_after_a_unit_left(self):
        """Its days are in a correction, billed or not: the early end credits those of the unit that is left."""
        for also_billed in (False, True):
            units = [
                self._create_unit(serial=f"LEFT-{also_billed}-{n}", delivery_date=date(2025, 12, 1))
                for n in (1, 2)
            ]
            contract = self._create_contract(
                units=units,
                line_ids=[
                    Command.create({"product_id": self.fee.id, "price_unit": 364.0, "pricing": "per_unit"})
                ],
            )
            rows = contract.instalment_ids.sorted("date_from")[:2]
            self._bill(rows)
            units[1]._end("Returned.", custody="returned")
            correction = contract.instalment_ids.filtered("correction")
            self.assertEqual(correction.amount, -46.0, "from 16 May: 46 of 91 days at 91.00")
            if also_billed:
                self._bill(rows | correction)
            contract._stop(date(2026, 5, 31))
            self.assertEqual(contract.credit_amount, 30.0, "30 days of June of the other one")
            planned = contract.instalment_ids.filtered(lambda row: row.state == "planned")
            self.assertEqual(round(sum(planned.mapped("amount")), 2), contract.amount_untaxed)
            self.assertEqual(contract.amount_untaxed, 182.0 + 61.0 + 45.0)

    def test_stop_of_what_was_paid_ahead(self):
        """A planner agreed on more in the beginning: what exceeds the price of the days served is given back."""
        contract = self._create_contract()
        rows = contract.instalment_ids.sorted("date_from")
        rows[0].write({"amount": 600.0, "is_manual": True})
        contract._sync_plan()
        self._bill(rows[:2])
        contract._stop(date(2026, 6, 30))
        self.assertEqual((contract.credit_amount, contract.amount_untaxed), (200.0, 600.0))
        other = self._create_contract()
        rows = other.instalment_ids.sorted("date_from")
        rows[3].write({"amount": 600.0, "is_manual": True})
        other._sync_plan()
        self._bill(rows[:2])
        other._stop(date(2026, 6, 30))
        self.assertFalse(other.credit_ids, "what was agreed for later is neither billed nor owed")

    def test_stop_days_that_do_not_fit(self):
        contract = self._create_contract()
        for day in (date(2025, 12, 31), date(2027, 1, 1)):
            wizard = self._wizard(contract, "stop", date=day)
            self.assertIn("is not in the term", wizard.effects)
            with self.assertRaisesRegex(UserError, "is not in the term"):
                wizard.save().action_apply()
        contract._stop(date(2026, 8, 31))
        with self.assertRaisesRegex(UserError, "choose an earlier day"):
            contract._stop(date(2026, 9, 30))
        contract._stop(date(2026, 5, 1))
        self.assertEqual(contract.state, "ended")
        with self.assertRaisesRegex(UserError, "state Ended"):
            contract.action_stop()

    def test_a_closed_wizard_changes_nothing(self):
        """D22: looking at what would follow writes nothing at all."""

        def read():
            self.env.invalidate_all()
            rows = (
                contract,
                contract.line_ids,
                contract.instalment_ids,
                contract.visit_ids,
                contract.pause_ids,
            )
            return [records.read() for records in rows]

        contract = self._two_lines(pool_hours=5)
        contract._pause(date(2026, 11, 1))
        before = read()
        for kind in ("stop", "pause", "resume", "transfer"):
            wizard = self._wizard(contract, kind, date=date(2026, 6, 10))
            if kind == "transfer":
                wizard.partner_id = self.business
            wizard.save()
        self.assertEqual(before, read())
        self.assertFalse(contract.transferred_to_id)

    # === PAUSE ===#

    def test_pause_and_resume(self):
        unit = self._create_unit(serial="PAUSE-1")
        contract = self._create_contract(
            units=unit,
            line_ids=[
                Command.create({"product_id": self.fee.id, "price_unit": 100.0, "price_basis": "month"})
            ],
            interval_unit="month",
            visit_plan_ids=[Command.create({"service_id": self.service.id, "interval": 1})],
        )
        self._wizard(contract, "pause", date=date(2026, 5, 16), reason="Works closed").save().action_apply()
        self.assertFalse(contract.is_paused)
        self.assertEqual(self._planned(contract)[-1][:2], (date(2026, 5, 1), date(2026, 5, 15)))
        off = contract.visit_ids.filtered("pause_id")
        self.assertEqual((len(off), set(off.mapped("state"))), (7, {"cancelled"}))
        with freeze_time("2026-07-20"):
            self.env.invalidate_all()
            self.assertTrue(contract.is_paused)
            self.assertIn(contract, self.env["after.sales.contract"].search([("is_paused", "=", True)]))
            decision, before = self._decide(
                self._request(unit, key="in", day=date(2026, 7, 1)),
                self._request(unit, key="out", day=date(2026, 5, 2)),
            )
            self.assertEqual((decision.main_payer, before.main_payer), ("customer", "contract"))
            self._wizard(contract, "resume", date=date(2026, 8, 1)).save().action_apply()
        self.assertEqual(contract.pause_ids.date_to, date(2026, 7, 31))
        self.assertNotIn(contract, self.env["after.sales.contract"].search([("is_paused", "=", True)]))
        rows = self._planned(contract)
        self.assertEqual([row[0].month for row in rows], [1, 2, 3, 4, 5, 8, 9, 10, 11, 12])
        self.assertEqual(round(sum(row[2] for row in rows), 2), 948.39)
        self.assertEqual(contract.amount_untaxed, 948.39)
        self.assertEqual(
            set(contract.visit_ids.filtered(lambda v: v.date >= date(2026, 8, 1)).mapped("state")),
            {"planned"},
        )
        self.assertEqual(len(contract.pause_ids.visit_ids), 2)
        with self.assertRaisesRegex(UserError, "not paused"):
            contract._resume(date(2026, 9, 1))

    def test_pause_of_billed_days(self):
        """They lower what is to come; where nothing is to come they are credited."""
        contract = self._create_contract()
        self._bill(contract.instalment_ids.sorted("date_from")[:2])
        contract._pause(date(2026, 6, 1), date(2026, 6, 30))
        self.assertFalse(contract.credit_ids)
        self.assertEqual(round(sum(row[2] for row in self._planned(contract)), 2), contract.amount_untaxed)
        self.assertEqual(contract.amount_untaxed, 1101.1, "Q2 has 61 of its 91 days: 300 - 98.90")
        yearly = self._create_contract(interval_unit="year")
        self._bill(yearly.instalment_ids)
        yearly._pause(date(2026, 6, 1), date(2026, 6, 30))
        self.assertEqual((yearly.credit_ids.days, yearly.credit_amount), (30, 98.63))

    def test_pause_taken_back_before_it_begins(self):
        contract = self._create_contract()
        planned = self._planned(contract)
        contract._pause(date(2026, 6, 1))
        contract._resume(date(2026, 6, 1))
        self.assertFalse(contract.pause_ids)
        self.assertEqual(self._planned(contract), planned)

    def test_pauses_that_do_not_fit(self):
        contract = self._create_contract()
        self.assertIn("is not in the term", self._wizard(contract, "pause", date=date(2027, 2, 1)).effects)
        contract._pause(date(2026, 6, 1), date(2026, 6, 30))
        with self.assertRaisesRegex(ValidationError, "paused on these days already"):
            contract._pause(date(2026, 6, 30))
        with self.assertRaisesRegex(ValidationError, "between the start"):
            contract._pause(date(2026, 12, 1), date(2027, 1, 1))

    def test_stop_of_a_paused_contract(self):
        contract = self._create_contract()
        contract._pause(date(2026, 5, 1))
        contract._stop(date(2026, 5, 31))
        self.assertEqual(contract.pause_ids.date_to, date(2026, 5, 31))
        self.assertEqual(self._planned(contract)[-1][1], date(2026, 4, 30))
        self.assertEqual(contract.amount_untaxed, 398.9, "Q1, and 30 of the 91 days of Q2: 300 + 98.90")

    def test_rights(self):
        contract = self._create_contract()
        user = self._create_user("watcher", TECHNICIAN)
        with self.assertRaises(AccessError):
            self.env["after.sales.contract.change"].with_user(user).create(
                {"contract_id": contract.id, "kind": "stop"}
            )
        self._bill(contract.instalment_ids)
        contract.with_user(self.agent)._stop(date(2026, 5, 31))
        self.assertTrue(contract.credit_ids.with_user(user).mapped("amount"))
        with self.assertRaises(AccessError):
            contract.credit_ids.with_user(user).unlink()
        other = self._create_other_company()
        foreign = self._create_contract(company_id=other.id, partner_id=self.business.id, start=False)
        with self.assertRaises(AccessError):
            foreign.with_user(self.agent).action_stop()
