"""Decide who pays for n lines of work: five lines for each unit, three warranties on it."""

from datetime import date

from odoo.addons.after_sales_warranty.tools.coverage import CoverageRequest

WORK = "Coverage of n lines (floor: read the units and warranties the lines name; ours: decide each line, with reasons)"
N = 2500
CLASSES = ("part", "labour", "travel", "call_out", "expense")


def floor(env, n):
    units, __ = _units(env, n)

    def work():
        for warranty in units.warranty_ids:
            assert warranty.date_end and warranty.unit_id.partner_id

    return work


def ours(env, n):
    units, part = _units(env, n)
    requests = [
        CoverageRequest(
            (unit.id, name), env.company.id, unit.partner_id.id, unit.id, part.id, name, date.today()
        )
        for unit in units
        for name in CLASSES
    ][:n]

    def work():
        decisions = env["after.sales.coverage"]._resolve(requests)
        assert len(decisions) == n
        assert all(d.rule == "term" and d.covered_share == 1.0 for d in decisions.values())

    return work


def _units(env, n):
    env["after.sales.warranty.term"].search([]).active = False
    env["after.sales.warranty.term"].create(
        [{"name": f"Term {i}", "duration": 12 + i, "applies_to": "all"} for i in range(3)]
    )
    machine, part = env["product.product"].create(
        [{"name": name, "type": "consu"} for name in ("Machine", "Part")]
    )
    partners = env["res.partner"].create([{"name": f"Customer {i}"} for i in range(100)])
    quiet = env["after.sales.unit"].with_context(tracking_disable=True, mail_create_nolog=True)
    units = quiet.create(
        [
            {
                "product_id": machine.id,
                "serial": f"BENCH{i:06d}",
                "partner_id": partners[i % 100].id,
                "delivery_date": date.today(),
            }
            for i in range(-(-n // len(CLASSES)))
        ]
    )
    return units.with_env(env), part
