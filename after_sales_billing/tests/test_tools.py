import doctest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.after_sales_billing.tools import isolate, rates

CENT = Decimal("0.01")
money = st.decimals(min_value=-5000, max_value=5000, places=2).map(float)
quantities = st.decimals(min_value=0, max_value=500, places=2).map(float)
prices = st.decimals(min_value=0, max_value=900, places=2).map(float)


@st.composite
def charges(draw):
    rows = []
    for key in range(draw(st.integers(0, 25))):
        quantity, price = draw(quantities), draw(prices)
        share = draw(st.sampled_from([1.0, 1.0, 1.0, 0.5, 0.4, 1 / 3, 0.333, 0.07]))
        amount = rates.round_to(quantity * price * share, 0.01)
        if draw(st.booleans()) and draw(st.booleans()):
            amount = draw(money)  # a limit, a minimum or a hand may have made the amount something else
        own = (
            round(quantity * share, 2) if draw(st.booleans()) else None
        )  # a pool left him hours, or money is shared
        rows.append(rates.Billed(key, draw(st.sampled_from("abc")), quantity, price, amount, share, own=own))
    return rows


def total(values):
    return sum((Decimal(repr(value)) for value in values), Decimal(0))


@tagged("after_sales_tools")
class TestTools(BaseCase):
    def test_doctests(self):
        for module in (isolate, rates):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    @settings(max_examples=300, deadline=None)
    @given(charges())
    def test_lines_say_what_the_charges_sum_to(self, rows):
        """D85 and to the cent: every charge in one line, no line mixes rates, each line's arithmetic gives its amount"""
        lines = rates.plan_lines(rows)
        self.assertEqual(sorted(item.key for line in lines for item in line.items), [row.key for row in rows])
        self.assertEqual(total(line.amount for line in lines), total(row.amount for row in rows))
        for line in lines:
            self.assertEqual(len({(item.rate, item.price, item.share) for item in line.items}), 1)
            self.assertEqual(
                rates.round_to(line.quantity * (line.price * (1 - line.discount / 100.0)), 0.01), line.amount
            )
            self.assertEqual(total(item.amount for item in line.items), Decimal(repr(line.amount)))
            if line.exact:
                self.assertEqual(line.price, line.items[0].price)
                self.assertEqual(len({item.own is None for item in line.items}), 1)
            if line.exact and line.items[0].own is not None:
                self.assertEqual(line.discount, 0.0)
                self.assertEqual(total(item.own for item in line.items), Decimal(repr(line.quantity)))

    def test_hours_that_a_pool_left(self):
        """The customer's hours are the quantity of the line; where they do not give his amount it is a lump sum."""
        cases = [
            # charges (hours, customer's hours, amount), lines (quantity, price, discount, exact)
            ([(3.0, 1.0, 66.5)], [(1.0, 66.5, 0.0, True)]),
            ([(3.0, 1.0, 66.5), (6.0, 2.0, 133.0)], [(3.0, 66.5, 0.0, True)]),
            ([(3.0, None, 66.5)], [(1.0, 66.5, 0.0, False)]),
            ([(3.0, None, 66.47), (3.0, 1.0, 66.5)], [(3.0, 66.5, 66.68, True), (1.0, 66.5, 0.0, True)]),
            ([(3.0, 1.0, 66.49)], [(1.0, 66.49, 0.0, False)]),
            ([(-3.0, -1.0, -66.5)], [(-1.0, 66.5, 0.0, True)]),
        ]
        for charges_, lines in cases:
            rows = [
                rates.Billed(
                    key, "labour", hours, 66.5, amount, 0.3332 if amount == 66.47 else 1 / 3, own=own
                )
                for key, (hours, own, amount) in enumerate(charges_)
            ]
            with self.subTest(charges=charges_):
                planned = rates.plan_lines(rows)
                self.assertEqual(
                    [(line.quantity, line.price, line.discount, line.exact) for line in planned], lines
                )

    @settings(max_examples=300, deadline=None)
    @given(money, st.lists(money, min_size=1, max_size=12))
    def test_allocate_sums_to_the_total(self, amount, weights):
        parts = rates.allocate(amount, weights)
        self.assertEqual(total(parts), total([amount]))
        self.assertEqual(len(parts), len(weights))
        self.assertTrue(all(part * amount >= 0 for part in parts))

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.booleans(), max_size=80), st.integers(1, 20))
    def test_bisect_finds_exactly_the_guilty(self, poisoned, size):
        """D01: all good ones are done once, all bad ones are named, and a bad one costs about log2(n) attempts"""
        items = list(enumerate(poisoned))
        worked, attempts = [], 0

        def attempt(batch):
            nonlocal attempts
            attempts += 1
            if any(bad for __, bad in batch):
                raise ValueError("poison")
            worked.extend(batch)

        done, failed = [], []
        for chunk in isolate.chunks(items, size):
            chunk_done, chunk_failed = isolate.bisect_failures(chunk, attempt)
            done += chunk_done
            failed += chunk_failed
        self.assertEqual(done, worked)
        self.assertEqual(done, [item for item in items if not item[1]])
        self.assertEqual([item for item, __ in failed], [item for item in items if item[1]])
        batches = -(-len(items) // size)
        self.assertLessEqual(attempts, batches + 2 * len(failed) * size.bit_length())

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.booleans(), min_size=1, max_size=40))
    def test_guilty_leaves_the_rest_workable(self, poisoned):
        items = list(enumerate(poisoned))

        def probe(batch):
            if any(bad for __, bad in batch):
                raise ValueError("poison")

        guilty = isolate.find_guilty(items, probe)
        self.assertEqual([item for item, __ in guilty], [item for item in items if item[1]])
