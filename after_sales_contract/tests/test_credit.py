import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import credit
from ..tools.plan import Stretch

CENT = Decimal("0.01")
FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 400)
STRETCHES = st.lists(
    st.builds(
        lambda start, length, quantity: Stretch(
            FIRST + timedelta(days=start), FIRST + timedelta(days=start + length), Fraction(quantity)
        ),
        DAYS,
        DAYS,
        st.integers(1, 5),
    ),
    max_size=5,
)
thorough = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def days_of(stretches):
    """Every day under contract with its quantity."""
    found = {}
    for stretch in stretches:
        for index in range(stretch.days):
            day = stretch.start + timedelta(days=index)
            found[day] = found.get(day, 0) + stretch.quantity
    return found


@tagged("-at_install", "post_install")
class TestCredit(BaseCase):
    """Unused days: what is credited is never more than was billed, and the parts are the whole."""

    def test_doctests(self):
        failed, attempted = doctest.testmod(credit)
        self.assertEqual(failed, 0)
        self.assertTrue(attempted)

    @thorough
    @given(STRETCHES, DAYS, DAYS)
    def test_without(self, stretches, start, length):
        first = FIRST + timedelta(days=start)
        last = first + timedelta(days=length)
        expected = {day: q for day, q in days_of(stretches).items() if not first <= day <= last}
        self.assertEqual(days_of(credit.without(stretches, [(first, last)])), expected)

    @thorough
    @given(STRETCHES, st.decimals(0, 100000, places=2), DAYS, DAYS)
    def test_unused(self, stretches, amount, billed_days, cut):
        billed = Stretch(FIRST, FIRST + timedelta(days=billed_days))
        split = FIRST + timedelta(days=cut)
        days, worth = credit.unused(amount, billed, stretches, split, date.max, CENT)
        __, before = credit.unused(amount, billed, stretches, date.min, split - timedelta(days=1), CENT)
        self.assertTrue(0 <= worth <= amount)
        self.assertTrue(0 <= days <= billed_days + 1)
        owed = [day for day in days_of(stretches) if billed.start <= day <= billed.stop]
        if owed:
            self.assertLessEqual(abs(before + worth - amount), CENT)
        else:
            self.assertEqual((before, worth), (0, 0))
        if owed and split > max(owed):
            self.assertEqual(worth, 0)
