import doctest

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.after_sales_helpdesk.tools import amounts


class TestSplitAmount(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(amounts)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    @settings(deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        cents=st.integers(-10_000_000, 10_000_000),
        weights=st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(sum),
    )
    def test_nothing_lost_and_nobody_a_cent_off(self, cents, weights):
        shares = [weight / sum(weights) for weight in weights]
        parts = amounts.split_amount(cents / 100, shares)
        self.assertEqual(sum(round(part * 100) for part in parts), cents)
        for part, share in zip(parts, shares, strict=True):
            self.assertLessEqual(abs(round(part * 100) - cents * share), 1.001)
            if not share:
                self.assertEqual(part, 0)
