import doctest
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import credit, periods, plan
from ..tools.plan import Stretch
from .test_plan_tools import draw_contract

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

    @settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**64))
    def test_early_end_by_sums(self, seed):
        """Whatever was agreed, billed and paused: billed less credited, with what comes, is the price of the days served."""
        rng = random.Random(seed)
        agreed, schedule, unit_price, basis = draw_contract(rng)

        def price(stretches):
            exact = plan.price(unit_price, basis, agreed, stretches, schedule)
            return periods.to_unit(exact, schedule.rounding)

        def day():
            return agreed.start + timedelta(days=rng.randrange(agreed.days))

        billed = self._draw_billed(rng, price([agreed]), agreed, schedule)
        end, pause = day(), sorted((day(), day()))
        gaps = [pause] if rng.random() < 0.5 else []
        served = credit.without([Stretch(agreed.start, end)], gaps)
        owed = price(served)
        coming = price(credit.without(served, [(row.start, row.stop) for row in billed]))
        reasons = [(end + timedelta(days=1), date.max), *gaps]
        rows = [
            (
                row.amount,
                [
                    credit.unused(
                        row.amount, Stretch(row.start, row.stop), [agreed], *days, schedule.rounding
                    )[1]
                    for days in reasons
                ],
            )
            for row in billed
        ]
        given, due = credit.settle(owed, coming, rows, schedule.rounding)
        credits = [
            plan.Fixed(row.start, row.stop, -sum(parts), correction=1)
            for row, parts in zip(billed, given, strict=True)
        ]
        self.assertTrue(
            all(0 <= -back.amount <= row.amount for row, back in zip(billed, credits, strict=True))
        )
        self.assertTrue(due == 0 or not any(back.amount for back in credits), "one of both")
        fixed = billed + [row for row in credits if row.amount]
        rest = plan.instalments(owed, served, schedule, fixed, covers=[agreed], refund=False)
        self.assertTrue(all(row.amount >= 0 for row in rest))
        self.assertEqual(sum(row.amount for row in (*fixed, *rest)), owed)

    def _draw_billed(self, rng, total, agreed, schedule):
        """Billed instalments of a plan of which some were agreed by hand, much lower or higher."""
        fixed = []
        for __ in range(rng.randrange(3)):
            rows = plan.instalments(total, [agreed], schedule, fixed)
            for row in rows[: rng.randrange(len(rows) + 1)] if rng.random() < 0.8 else rows[1:2]:
                by_hand = periods.to_unit(
                    Fraction(rng.randrange(200), 100) * Fraction(row.amount), schedule.rounding
                )
                amount = max(by_hand if rng.random() < 0.5 else row.amount, Decimal(0))
                fixed.append(plan.Fixed(row.start, row.stop, amount, row.unit_days))
        return sorted(fixed, key=lambda row: row.start)
