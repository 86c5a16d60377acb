from datetime import date

from freezegun import freeze_time

from .life_common import LifeCommon


@freeze_time("2026-01-10 09:00:00")
class TestPoolPause(LifeCommon):
    """Hours of a period follow the days for which it is paid: none for a paused month, a part for a part of one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(
            scope="customer", includes=(), pool_hours=30, pool_period="month", pool_rollover=5
        )

    def _run_job(self, day):
        with freeze_time(f"{day} 09:00:00"), self.enter_registry_test_mode():
            self.env.ref("after_sales_contract.ir_cron_pools").method_direct_trigger()

    def _hours(self):
        return {pool.date_period.month: pool.bought for pool in self.contract.pool_ids.sorted("date_period")}

    def _entry_hours(self):
        """Hours that the contract gave, by month, without what was carried over or lost."""
        given = self.contract.pool_ids.entry_ids.filtered(lambda entry: entry.kind in ("purchase", "adjust"))
        hours = {}
        for entry in given:
            month = entry.pool_id.date_period.month
            hours[month] = round(hours.get(month, 0) + entry.quantity, 2)
        return dict(sorted(hours.items()))

    def test_paused_months_have_no_hours(self):
        """Paused from 16 February until it is resumed on 11 May: nothing for March and April, before or after."""
        contract = self.contract.with_user(self.agent)
        contract._pause(date(2026, 2, 16))
        self._run_job("2026-02-01")
        self.assertEqual(self._entry_hours(), {1: 30.0, 2: 16.07}, "15 of 28 days")
        self._run_job("2026-04-20")
        self.assertEqual(self._entry_hours(), {1: 30.0, 2: 16.07})
        self.assertFalse(contract.pool_next_date)
        with freeze_time("2026-05-08"):
            contract._resume(date(2026, 5, 11))
        self.assertEqual(contract.pool_next_date, date(2026, 5, 11))
        self._run_job("2026-05-11")
        self.assertEqual(self._entry_hours(), {1: 30.0, 2: 16.07, 5: 20.32}, "21 of 31 days")
        may = contract.pool_ids.filtered(lambda pool: pool.date_period.month == 5)
        self.assertEqual((may.date_from, may.date_to), (date(2026, 5, 11), date(2026, 5, 31)))
        self._run_job("2026-06-01")
        self.assertEqual(self._entry_hours(), {1: 30.0, 2: 16.07, 5: 20.32, 6: 30.0})

    def test_rest_waits_for_the_end_of_the_pause(self):
        """What may be carried over is not lost because no next pool is open: it goes to the first one after it."""
        self.contract._pause(date(2026, 2, 1), date(2026, 3, 31))
        self._run_job("2026-02-10")
        january = self.contract.pool_ids
        self.assertFalse(january.closed_on)
        self._run_job("2026-04-01")
        self.assertEqual(self._hours(), {1: 30.0, 4: 35.0})
        self.assertTrue(january.closed_on)

    def test_pause_of_an_open_month(self):
        """Hours of its paused days are taken out, those that were used stay, and come back when it is resumed."""
        pool = self.contract.pool_ids
        self.contract.with_user(self.agent)._pause(date(2026, 1, 11))
        self.assertEqual(pool.bought, 9.68, "10 of 31 days")
        self.contract.with_user(self.agent)._resume(date(2026, 1, 22))
        self.assertEqual(pool.bought, 19.35, "20 of 31 days")
        pool._consume([{"name": "Visit", "quantity": 18}])
        self.contract.with_user(self.agent)._pause(date(2026, 1, 25))
        self.assertEqual((pool.bought, pool.balance), (18.0, 0.0), "used hours are no debt")

    def test_begins_paused(self):
        """A term ahead that is paused from its first day has no hours until it is resumed."""
        ahead = self._create_contract(
            scope="customer",
            includes=(),
            pool_hours=30,
            pool_period="month",
            date_start=date(2026, 3, 1),
        )
        self.assertEqual(ahead.pool_ids.bought, 30.0)
        ahead._pause(date(2026, 3, 1))
        self.assertEqual(ahead.pool_ids.bought, 0.0)
        ahead._resume(date(2026, 3, 1))
        self.assertEqual(ahead.pool_ids.bought, 30.0)

    def test_hours_of_the_term_are_a_package(self):
        contract = self._create_contract(scope="customer", includes=(), pool_hours=10)
        contract._pause(date(2026, 2, 1), date(2026, 3, 31))
        self._run_job("2026-04-02")
        self.assertEqual(contract.pool_ids.mapped("bought"), [10.0])
