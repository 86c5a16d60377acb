import doctest
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import bands, periods, plan, pools, profit, tariff

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
LENGTHS = st.integers(0, 1500)
UNITS = st.sampled_from(periods.UNITS)
INTERVALS = st.integers(1, 6)
CENT = Decimal("0.01")

#: Slow machines are no failure of the rules.
thorough = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@tagged("-at_install", "post_install")
class TestTools(BaseCase):
    """The pure rules: their doctests, and what must hold for whatever contract."""

    def test_doctests(self):
        for module in (bands, periods, plan, pools, profit, tariff):
            failed, attempted = doctest.testmod(module)
            self.assertEqual(failed, 0, module.__name__)
            self.assertTrue(attempted, module.__name__)

    @thorough
    @given(DAYS, LENGTHS, INTERVALS, UNITS, st.booleans())
    def test_periods_no_gap_no_overlap(self, start, length, interval, unit, on_calendar):
        stop = start + timedelta(days=length)
        anchor = periods.calendar_anchor(start, unit) if on_calendar else start
        cut = periods.split(start, stop, interval, unit, anchor)
        self.assertEqual((cut[0].start, cut[-1].stop), (start, stop))
        for before, after in zip(cut, cut[1:], strict=False):
            self.assertEqual(after.start - before.stop, timedelta(days=1))
        for period in cut[1:-1]:
            self.assertFalse(period.is_partial)
        self.assertTrue(all(0 < period.weight <= 1 for period in cut))

    @thorough
    @given(
        DAYS,
        LENGTHS,
        INTERVALS,
        UNITS,
        st.decimals(0, 100000, places=4),
        st.sampled_from(["term", "month", "quarter", "year"]),
        st.sampled_from([CENT, Decimal("1"), Decimal("0.05"), Decimal("0.001")]),
    )
    def test_sum_of_instalments_is_the_price(self, start, length, interval, unit, price, basis, rounding):
        term = plan.Stretch(start, start + timedelta(days=length))
        schedule = plan.Schedule(interval, unit, "advance", start, rounding)
        total = periods.to_unit(plan.price(price, basis, term, [term], schedule), rounding)
        rows = plan.instalments(total, [term], schedule)
        self.assertEqual(sum(row.amount for row in rows), total)
        self.assertTrue(all(row.amount % rounding == 0 for row in rows))
        self.assertTrue(all(term.start <= row.start <= row.due <= row.stop <= term.stop for row in rows))
        if basis == "term":
            self.assertEqual(total, periods.to_unit(Fraction(price), rounding))

    @thorough
    @given(DAYS, st.integers(40, 1500), UNITS, st.integers(0, 10**7), st.data())
    def test_what_is_billed_stays_and_the_rest_adds_up(self, start, length, unit, cents, data):
        term = plan.Stretch(start, start + timedelta(days=length))
        schedule = plan.Schedule(1, unit, "arrears", start, CENT)
        rows = plan.instalments(Decimal(cents) * CENT, [term], schedule)
        billed = rows[: data.draw(st.integers(0, len(rows) - 1))]
        fixed = [plan.Fixed(row.start, row.stop, row.amount, row.unit_days) for row in billed]
        changed = Decimal(data.draw(st.integers(0, 10**7))) * CENT
        left = plan.instalments(changed, [term], schedule, fixed)
        self.assertEqual(sum(row.amount for row in left) + sum(row.amount for row in billed), changed)
        self.assertEqual([row.start for row in billed + left], [row.start for row in rows])

    @thorough
    @given(
        st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
        st.integers(0, 5 * 24 * 60),
        st.sampled_from(["Europe/Rome", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]),
    )
    def test_slices_are_the_whole_time(self, start, minutes, tz):
        ordinary = bands.Band("ordinary", tuple(bands.Rule(day, 8, 17) for day in range(5)))
        night = bands.Band("night", (bands.Rule(None, 0, 2.5), bands.Rule(None, 22, 24)))
        stop = start + timedelta(minutes=minutes)
        cut = bands.split(start, stop, tz, [ordinary, night, bands.Band("rest")])
        self.assertAlmostEqual(sum(piece.hours for piece in cut), minutes / 60, places=6)
        for before, after in zip(cut, cut[1:], strict=False):
            self.assertEqual(before.stop, after.start)
            self.assertNotEqual((before.date, before.band), (after.date, after.band))

    @thorough
    @given(st.floats(0, 1000), st.floats(0, 10), st.sampled_from([0, 0.1, 0.25, 0.5, 1]))
    def test_billable_never_less(self, quantity, minimum, step):
        result = tariff.billable(quantity, minimum, step)
        self.assertGreaterEqual(result, round(quantity, 6))
        self.assertLessEqual(result, max(quantity, minimum) + step + 1e-5)

    def test_months_keep_their_day(self):
        """CT-05: a schedule from the 31st is on the last day of short months only."""
        cut = periods.split(date(2027, 12, 31), date(2028, 6, 29), 1, "month")
        self.assertEqual(
            [period.start for period in cut],
            [
                date(2027, 12, 31),
                date(2028, 1, 31),
                date(2028, 2, 29),
                date(2028, 3, 31),
                date(2028, 4, 30),
                date(2028, 5, 31),
            ],
        )
        self.assertFalse(any(period.is_partial for period in cut))

    def test_worked_recognition(self):
        """Yearly contract of 1200 from 15 March: 17 of 365 days in March, 55.89."""
        earned = profit.recognise(Decimal(1200), date(2025, 3, 15), date(2026, 3, 14))
        self.assertEqual(earned[date(2025, 3, 1)], Decimal("55.89"))
        self.assertEqual(sum(earned.values()), 1200)
        self.assertEqual(len(earned), 13)

    @thorough
    @given(st.decimals(-100000, 100000, places=2), DAYS, LENGTHS)
    def test_recognition_sums_to_the_cent(self, amount, start, days):
        stop = start + timedelta(days=days)
        earned = profit.recognise(amount, start, stop)
        self.assertEqual(sum(earned.values()), amount)
        self.assertEqual(min(earned), start.replace(day=1))
        self.assertEqual(max(earned), stop.replace(day=1))
