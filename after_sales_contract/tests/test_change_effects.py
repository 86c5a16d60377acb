import re
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError

from .life_common import LifeCommon


@freeze_time("2026-05-15 10:00:00")
class TestChangeEffects(LifeCommon):
    """What the wizards of a contract's life announce is what happens, and a price explains itself after it."""

    def _create_monthly(self, **values):
        """100 a month, of which five are billed."""
        line = {"product_id": self.fee.id, "price_unit": 100.0, "price_basis": "month", **values}
        contract = self._create_contract(interval_unit="month", line_ids=[Command.create(line)])
        self._bill(contract.instalment_ids.sorted("date_from")[:5])
        return contract

    def _to_come(self, contract):
        rows = contract.instalment_ids.filtered(
            lambda row: row.state == "planned" and not row.is_billed and not row.credit_reason
        )
        return round(sum(rows.mapped("amount")), 2)

    def _words(self, text):
        return text.replace("\N{NO-BREAK SPACE}", " ")

    # === PRICE IN WORDS ===#

    def test_parts_of_a_price_sum_up(self):
        """Each part rounded by itself would be a cent off; cancelled instalments are not among those that count."""
        contract = self._create_contract(
            line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 1225.42})]
        )
        for day in (date(2026, 6, 1), date(2026, 7, 4), date(2026, 9, 8)):
            contract.with_user(self.agent)._pause(day, day.replace(day=day.day + 2))
        contract.with_user(self.agent)._pause(date(2026, 10, 1))
        line = contract.line_ids.with_user(self.agent)
        words = self._words(line.explanation).replace(",", "")
        parts = [float(row.split("= $ ")[-1]) for row in words.split("\n") if " days): " in row]
        self.assertEqual(len(parts), 4)
        self.assertIn("The last factor is how often the price is due", words)
        self.assertEqual(round(sum(parts), 2), line.price_subtotal)
        self.assertIn("cancelled", line.instalment_ids.mapped("state"))
        self.assertEqual(set(line.planned_instalment_ids.mapped("state")), {"planned"})
        self.assertNotIn("were billed", words)

    def test_paused_days_that_were_billed_are_told(self):
        contract = self._create_monthly()
        contract.with_user(self.agent)._pause(date(2026, 5, 17), date(2026, 6, 15))
        line = contract.line_ids.with_user(self.agent)
        self.assertIn(
            "15 paused days worth $ 48.39 were billed: they lower the instalments to come.",
            self._words(line.explanation),
        )

    # === PAUSE ===#

    def test_pause_announces_what_comes_back(self):
        """A month falls out, one shrinks, and the billed days of May lower the rest: the plan says the same after."""
        contract = self._create_monthly()
        before = self._to_come(contract)
        wizard = self._wizard(contract, "pause", date=date(2026, 5, 17), date_until=date(2026, 7, 10))
        effects = self._words(wizard.effects)
        self.assertIn("Paused days that are billed already: 15, worth $ 48.39.", effects)
        self.assertIn("the instalments to come are lower by it", effects)
        self.assertIn("Planned instalments that fall out: 1. Those to come are lower by $ 180.65", effects)
        wizard.reason = "Works closed"
        wizard.save().action_apply()
        self.assertEqual(round(before - self._to_come(contract), 2), 180.65)
        self.assertFalse(contract.credit_ids)
        self.assertIn("Works closed", contract.message_ids[0].body)

    def test_pause_announces_its_credit(self):
        contract = self._create_contract(interval_unit="year")
        self._bill(contract.instalment_ids)
        wizard = self._wizard(contract, "pause", date=date(2026, 6, 1), date_until=date(2026, 6, 30))
        self.assertIn("30, worth $ 98.63. It is credited", self._words(wizard.effects))
        self.assertNotIn("fall out", wizard.effects)
        wizard.save().action_apply()
        self.assertEqual(contract.credit_amount, 98.63)
        wizard = self._wizard(contract, "pause", date=date(2026, 12, 1))
        self.assertIn(
            "31, worth $ 101.92. It is credited once the pause is over", self._words(wizard.effects)
        )

    def test_pause_of_paused_days_is_told_before(self):
        contract = self._create_contract()
        contract._pause(date(2026, 6, 1), date(2026, 6, 30))
        wizard = self._wizard(contract, "pause", date=date(2026, 6, 20), date_until=date(2026, 7, 5))
        self.assertIn("paused on these days already", wizard.effects)
        self.assertIn("06/01/2026 - 06/30/2026", wizard.effects)
        self.assertIn("Choose other days", wizard.effects)
        with self.assertRaisesRegex(ValidationError, "Choose other days"):
            wizard.save().action_apply()
        wizard = self._wizard(contract, "pause", date=date(2026, 7, 5), date_until=date(2026, 7, 1))
        self.assertIn("A pause ends after it begins.", wizard.effects)
        with self.assertRaisesRegex(UserError, "ends after it begins"):
            wizard.save().action_apply()

    def test_reason_of_resuming(self):
        contract = self._create_contract()
        contract._pause(date(2026, 5, 1))
        self._wizard(contract, "resume", date=date(2026, 6, 1), reason="Open again").save().action_apply()
        self.assertIn("Open again", contract.message_ids[0].body)
        self.assertIn("06/01/2026", contract.message_ids[0].body)

    # === EARLY END ===#

    def test_stop_announces_the_change_of_the_plan(self):
        contract = self._create_contract()
        self._bill(contract.instalment_ids.sorted("date_from")[:1])
        before = self._to_come(contract)
        wizard = self._wizard(contract, "stop", date=date(2026, 7, 31))
        effects = self._words(wizard.effects)
        self.assertIn("Planned instalments that fall out: 1. Those to come are lower by $ 498.91", effects)
        wizard.save().action_apply()
        self.assertEqual(round(before - self._to_come(contract), 2), 498.91)

    def test_credits_are_no_instalments_that_fall_out(self):
        contract = self._create_contract()
        self._bill(contract.instalment_ids)
        contract._stop(date(2026, 10, 31))
        self.assertTrue(contract.credit_ids)
        wizard = self._wizard(contract, "stop", date=date(2026, 8, 31))
        self.assertNotIn("fall out", wizard.effects)
        wizard = self._wizard(contract, "pause", date=date(2026, 8, 31))
        self.assertNotIn("fall out", wizard.effects)

    def test_announced_is_what_happens(self):
        """Whatever the day, the pricing, the settlement and what is billed: the plan falls by the amount announced."""
        unit = self._create_unit(serial="EFFECT-1")
        line = {"product_id": self.fee.id, "price_unit": 999.99}
        for billed in (0, 1, 2, 4):
            for pricing in ("per_contract", "per_unit"):
                contract = self._create_contract(
                    units=unit, line_ids=[Command.create({**line, "pricing": pricing}), Command.create(line)]
                )
                first, second = (row.instalment_ids.sorted("date_from") for row in contract.line_ids)
                self._bill(first[:billed] | second[:2])
                second[3:].write({"is_manual": True, "amount": 240.0})
                contract._sync_plan()
                for kind, values in (
                    ("pause", {"date": date(2026, 3, 20), "date_until": date(2026, 4, 7)}),
                    ("pause", {"date": date(2026, 6, 11), "date_until": date(2026, 12, 31)}),
                    ("stop", {"date": date(2026, 5, 16)}),
                    ("stop", {"date": date(2026, 11, 3)}),
                    ("stop", {"date": date(2026, 5, 16), "settlement": "keep"}),
                ):
                    with (
                        self.subTest(billed=billed, pricing=pricing, kind=kind, **values),
                        self.env.cr.savepoint() as savepoint,
                    ):
                        self._check_announced(contract, kind, values)
                        savepoint.rollback()

    def _check_announced(self, contract, kind, values):
        self.env.invalidate_all()
        before = self._to_come(contract)
        wizard = self._wizard(contract, kind, **values)
        told = re.search(r"are lower by \$ (-?[\d,.]+) in all", self._words(wizard.effects or ""))
        wizard.save().action_apply()
        told = float(told[1].replace(",", "")) if told else 0.0
        self.assertAlmostEqual(before - self._to_come(contract), told, 2)

    # === HOURS ===#

    def test_stop_tells_of_hours_that_never_begin(self):
        contract = self._create_contract(pool_hours=5, duration=2)
        pool = contract.pool_ids[:1]
        apart = pool.copy({"name": "Next year", "date_period": False, "date_from": date(2027, 1, 1)})
        apart.entry_ids = [Command.create({"name": "Bought", "kind": "purchase", "quantity": 4})]
        effects = self._wizard(contract, "stop", date=date(2026, 10, 31)).effects
        self.assertIn(
            "Next year: its 4.00 hours would begin on 01/01/2027, after the last day. They lapse.", effects
        )
        self.assertNotIn("Next year: 4.00 hours left", effects)

    def test_stop_tells_what_becomes_of_hours(self):
        """8.5 of 10 hours are used, the days served paid for 4.99; what is left ends with the contract."""
        contract = self._create_contract(pool_hours=10)
        pool = contract.pool_ids
        pool._consume([{"quantity": 8.5, "date": date(2026, 2, 1), "name": "Work"}])
        apart = self.env["after.sales.pool"].create(
            {
                "name": "Package",
                "contract_id": contract.id,
                "date_to": date(2027, 12, 31),
                "entry_ids": [Command.create({"name": "Bought", "quantity": 3, "kind": "purchase"})],
            }
        )
        wizard = self._wizard(contract, "stop", date=date(2026, 7, 1))
        effects = wizard.effects
        self.assertIn(f"{pool.name}: 1.50 hours left, to be used until 07/01/2026. Then they lapse.", effects)
        self.assertIn("8.50 hours were used, 4.99 belong to the days served.", effects)
        self.assertIn("Package: 3.00 hours left were bought apart", effects)
        wizard.save().action_apply()
        self.assertEqual(
            (pool.date_to, apart.date_to),
            (date(2026, 7, 1), date(2027, 12, 31)),
            "hours end with their price",
        )

    def test_unused_hours_are_no_warning(self):
        contract = self._create_contract(pool_hours=10)
        wizard = self._wizard(contract, "stop", date=date(2026, 5, 14))
        self.assertIn("10.00 hours left lapse with the contract.", wizard.effects)
        self.assertNotIn("were used", wizard.effects)

    def test_end_by_hand_ends_the_hours(self):
        contract = self._create_contract(pool_hours=10)
        contract.with_user(self.agent).action_end()
        self.assertEqual(contract.pool_ids.date_to, date(2026, 5, 15))
