import doctest
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.after_sales_billing.tools import rates, recovery

Term = recovery.Term
claims = st.lists(st.decimals(min_value="0.01", max_value=9000, places=2).map(float), min_size=1, max_size=12)


@tagged("after_sales_tools")
class TestRecoveryTools(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(recovery).failed, 0)

    def test_which_term_holds(self):
        """Company before all, later before earlier, none but parts without an agreement"""
        old = Term("labour", 0.2)
        new = Term("labour", 0.4, date_from=date(2026, 1, 1))
        own = Term("labour", 0.9, company=2)
        past = Term("part", 0.5, date_to=date(2025, 6, 30))
        day = date(2026, 3, 9)
        for terms, cost_class, when, company, share in [
            ([], "part", day, 1, 1.0),
            ([], "travel", day, 1, None),
            ([old, new], "labour", day, 1, 0.4),
            ([old, new], "labour", date(2025, 12, 31), 1, 0.2),
            ([old, new, own], "labour", day, 2, 0.9),
            ([old, new, own], "labour", day, 1, 0.4),
            ([old], "part", day, 1, None),
            ([past], "part", date(2025, 6, 30), 1, 0.5),
            ([past], "part", day, 1, 1.0),
            ([own], "part", day, 1, 1.0),
        ]:
            with self.subTest(terms=terms, cost_class=cost_class, when=when, company=company):
                term = recovery.find_term(terms, cost_class, when, company)
                self.assertEqual(term and term.share, share)

    def test_what_is_recoverable(self):
        for value, customer, share, unit, expected in [
            (70.0, 0.0, 1.0, 0.01, 70.0),
            (70.0, 1.0, 1.0, 0.01, 0.0),
            (70.0, 0.333333, 0.5, 0.01, 23.33),
            (0.01, 0.5, 1.0, 0.01, 0.01),
            (0.01, 0.0, 0.4, 0.01, 0.0),
            (1234.0, 0.0, 0.35, 1.0, 432.0),
            (-20.0, 0.0, 1.0, 0.01, 0.0),
            (50.0, 1.2, 1.0, 0.01, 0.0),
        ]:
            with self.subTest(value=value, customer=customer, share=share):
                self.assertEqual(recovery.recoverable(value, customer, share, unit), expected)

    def test_unknown_rule(self):
        with self.assertRaises(ValueError):
            recovery.group([(recovery.Due(1, 1, 1), "batch")])

    @settings(max_examples=300, deadline=None)
    @given(claims, st.integers(0, 100))
    def test_a_sum_is_spread_to_the_cent(self, claimed, percent):
        total = rates.round_to(sum(claimed) * percent / 100, 0.01)
        parts = recovery.spread(total, claimed)
        self.assertEqual(rates.round_to(sum(parts), 0.01), total)
        for part, most in zip(parts, claimed, strict=True):
            self.assertTrue(0 <= part <= most, (part, most))
