from collections import defaultdict
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common_field import DAY, FieldCommon

QUARTERS = 4 * 24 * 5
"""Visits fall into the five days before now, cut in quarters of an hour."""


@st.composite
def visits(draw):
    """Sessions one after the other, with gaps, over several days and nights; parts, expenses, per-diem."""
    sessions, moment = [], 0
    for __ in range(draw(st.integers(0, 5))):
        moment += draw(st.integers(0, 30))
        length = draw(st.integers(1, 90))
        if moment + length > QUARTERS:
            break
        kind = draw(st.sampled_from(["travel", "work", "waiting"]))
        distance = draw(st.integers(0, 300)) if kind == "travel" else 0
        sessions.append((kind, moment, moment + length, distance))
        moment += length
    return {
        "sessions": sessions,
        "parts": draw(st.lists(st.integers(1, 5), max_size=3)),
        "expenses": draw(st.lists(st.integers(0, 5000), max_size=3)),
        "per_diem_days": draw(st.sampled_from([0, 0.5, 1, 3])),
        "call_out": draw(st.booleans()),
    }


@tagged("post_install", "-at_install")
class TestChargeProperty(FieldCommon):
    """Nothing chargeable is ever missing or double, whatever a visit looks like (D84, D87)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls._create_covered_unit(labour=33.0, travel=50.0)

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(visits())
    def test_random_visits(self, facts):
        savepoint = self.env.cr.savepoint()
        try:
            self._check(facts)
        finally:
            savepoint.rollback()
            self.env.invalidate_all()

    def _check(self, facts):
        visit = self._create_visit(
            unit_id=self.unit.id, call_out=facts["call_out"], per_diem_days=facts["per_diem_days"]
        )
        start = DAY - timedelta(days=5)
        for kind, first, last, distance in facts["sessions"]:
            visit.env["after.sales.session"].create(
                {
                    "intervention_id": visit.id,
                    "kind": kind,
                    "date_start": start + timedelta(minutes=15 * first),
                    "date_stop": start + timedelta(minutes=15 * last),
                    "distance_km": distance,
                }
            )
        for quantity in facts["parts"]:
            self._add_part(visit, self.part_a, quantity)
        for cents in facts["expenses"]:
            visit.env["after.sales.intervention.expense"].create(
                {"intervention_id": visit.id, "name": "Toll", "amount": cents / 100, "date": DAY}
            )
        charges = self._finish(visit)
        self._assert_complete(facts, charges)
        self._assert_shared(charges)
        self.assertFalse(
            self.env["after.sales.charge"]._make_from(visit._get_charge_sources()),
            "a second time makes nothing",
        )
        before = self._summarise(charges)
        visit.action_reopen()
        self.assertEqual(set(charges.mapped("state")) - {"cancelled"}, set())
        self.assertEqual(self._summarise(self._finish(visit)), before, "done again is the same")

    def _assert_complete(self, facts, charges):
        quantities, costs = defaultdict(float), defaultdict(float)
        for charge in charges:
            quantities[charge.kind] += charge.real_quantity
            costs[charge.kind] += charge.cost
        minutes = defaultdict(int)
        for kind, first, last, __ in facts["sessions"]:
            minutes[kind] += (last - first) * 15
        labour = quantities["labour"] + quantities["overtime"]
        self.assertAlmostEqual(labour, (minutes["work"] + minutes["waiting"]) / 60, 4)
        self.assertAlmostEqual(costs["labour"] + costs["overtime"], labour * 31, 1)
        self.assertAlmostEqual(quantities["travel_time"], minutes["travel"] / 60, 4)
        self.assertAlmostEqual(quantities["travel_km"], sum(d for *__, d in facts["sessions"]), 4)
        self.assertAlmostEqual(quantities["part"], sum(facts["parts"]), 4)
        self.assertAlmostEqual(costs["expense"], sum(facts["expenses"]) / 100, 2)
        self.assertAlmostEqual(quantities["per_diem"], facts["per_diem_days"], 2)
        self.assertEqual(quantities["call_out"], facts["call_out"])
        waiting = charges.filtered(lambda c: c.source_model == "after.sales.session" and c.rule == "free")
        self.assertAlmostEqual(sum(waiting.mapped("real_quantity")), minutes["waiting"] / 60, 4)
        self.assertFalse(sum(waiting.mapped("amount_customer")))

    def _assert_shared(self, charges):
        for charge in charges:
            self.assertAlmostEqual(sum(charge.allocation_ids.mapped("share")), 1.0, 6)
            self.assertAlmostEqual(sum(charge.allocation_ids.mapped("amount")), charge.amount, 6)
            self.assertAlmostEqual(charge.amount, charge.quantity * charge.price_unit, delta=0.005001)

    def _summarise(self, charges):
        return sorted(
            (
                c.kind,
                c.source_key,
                c.date,
                round(c.quantity, 4),
                c.amount,
                c.amount_customer,
                round(c.cost, 2),
            )
            for c in charges
        )
