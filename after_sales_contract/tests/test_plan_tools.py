import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import periods, plan

CENT = Decimal("0.01")


def draw_contract(rng):
    """A random line of a random contract: term, rhythm, price, units that come and go."""
    start = date(2020, 1, 1) + timedelta(days=rng.randrange(4000))
    agreed = plan.Stretch(start, start + timedelta(days=rng.randrange(1, 900)))
    interval, unit = rng.randrange(1, 5), rng.choice(periods.UNITS)
    if unit in periods.DAYS:
        interval += 6  # a plan of single days is the same thing, and long
    anchor = periods.calendar_anchor(start, unit) if rng.random() < 0.5 else start
    rounding = rng.choice([CENT, Decimal("1"), Decimal("0.05"), Decimal("0.001")])
    schedule = plan.Schedule(interval, unit, rng.choice(["advance", "arrears"]), anchor, rounding)
    price = Decimal(rng.randrange(10**6)) / 100
    return agreed, schedule, price, rng.choice(["term", "year", "quarter", "month"])


def draw_units(rng, agreed, most=3):
    """Covered units: days within the term, and how many."""
    rows = []
    for __ in range(rng.randrange(1, most + 1)):
        first = agreed.start + timedelta(days=rng.randrange(agreed.days))
        last = first + timedelta(days=rng.randrange((agreed.stop - first).days + 1))
        stop = agreed.stop if rng.random() < 0.5 else last
        rows.append(plan.Stretch(first, stop, Fraction(rng.randrange(1, 40), rng.choice([1, 2, 10]))))
    return rows


