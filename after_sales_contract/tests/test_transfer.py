from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError

from .life_common import LifeCommon


@freeze_time("2026-05-15 10:00:00")
class TestTransfer(LifeCommon):
    """The rest of a contract passes to another customer, with its units, visits and hours."""

    def _run_jobs(self, day, *names):
        with freeze_time(f"{day} 03:00:00"), self.enter_registry_test_mode():
            for name in names or ("ir_cron_end_contracts", "ir_cron_pools"):
                self.env.ref(f"after_sales_contract.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_transfer(self):
        unit = self._create_unit(serial="MOVE-1")
        contract = self._create_contract(
            units=unit,
            pool_hours=10,
            visit_plan_ids=[
                Command.create({"service_id": self.service.id, "interval": 3, "holiday_rule": "keep"})
            ],
        )
        contract.pool_ids._consume([{"quantity": 4, "date": date(2026, 2, 1), "name": "Work"}])
        self._bill(contract.instalment_ids.sorted("date_from")[:2])
        contract.reference = "PO of the old one"
        wizard = self._wizard(contract, "transfer", partner_id=self.business, date=date(2026, 6, 1))
        self.assertFalse(wizard.reference)
        wizard.reference = "PO of the new one"
        self.assertIn("Busy Ltd", wizard.effects)
        self.assertIn("owner: 1", wizard.effects)
        action = wizard.save().action_apply()
        heir = self.env["after.sales.contract"].browse(action["res_id"])
        self._run_jobs("2026-06-01")
        self.assertRecordValues(
            heir,
            [
                {
                    "state": "running",
                    "partner_id": self.business.id,
                    "invoice_partner_id": self.business.id,
                    "date_start": date(2026, 6, 1),
                    "date_end": date(2026, 12, 31),
                    "transferred_from_id": contract.id,
                    "reference": "PO of the new one",
                    "pool_balance": 6.0,
                    "amount_untaxed": 698.9,
                }
            ],
        )
        self.assertEqual(contract.transferred_to_id, heir)
        self.assertEqual((contract.date_closed, contract.pool_balance), (date(2026, 5, 31), 0.0))
        self.assertEqual(contract.credit_amount, 98.9)
        self.assertEqual(heir.cover_ids.unit_id, unit)
        self.assertEqual(unit.partner_id, self.business)
        self.assertEqual(heir.visit_ids.mapped("date"), [date(2026, 7, 1), date(2026, 10, 1)])
        self.assertEqual(len(heir.inclusion_ids), 3)
        self.assertEqual(round(sum(row[2] for row in self._planned(heir)), 2), heir.amount_untaxed)

    def test_duration_of_the_rest(self):
        """Jun 1 - Dec 31 is seven months, not a year; the terms after it are years as before."""
        contract = self._create_contract(tacit_renewal=True)
        heir = contract.with_user(self.agent)._transfer(self.business, date(2026, 6, 1))
        self.assertRecordValues(
            heir,
            [
                {
                    "duration": 7,
                    "duration_unit": "month",
                    "date_end": date(2026, 12, 31),
                    "renewal_duration": 1,
                    "renewal_duration_unit": "year",
                }
            ],
        )
        self.assertEqual(heir._get_next_term().stop, date(2027, 12, 31))

    def test_nothing_passes_before_the_first_day(self):
        """Until then units and hours are the old customer's, who may still use them; then they pass, once."""
        unit = self._create_unit(serial="MOVE-2")
        contract = self._create_contract(units=unit, pool_hours=10)
        heir = contract.with_user(self.agent)._transfer(self.business, date(2026, 6, 1)).with_env(self.env)
        self._run_jobs("2026-05-31")
        self.assertEqual(unit.partner_id, self.consumer)
        self.assertEqual((contract.pool_balance, heir.pool_balance), (10.0, 0.0))
        self.assertFalse(contract.message_ids.filtered(lambda message: "No longer" in message.body))
        contract.pool_ids._consume([{"quantity": 4, "date": date(2026, 5, 31), "name": "Work"}])
        for day in ("2026-06-01", "2026-06-02", "2026-06-20"):
            self._run_jobs(day)
            self.assertEqual(unit.partner_id, self.business)
            self.assertEqual((contract.pool_balance, heir.pool_balance), (0.0, 6.0))
            self.assertEqual(heir.cover_ids.unit_id, unit)
        self.assertEqual(contract.state, "ended")
        self.assertEqual(unit.owner_ids.sorted("date_from")[-1].date_from, date(2026, 6, 1))

    def test_hours_wait_for_a_late_job(self):
        """The pool of the old customer is not closed, and its hours are not lost, before they could pass."""
        contract = self._create_contract(pool_hours=10)
        heir = contract._transfer(self.business, date(2026, 6, 1))
        self._run_jobs("2026-07-01", "ir_cron_pools", "ir_cron_end_contracts", "ir_cron_pools")
        self.assertEqual((contract.pool_balance, heir.pool_balance), (0.0, 10.0))
        self.assertTrue(contract.pool_ids.closed_on)
        self.assertFalse(contract.pool_ids.entry_ids.filtered(lambda entry: entry.kind == "expire"))

    def test_transferred_on_before_a_late_job(self):
        """Units and hours pass from hand to hand, though the job that hands them over has not run."""
        unit = self._create_unit(serial="MOVE-9")
        contract = self._create_contract(units=unit, pool_hours=10)
        second = contract._transfer(self.business, date(2026, 6, 1))
        with freeze_time("2026-07-10 10:00:00"):
            third = second._transfer(self.consumer, date(2026, 7, 1))
        self.assertEqual(unit.partner_id, self.consumer)
        self.assertEqual([c.pool_balance for c in (contract, second, third)], [0.0, 0.0, 10.0])
        self.assertEqual(third.cover_ids.unit_id, unit)

    def test_transfer_called_off(self):
        unit = self._create_unit(serial="MOVE-3")
        contract = self._create_contract(units=unit, pool_hours=10)
        heir = contract._transfer(self.business, date(2026, 6, 1))
        heir.action_cancel()
        self._run_jobs("2026-06-01")
        self.assertEqual(unit.partner_id, self.consumer)
        self.assertEqual((contract.pool_balance, heir.pool_balance), (10.0, 0.0))

    def test_transfer_of_today(self):
        unit = self._create_unit(serial="MOVE-4")
        contract = self._create_contract(units=unit, pool_hours=10)
        heir = contract._transfer(self.business, date(2026, 5, 15))
        self.assertEqual((contract.state, unit.partner_id), ("ended", self.business))
        self.assertEqual((contract.pool_balance, heir.pool_balance), (0.0, 10.0))
        self.assertEqual(heir.cover_ids.unit_id, unit)

    def test_units_that_stay(self):
        unit = self._create_unit(serial="MOVE-5")
        contract = self._create_contract(units=unit, pool_hours=10)
        heir = contract._transfer(self.business, date(2026, 6, 1), units=False)
        self._run_jobs("2026-06-01")
        self.assertEqual(unit.partner_id, self.consumer)
        self.assertEqual(heir.pool_balance, 10.0)

    def test_what_happens_to_units_meanwhile(self):
        """One that is replaced before the first day passes as the one in its place; one sold elsewhere does not."""
        old, new, sold = (self._create_unit(serial=serial) for serial in ("MOVE-6", "MOVE-7", "MOVE-8"))
        contract = self._create_contract(units=old + sold)
        heir = contract._transfer(self.business, date(2026, 6, 1))
        other = self.env["res.partner"].create({"name": "Third"})
        sold._change_owner(other, date(2026, 5, 15))
        old.replaced_by_id = new
        old._end("Replaced")
        self.assertEqual(contract.cover_ids.filtered(lambda cover: not cover.date_to).unit_id, new)
        self.assertEqual(heir.cover_ids.unit_id, new)
        self._run_jobs("2026-06-01")
        self.assertEqual((new.partner_id, sold.partner_id), (self.business, other))
        self.assertEqual(heir.cover_ids.unit_id, new)

    def test_units_taken_in_meanwhile(self):
        """What the contract takes in after the transfer was agreed passes on with the rest, and is paid for."""
        first, late, gone = (self._create_unit(serial=serial) for serial in ("MOVE-A", "MOVE-B", "MOVE-C"))
        contract = self._create_contract(
            units=first, line_ids=[Command.create({"product_id": self.fee.id, "pricing": "per_unit"})]
        )
        heir = contract._transfer(self.business, date(2026, 6, 1))
        self.env.cr.execute(
            "UPDATE after_sales_contract SET create_date = create_date - interval '1 hour' WHERE id = %s",
            [heir.id],
        )
        before = heir.amount_untaxed
        contract.cover_ids = [Command.create({"unit_id": unit.id}) for unit in (late, gone)]
        contract.cover_ids.filtered(lambda cover: cover.unit_id == gone).date_to = date(2026, 5, 20)
        self._run_jobs("2026-06-01", "ir_cron_end_contracts", "ir_cron_end_contracts")
        self.assertEqual(heir.cover_ids.unit_id, first + late)
        self.assertEqual((first + late).partner_id + gone.partner_id, self.business + self.consumer)
        self.assertEqual(heir.cover_ids.mapped("date_from"), [date(2026, 6, 1)] * 2)
        self.assertAlmostEqual(heir.amount_untaxed, 2 * before, delta=0.011)
        self.assertAlmostEqual(sum(row[2] for row in self._planned(heir)), heir.amount_untaxed, 2)

    def test_cover_that_waits_for_the_warranty(self):
        """It still begins after the warranty, whatever becomes of that when the unit changes hands."""
        self._create_term(duration=24)
        unit = self._create_unit(serial="MOVE-9", delivery_date=date(2024, 9, 1))
        contract = self._create_contract(units=unit, cover_policy="warranty_end")
        self.assertEqual(contract.cover_ids.date_from, date(2026, 9, 2))
        heir = contract._transfer(self.business, date(2026, 6, 1))
        self._run_jobs("2026-06-01")
        self.assertEqual(unit.partner_id, self.business)
        start = unit.warranty_end + timedelta(days=1) if unit.warranty_end else heir.date_start
        self.assertEqual(heir.cover_ids.date_from, max(start, heir.date_start))

    def test_says_which_hours_go_along(self):
        """Hours of the term and those bought apart pass to the new customer, those of a period stay."""
        contract = self._create_contract(pool_hours=10)
        wizard = self._wizard(contract, "transfer", partner_id=self.business, date=date(2026, 6, 1))
        self.assertIn("go along to Busy Ltd", wizard.effects)
        self.assertNotIn("lapse", wizard.effects)
        monthly = self._create_contract(pool_hours=3, pool_period="month", interval_unit="month")
        apart = self.env["after.sales.pool"].create({"name": "Apart", "contract_id": monthly.id})
        apart.entry_ids = [Command.create({"name": "Bought", "kind": "purchase", "quantity": 4})]
        wizard = self._wizard(monthly, "transfer", partner_id=self.business, date=date(2026, 6, 11))
        self.assertIn("left on that day: 4 (Apart)", wizard.effects)
        self.assertIn(
            f"stay with {monthly.partner_id.display_name} and lapse with his contract: 15", wizard.effects
        )
        heir = monthly.with_user(self.agent)._transfer(self.business, date(2026, 5, 15))
        self.assertEqual(heir.pool_ids.filtered(lambda pool: not pool.date_period).balance, 4.0)
        self.assertEqual(sum(monthly.pool_ids.mapped("balance")), 15.0)

    def test_transfer_of_monthly_hours(self):
        """The new customer has the hours of his days: 20 of the 30 days of June, then whole months as before."""
        contract = self._create_contract(pool_hours=3, pool_period="month", interval_unit="month")
        self.assertEqual(contract.pool_balance, 15.0, "January to May")
        heir = contract.with_user(self.agent)._transfer(self.business, date(2026, 6, 11))
        self.assertRecordValues(
            heir.pool_ids, [{"date_from": date(2026, 6, 11), "date_to": date(2026, 6, 30), "bought": 2.0}]
        )
        self.assertEqual(heir.pool_next_date, date(2026, 7, 1))
        self.assertFalse(contract.pool_ids.entry_ids.filtered(lambda entry: entry.kind == "adjust"))

    def test_transfer_without_credit(self):
        """The new customer pays from the day after what the old one was billed for."""
        contract = self._create_contract()
        self._bill(contract.instalment_ids.sorted("date_from")[:2])
        heir = contract._transfer(self.business, date(2026, 6, 1), credit=False)
        self.assertFalse(contract.credit_ids)
        self.assertEqual(heir.line_ids.date_from, date(2026, 7, 1))
        self.assertEqual(self._planned(heir)[0][0], date(2026, 7, 1))
        self.assertEqual(round(sum(row[2] for row in self._planned(heir)), 2), heir.amount_untaxed)

    def test_periods_go_on(self):
        """Both customers pay what one would have: the new one's first instalment is the rest of the quarter."""
        contract = self._create_contract(
            date_start=date(2026, 2, 16),
            line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 700.0})],
        )
        heir = contract._transfer(self.business, date(2026, 6, 11))
        third = heir._transfer(self.consumer, date(2026, 9, 5))
        self.assertEqual(
            [row[:2] for row in self._planned(heir)],
            [
                (date(2026, 6, 11), date(2026, 8, 15)),
                (date(2026, 8, 16), date(2026, 9, 4)),
            ],
        )
        self.assertEqual(
            [row[:2] for row in self._planned(third)],
            [
                (date(2026, 9, 5), date(2026, 11, 15)),
                (date(2026, 11, 16), date(2027, 2, 15)),
            ],
        )
        together = contract + heir + third
        self.assertAlmostEqual(sum(together.mapped("amount_untaxed")), 700.0, delta=0.011)
        for each in together:
            self.assertAlmostEqual(sum(row[2] for row in self._planned(each)), each.amount_untaxed, 2)

    def test_free_months_are_not_given_twice(self):
        contract = self._create_contract(free_months=2)
        before = contract.amount_untaxed
        heir = contract._transfer(self.business, date(2026, 6, 1))
        self.assertAlmostEqual(contract.amount_untaxed + heir.amount_untaxed, before, delta=0.011)
        self.assertEqual(self._planned(heir)[0][0], date(2026, 6, 1))

    def test_whole_term_price_that_is_kept(self):
        """The new customer pays from the day after what is billed, at the price that the old one had."""
        contract = self._create_contract(
            line_ids=[
                Command.create({"product_id": self.fee.id, "price_unit": 1200.0, "price_basis": "term"})
            ]
        )
        self._bill(contract.instalment_ids.sorted("date_from")[:2])
        heir = contract._transfer(self.business, date(2026, 6, 1), credit=False)
        self.assertAlmostEqual(heir.amount_untaxed, 600.0, delta=0.011)

    def test_visits_that_were_due(self):
        """What was owed before the transfer and is not done does not go silently."""
        plans = [
            Command.create(
                {
                    "service_id": self.service.id,
                    "interval": 1,
                    "interval_unit": "month",
                    "holiday_rule": "keep",
                }
            )
        ]
        contract = self._create_contract(visit_plan_ids=plans)
        contract.visit_ids.sorted("date")[:4].action_done()
        wizard = self._wizard(contract, "transfer", partner_id=self.business, date=date(2026, 6, 1))
        self.assertIn("called off: 7", wizard.effects)
        self.assertIn("still has due: 1 (", wizard.effects)
        wizard.date = date(2026, 5, 11)
        self.assertIn("are not done are called off too: 1 (", wizard.effects)
        self.assertIn("05/01/2026", wizard.effects)
        wizard.save().action_apply()
        self.assertEqual(len(contract.visit_ids.filtered(lambda visit: visit.state == "cancelled")), 8)
        self.assertIn("05/01/2026", "".join(contract.message_ids.mapped("body")))

    def test_transfer_of_a_price_for_the_whole_term(self):
        contract = self._create_contract(
            line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 365.0, "price_basis": "term"})]
        )
        heir = contract._transfer(self.business, date(2026, 12, 22))
        self.assertEqual(heir.amount_untaxed, 9.92, "10 of the 92 days of Q4, which costs 91.25")
        self.assertEqual(contract.amount_untaxed, 355.08)

    def test_transfer_that_does_not_fit(self):
        contract = self._create_contract()
        with self.assertRaisesRegex(UserError, "is the customer already"):
            contract._transfer(self.consumer, date(2026, 6, 1))
        with self.assertRaisesRegex(UserError, "change its customer"):
            contract._transfer(self.business, date(2026, 1, 1))
        self._bill(contract.instalment_ids)
        with self.assertRaisesRegex(UserError, "is billed until its end"):
            contract._transfer(self.business, date(2026, 6, 1), credit=False)
        self.assertEqual((contract.state, contract.date_closed), ("running", False))
