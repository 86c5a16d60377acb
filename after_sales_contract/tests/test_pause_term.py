from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .life_common import LifeCommon
from .renewal_common import RenewalCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-15 10:00:00")
class TestPauseTerm(LifeCommon, RenewalCommon):
    """A pause without end and the end of the term: it is paid for by nobody, and goes on in the next term."""

    def test_next_term_begins_paused(self):
        contract = self._create_tacit()
        contract.with_user(self.agent)._pause(date(2026, 11, 1), reason="Works closed")
        after = self._renew(contract)
        self.assertRecordValues(after.pause_ids, [{"date_from": date(2027, 1, 1), "date_to": False}])
        self.assertEqual(after.pause_ids.reason, "Works closed")
        self.assertFalse(self._planned(after), "nothing is due for days without service")
        self._wizard(contract, "resume", date=date(2026, 12, 1)).save().action_apply()
        self.assertFalse(after.pause_ids)
        self.assertEqual(sum(row[2] for row in self._planned(after)), 1200.0)

    def test_paused_after_its_renewal(self):
        contract = self._create_tacit()
        after = self._renew(contract)
        wizard = self._wizard(contract, "pause", date=date(2026, 12, 1))
        self.assertIn(f"{after.name}, is paused too", wizard.effects)
        wizard.save().action_apply()
        self.assertFalse(self._planned(after))
        with freeze_time("2027-02-01"):
            contract._end()
            self._wizard(after, "resume", date=date(2027, 4, 1)).save().action_apply()
        self.assertEqual(self._planned(after)[0], (date(2027, 4, 1), date(2027, 6, 30), 300.0))
        self.assertEqual(contract.pause_ids.date_to, date(2026, 12, 31))

    def test_paused_until_the_end(self):
        """Billed for the whole year, paused since November and never resumed: 61 of 365 days are given back."""
        contract = self._create_contract(interval_unit="year")
        self._bill(contract.instalment_ids)
        contract._pause(date(2026, 11, 1))
        self.assertFalse(contract.credit_ids, "it may be resumed")
        with freeze_time("2027-01-02"):
            contract._end()
        self.assertEqual((contract.credit_ids.days, contract.credit_amount), (61, 200.55))
        self.assertEqual(contract.amount_untaxed, 999.45)

    def test_proposed_term_follows_the_pause(self):
        """Not agreed to yet, it begins as the term before stands on its last day: paused, or in force again."""
        contract = self._create_contract()
        contract._pause(date(2026, 11, 1))
        after = self._renew(contract)
        self.assertEqual(after.state, "proposed")
        self.assertEqual(after.pause_ids.date_from, date(2027, 1, 1))
        contract._resume(date(2026, 11, 20))
        self.assertFalse(after.pause_ids)
        self.assertEqual(sum(row[2] for row in self._planned(after)), 1200.0)
        contract._pause(date(2026, 12, 1))
        self.assertEqual(after.pause_ids.date_from, date(2027, 1, 1))

    def test_resuming_leaves_other_pauses_of_the_next_term(self):
        contract = self._create_tacit()
        after = self._renew(contract)
        after._pause(date(2027, 8, 1), date(2027, 8, 31))
        contract._pause(date(2026, 12, 1), date(2026, 12, 31))
        contract._resume(date(2026, 12, 10))
        self.assertRecordValues(
            after.pause_ids, [{"date_from": date(2027, 8, 1), "date_to": date(2027, 8, 31)}]
        )

    def test_hours_carried_over_into_the_next_term(self):
        """What is left when the pause begins waits past the end of the term for the first pool after the pause."""
        contract = self._create_tacit(
            scope="customer", includes=(), pool_hours=30, pool_period="month", pool_rollover=5
        )
        after = self._renew(contract)
        contract._pause(date(2026, 12, 1))
        november = contract.pool_ids.filtered(lambda pool: pool.date_period == date(2026, 11, 1))
        self._run_job("ir_cron_pools", "2027-01-20 09:00:00")
        with freeze_time("2027-01-20"):
            contract._end()
        self._run_job("ir_cron_pools", "2027-02-20 09:00:00")
        self.assertFalse(november.closed_on)
        with freeze_time("2027-03-01"):
            after._resume(date(2027, 3, 1))
        self._run_job("ir_cron_pools", "2027-03-02 09:00:00")
        self.assertEqual(november.balance, 0.0)
        self.assertEqual(after.pool_ids.sorted("date_period").mapped("bought"), [5.0, 35.0])

    def test_freed_invoice_and_the_credit_of_a_pause(self):
        """The invoice of the year is deleted after paused days were credited: the year is owed, less the credit."""
        contract = self._create_contract(interval_unit="year")
        self._bill(contract.instalment_ids)
        contract._pause(date(2026, 3, 1), date(2026, 3, 31))
        self.assertEqual(contract.credit_amount, 101.92)
        self._bill(contract.instalment_ids.browse())
        contract._sync_plan()
        self.assertEqual(sorted(row[2] for row in self._planned(contract)), [-101.92, 1200.0])
        self.assertEqual(contract.amount_untaxed, 1098.08)