@tagged("-at_install", "post_install")
class TestPlanTools(BaseCase):
    """The arithmetic of plans, over ten thousand random contracts and in tables of cases."""

    @settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**64))
    def test_ten_thousand_contracts(self, seed):
        rng = random.Random(seed)
        agreed, schedule, unit_price, basis = draw_contract(rng)
        units = draw_units(rng, agreed)
        total = self._total(unit_price, basis, agreed, units, schedule)
        rows = plan.instalments(total, units, schedule)
        self._assert_plan(rows, units, schedule, total)
        self._assert_changes(rng, (unit_price, basis, agreed, schedule), units, rows)

    def _total(self, unit_price, basis, agreed, units, schedule):
        return periods.to_unit(plan.price(unit_price, basis, agreed, units, schedule), schedule.rounding)

    def _assert_plan(self, rows, units, schedule, total):
        """To the cent, without overlap, nothing outside; each amount is its share of unit-days."""
        self.assertEqual(sum(row.amount for row in rows), total)
        weights = []
        for before, row in zip([None, *rows], rows, strict=False):
            self.assertTrue(before is None or before.stop < row.start)
            self.assertTrue(row.start <= row.due <= row.stop)
            self.assertEqual(row.days, (row.stop - row.start).days + 1)
            self.assertFalse(row.amount % schedule.rounding)
            first, last = plan._nominal(schedule, row.start)
            self.assertTrue(first <= row.start and row.stop <= last)
            self.assertEqual(row.is_partial, (row.start, row.stop) != (first, last))
            weights.append(row.unit_days / ((last - first).days + 1))
        for unit in units:
            covered = sum(part.days for row in rows if (part := unit.clipped(row.start, row.stop)))
            self.assertEqual(covered, unit.days, "every day of a unit lies in one instalment")
        rate = Fraction(total) / sum(weights)
        for row, weight in zip(rows, weights, strict=True):
            exact = rate * weight
            self.assertLess(abs(Fraction(row.amount) - exact), Fraction(schedule.rounding))

    def _assert_changes(self, rng, terms, units, rows):
        """Units come and go after some instalments were billed: the sum follows, and once all is billed it is still."""
        unit_price, basis, agreed, schedule = terms
        billed = [
            plan.Fixed(row.start, row.stop, row.amount, row.unit_days)
            for row in rows[: rng.randrange(len(rows) + 1)]
        ]
        units = [*units[:-1], *draw_units(rng, agreed, most=2)]
        total = self._total(unit_price, basis, agreed, units, schedule)
        rows = plan.instalments(total, units, schedule, billed)
        self.assertEqual(sum(row.amount for row in (*billed, *rows)), total)
        keys = [(row.start, row.correction) for row in (*billed, *rows)]
        self.assertEqual(len(set(keys)), len(keys), "two instalments with one key")
        everything = billed + [
            plan.Fixed(row.start, row.stop, row.amount, row.unit_days, row.correction) for row in rows
        ]
        again = plan.instalments(total, units, schedule, everything)
        self.assertEqual(sum(row.amount for row in again), 0)

    def test_a_whole_period_always_costs_the_same(self):
        """D05: 100 a month is 100 in every whole month, whatever the rhythm's first and last parts are."""
        schedule = plan.Schedule(1, "month", "advance", date(2026, 1, 1), CENT)
        for basis, price in (("month", 100), ("quarter", 300), ("year", 1200)):
            with self.subTest(basis=basis):
                term = plan.Stretch(date(2026, 2, 24), date(2026, 6, 15))
                total = self._total(Decimal(price), basis, term, [term], schedule)
                amounts = [str(row.amount) for row in plan.instalments(total, [term], schedule)]
                self.assertEqual(amounts, ["17.86", "100.00", "100.00", "100.00", "50.00"])

    def test_table_of_rhythms(self):
        """D25: due dates and days of unusual rhythms, in days, weeks, months and years; month ends stay month ends."""
        cases = [
            (
                (date(2026, 1, 31), 1, "month"),
                ["2026-01-31 28", "2026-02-28 31", "2026-03-31 30", "2026-04-30 31"],
            ),
            ((date(2024, 2, 29), 1, "year"), ["2024-02-29 365", "2025-02-28 365", "2026-02-28 365"]),
            ((date(2026, 11, 30), 1, "quarter"), ["2026-11-30 90", "2027-02-28 91", "2027-05-30 92"]),
            ((date(2026, 3, 1), 2, "week"), ["2026-03-01 14", "2026-03-15 14"]),
            ((date(2026, 12, 1), 10, "day"), ["2026-12-01 10", "2026-12-11 10", "2026-12-21 10"]),
        ]
        for (start, interval, unit), expected in cases:
            with self.subTest(start=start, unit=unit):
                stop = periods.add(start, interval * len(expected), unit) - periods.ONE_DAY
                schedule = plan.Schedule(interval, unit, "advance", start, CENT)
                rows = plan.instalments(Decimal("90.00"), [plan.Stretch(start, stop)], schedule)
                self.assertEqual([f"{row.due} {row.days}" for row in rows], expected)
                self.assertFalse(any(row.is_partial for row in rows))

    def test_early_end_corrects_nothing(self):
        """What an early end takes out of the priced days is credited elsewhere, once."""
        schedule = plan.Schedule(1, "quarter", "advance", date(2026, 1, 1), CENT)
        year = plan.Stretch(date(2026, 1, 1), date(2026, 12, 31))
        billed = [plan.Fixed(date(2026, 1, 1), date(2026, 3, 31), Decimal("300"), Fraction(90))]
        used = [year.clipped(date(2026, 1, 1), date(2026, 2, 14))]
        self.assertFalse(
            plan.instalments(Decimal("150"), used, schedule, billed, covers=[year], settle=False)
        )

    def test_one_correction_after_the_other(self):
        """Two units join on one day and one leaves, each after the bill of what was before."""
        schedule = plan.Schedule(1, "quarter", "advance", date(2026, 1, 1), CENT)
        unit = plan.Stretch(date(2026, 1, 1), date(2026, 12, 31))
        late = plan.Stretch(date(2026, 2, 1), date(2026, 12, 31))
        gone = plan.Stretch(date(2026, 2, 1), date(2026, 2, 28))
        fixed = [plan.Fixed(date(2026, 1, 1), date(2026, 3, 31), Decimal("90"), Fraction(90))]
        expected = [("2026-02-01", "59.00", 1), ("2026-02-01", "59.00", 2), ("2026-03-01", "-31.00", 3)]
        for units, row in zip(([unit, late], [unit, late, late], [unit, late, gone]), expected, strict=True):
            total = self._total(Decimal("90"), "quarter", unit, units, schedule)
            correction = plan.instalments(total, units, schedule, fixed)[0]
            self.assertEqual((str(correction.start), str(correction.amount), correction.correction), row)
            fixed.append(
                plan.Fixed(
                    correction.start,
                    correction.stop,
                    correction.amount,
                    correction.unit_days,
                    correction.correction,
                )
            )
