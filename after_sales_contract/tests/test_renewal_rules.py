import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import adjust, batch, periods, renewal
from .test_tools import CENT, DAYS, thorough

TERM_UNITS = st.sampled_from(["day", "month", "year"])
PRICES = st.decimals(0, 100000, places=2)
D = date


@tagged("-at_install", "post_install")
class TestRenewalRules(BaseCase):
    """Terms and adjustments: tables of cases, and what must hold for whatever contract."""

    def test_doctests(self):
        for module in (adjust, batch, renewal):
            failed, attempted = doctest.testmod(module)
            self.assertEqual(failed, 0, module.__name__)
            self.assertTrue(attempted, module.__name__)

    def test_ends_and_notice_days(self):
        """D16: end = start + initial term + k x renewal term; notice = end - notice."""
        table = [
            # start, initial, renewal, k, end, notice, last day of notice
            (D(2026, 1, 1), (1, "year"), (1, "year"), 0, D(2026, 12, 31), (30, "day"), D(2026, 12, 1)),
            (D(2026, 1, 1), (3, "year"), (1, "year"), 1, D(2029, 12, 31), (3, "month"), D(2029, 9, 30)),
            (D(2026, 3, 15), (18, "month"), (12, "month"), 2, D(2029, 9, 14), (2, "month"), D(2029, 7, 14)),
            (D(2026, 3, 15), (18, "month"), (1, "year"), 2, D(2029, 9, 14), (60, "day"), D(2029, 7, 16)),
            (D(2026, 1, 31), (1, "month"), (1, "month"), 0, D(2026, 2, 27), (0, "day"), D(2026, 2, 27)),
            (D(2026, 1, 31), (1, "month"), (1, "month"), 1, D(2026, 3, 30), (10, "day"), D(2026, 3, 20)),
            (D(2026, 1, 31), (1, "month"), (1, "month"), 25, D(2028, 3, 30), (1, "month"), D(2028, 2, 28)),
            (D(2024, 2, 29), (1, "year"), (1, "year"), 0, D(2025, 2, 27), (1, "month"), D(2025, 1, 27)),
            (D(2024, 2, 29), (1, "year"), (1, "year"), 3, D(2028, 2, 28), (1, "month"), D(2028, 1, 28)),
            (D(2026, 5, 10), (90, "day"), (30, "day"), 4, D(2026, 12, 5), (15, "day"), D(2026, 11, 20)),
            (D(2026, 1, 31), (1, "month"), (10, "day"), 1, D(2026, 3, 9), (1, "day"), D(2026, 3, 8)),
            (D(2026, 1, 15), (45, "day"), (1, "month"), 1, D(2026, 3, 31), (5, "day"), D(2026, 3, 26)),
        ]
        for start, initial, again, number, end, notice, last in table:
            with self.subTest(start=start, initial=initial, renewal=again, number=number):
                self.assertEqual(renewal.term_end(start, *initial, *again, number), end)
                self.assertEqual(renewal.last_notice_day(end, *notice), last)

    @thorough
    @given(DAYS, st.integers(1, 60), TERM_UNITS, st.integers(1, 36), TERM_UNITS, st.integers(1, 12))
    def test_terms_follow_without_gap(self, start, initial, unit, again, again_unit, count):
        terms = (start, initial, unit, again, again_unit)
        end = renewal.term_end(*terms, 0)
        self.assertEqual(end, periods.end_of(start, initial, unit))
        for number in range(count):
            first, last = renewal.next_term(*terms, number, end)
            self.assertEqual(first, end + timedelta(days=1))
            self.assertLessEqual(first, last)
            end = last
        self.assertEqual(end, renewal.term_end(*terms, count))

    @thorough
    @given(DAYS, st.integers(0, 120), st.sampled_from(["day", "month"]))
    def test_notice_leaves_the_whole_period(self, end, notice, unit):
        last = renewal.last_notice_day(end, notice, unit)
        self.assertLessEqual(last, end)
        self.assertLessEqual(periods.add(last, notice, unit), end)

    @thorough
    @given(DAYS, st.integers(1, 12), st.sampled_from(periods.UNITS), st.integers(0, 2000))
    def test_visits_keep_their_rhythm(self, base, interval, unit, days):
        day = base + timedelta(days=days)
        found = renewal.next_occurrence(base, interval, unit, day)
        self.assertGreaterEqual(found, day)
        self.assertIn(found, periods.occurrences(base, found, interval, unit))
        if found > base:
            before = [d for d in periods.occurrences(base, found, interval, unit) if d < found]
            self.assertLess(before[-1], day)

    def test_index_table(self):
        """D11: base month, share of the variation, floor, new base year, holes."""
        figures = {
            D(2025, 1, 1): adjust.Figure(Decimal("120.0")),
            D(2025, 12, 1): adjust.Figure(Decimal("121.5")),
            D(2026, 1, 1): adjust.Figure(Decimal("100.2"), Decimal("1.214")),
            D(2026, 4, 1): adjust.Figure(Decimal("99.0")),
        }
        ratio = adjust.index_ratio(figures, D(2025, 1, 1), D(2025, 12, 1))
        self.assertEqual(ratio, Fraction(1215, 1200))
        self.assertEqual(adjust.varied(ratio, Decimal(75)), 1 + Fraction(15, 1200) * Fraction(3, 4))
        linked = adjust.index_ratio(figures, D(2025, 1, 1), D(2026, 1, 1))
        self.assertEqual(linked, Fraction("100.2") * Fraction("1.214") / 120)
        self.assertEqual(adjust.index_ratio(figures, D(2026, 1, 1), D(2025, 1, 1)), 1 / linked)
        fallen = adjust.index_ratio(figures, D(2026, 1, 1), D(2026, 4, 1))
        self.assertLess(adjust.varied(fallen), 1)
        self.assertEqual(adjust.varied(fallen, never_below=True), 1)
        for base, now, missing in (
            (D(2025, 2, 1), D(2025, 12, 1), D(2025, 2, 1)),
            (D(2025, 1, 1), D(2026, 5, 1), D(2026, 5, 1)),
        ):
            with self.assertRaises(adjust.MissingFigure) as caught:
                adjust.index_ratio(figures, base, now)
            self.assertEqual(caught.exception.month, missing)

    @thorough
    @given(PRICES, st.decimals(-100, 100, places=3), st.decimals(0, 100, places=1))
    def test_share_lies_between(self, price, percent, share):
        ratio = adjust.percent_ratio(percent)
        part = adjust.varied(ratio, share)
        self.assertTrue(min(ratio, 1) <= part <= max(ratio, 1))
        self.assertGreaterEqual(adjust.varied(ratio, share, never_below=True), 1)
        new = adjust.scaled(price, part)
        self.assertEqual(new % CENT, 0)
        self.assertLessEqual(abs(Fraction(new) - Fraction(price) * part), Fraction(1, 200))

    @thorough
    @given(
        st.lists(
            st.tuples(PRICES, st.sampled_from([Fraction(0), Fraction(1), Fraction(12), Fraction(5, 3)])),
            min_size=1,
            max_size=8,
        ),
        st.integers(0, 10**8),
    )
    def test_spread_reaches_the_total(self, rows, cents):
        """CT-14: a flat amount is met to the cent when a price counts once, else as near as its step allows."""
        priced = [adjust.Priced(price, units) for price, units in rows]
        total = Fraction(cents, 100)
        prices = adjust.spread(priced, total)
        counted = [units for __, units in rows if units]
        if not counted:
            return self.assertEqual(prices, [price for price, __ in rows])
        reached = sum(Fraction(price) * units for price, (__, units) in zip(prices, rows, strict=True))
        self.assertLessEqual(abs(reached - total), min(counted) * Fraction(1, 200))
        self.assertTrue(all(price % CENT == 0 for price in prices))

    @thorough
    @given(PRICES, st.integers(1, 60), st.integers(1, 60))
    def test_price_of_a_longer_term(self, price, old, new):
        self.assertEqual(adjust.for_term(price, Fraction(old), Fraction(old)), price)
        ratio = Fraction(new, old)
        self.assertLessEqual(
            abs(Fraction(adjust.for_term(price, Fraction(old), Fraction(new))) - Fraction(price) * ratio),
            Fraction(1, 200),
        )
