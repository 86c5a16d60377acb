"""The decision table of coverage: who pays which share."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.coverage import PAYERS, Candidate, CoverageRequest, decide

REQUEST = CoverageRequest("k", 1, 2, 3, 4, "labour", None, quantity=4.0)


def offer(payer, share, source=1, quantity=None, priority=10, tariff=None, regime=None):
    regime = regime or {"warranty": "warranty"}.get(payer, "contract")
    return Candidate(
        "k",
        payer,
        ("x", source),
        share,
        regime,
        f"{payer} rule",
        f"{payer} {share:g}.",
        quantity,
        tariff,
        priority,
    )


#: (name, offers as (payer, share) or Candidate, shares by payer, regime)
TABLE = [
    ("nobody", [], {"customer": 1.0}, "on_demand"),
    ("warranty all", [("warranty", 1)], {"warranty": 1.0}, "warranty"),
    ("warranty half", [("warranty", 0.5)], {"warranty": 0.5, "customer": 0.5}, "warranty"),
    ("warranty applies but pays nothing", [("warranty", 0)], {"customer": 1.0}, "warranty"),
    ("contract all", [("contract", 1)], {"contract": 1.0}, "contract"),
    ("contract not included", [("contract", 0)], {"customer": 1.0}, "contract"),
    ("warranty before contract", [("contract", 1), ("warranty", 1)], {"warranty": 1.0}, "warranty"),
    ("contract fills", [("contract", 1), ("warranty", 0.3)], {"warranty": 0.3, "contract": 0.7}, "warranty"),
    (
        "contract fills in part",
        [("contract", 0.5), ("warranty", 0.3)],
        {"warranty": 0.3, "contract": 0.5, "customer": 0.2},
        "warranty",
    ),
    ("warranty refuses, contract pays", [("warranty", 0), ("contract", 1)], {"contract": 1.0}, "warranty"),
    ("both refuse", [("warranty", 0), ("contract", 0)], {"customer": 1.0}, "warranty"),
    ("pool all", [("pool", 1)], {"pool": 1.0}, "contract"),
    (
        "pool with an hour left of four",
        [offer("pool", 1, quantity=1.0)],
        {"pool": 0.25, "customer": 0.75},
        "contract",
    ),
    ("pool is empty", [offer("pool", 1, quantity=0.0)], {"customer": 1.0}, "contract"),
    ("pool below zero", [offer("pool", 1, quantity=-2.0)], {"customer": 1.0}, "contract"),
    ("pool has more", [offer("pool", 1, quantity=40.0)], {"pool": 1.0}, "contract"),
    ("contract before pool", [("pool", 1), ("contract", 0.5)], {"contract": 0.5, "pool": 0.5}, "contract"),
    ("goodwill last", [("goodwill", 1), ("warranty", 0.5)], {"warranty": 0.5, "goodwill": 0.5}, "warranty"),
    (
        "four payers",
        [("goodwill", 0.4), ("pool", 0.2), ("contract", 0.2), ("warranty", 0.2)],
        {"warranty": 0.2, "contract": 0.2, "pool": 0.2, "goodwill": 0.4},
        "warranty",
    ),
    (
        "better of two warranties",
        [("warranty", 0.5), ("warranty", 0.8)],
        {"warranty": 0.8, "customer": 0.2},
        "warranty",
    ),
    (
        "they do not add up",
        [("warranty", 0.5), ("warranty", 0.5)],
        {"warranty": 0.5, "customer": 0.5},
        "warranty",
    ),
    ("more than all", [("warranty", 1.7)], {"warranty": 1.0}, "warranty"),
    ("less than nothing", [("warranty", -1)], {"customer": 1.0}, "warranty"),
    (
        "customer by agreement",
        [("customer", 1), ("warranty", 0.5)],
        {"warranty": 0.5, "customer": 0.5},
        "warranty",
    ),
    (
        "another line's offer",
        [Candidate("z", "warranty", ("x", 1), 1, "warranty", "", "")],
        {"customer": 1.0},
        "on_demand",
    ),
]


class TestDecide(BaseCase):
    def test_table(self):
        for name, offers, shares, regime in TABLE:
            candidates = [o if isinstance(o, Candidate) else offer(*o) for o in offers]
            for order in itertools.permutations(candidates):
                with self.subTest(name):
                    decision = decide(REQUEST, order)
                    self.assertEqual({a.payer: a.share for a in decision.allocations}, shares)
                    self.assertEqual(decision.regime, regime)
                    self.assertAlmostEqual(decision.customer_share, shares.get("customer", 0.0), 9)
                    self.assertAlmostEqual(decision.covered_share, 1 - shares.get("customer", 0.0), 6)

    def test_grid(self):
        """Every pair of warranty and contract share in steps of a quarter: the warranty pays first."""
        for warranty, contract in itertools.product((0.0, 0.25, 0.5, 0.75, 1.0), repeat=2):
            decision = decide(REQUEST, [offer("contract", contract), offer("warranty", warranty)])
            paid = {a.payer: a.share for a in decision.allocations}
            self.assertEqual(paid.get("warranty", 0.0), warranty)
            self.assertEqual(paid.get("contract", 0.0), min(contract, 1 - warranty))
            self.assertEqual(paid.get("customer", 0.0), max(0.0, 1 - warranty - contract))

    def test_ties(self):
        older, newer = offer("contract", 1, source=1), offer("contract", 1, source=2)
        urgent = offer("contract", 1, source=3, priority=1)
        self.assertEqual(decide(REQUEST, [newer, older]).allocations[0].source, ("x", 1))
        self.assertEqual(decide(REQUEST, [newer, older, urgent]).allocations[0].source, ("x", 3))

    def test_reasons_tariff_and_payer(self):
        decision = decide(
            REQUEST,
            [
                offer("contract", 0.4, tariff=("t", 7)),
                offer("warranty", 0.2),
                offer("goodwill", 0, tariff=("t", 8)),
            ],
        )
        self.assertEqual(decision.reason, "warranty 0.2. contract 0.4. goodwill 0.")
        self.assertEqual(decision.tariff, ("t", 7))
        self.assertEqual(decision.main_payer, "contract")
        self.assertEqual(decision.allocations[-1].payer, "customer")
        self.assertEqual(decision.allocations[-1].reason, "goodwill 0.")
        self.assertEqual([a.quantity for a in decision.allocations], [0.8, 1.6, 1.6])
        nothing = decide(REQUEST, [], "post_warranty", "It ended.")
        self.assertEqual((nothing.regime, nothing.reason), ("post_warranty", "It ended."))

    @settings(deadline=None, max_examples=300)
    @given(
        st.lists(
            st.builds(
                offer,
                st.sampled_from(PAYERS),
                st.floats(0, 1.2),
                st.integers(1, 5),
                st.one_of(st.none(), st.floats(0, 10)),
                st.integers(1, 20),
            ),
            max_size=8,
        ),
        st.randoms(),
    )
    def _adds_up_in_any_order(self, offers, random):
        decision = decide(REQUEST, offers)
        self.assertAlmostEqual(sum(a.share for a in decision.allocations), 1.0, 9)
        self.assertTrue(all(a.share > 0 for a in decision.allocations))
        payers = [a.payer for a in decision.allocations]
        self.assertEqual(len(payers), len(set(payers)))
        shuffled = list(offers)
        random.shuffle(shuffled)
        other = decide(REQUEST, shuffled)
        self.assertEqual(
            [(a.payer, a.share) for a in other.allocations],
            [(a.payer, a.share) for a in decision.allocations],
        )

    def test_properties(self):
        self._adds_up_in_any_order()
