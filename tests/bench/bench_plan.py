"""Make the plans of n contracts: a year in months, one price for the contract and one for each covered unit."""

from datetime import date

WORK = "Plans of n contracts, 24 instalments each (floor: create the same instalments; ours: work them out from the contract)"
N = 2500


def floor(env, n):
    contracts = _contracts(env, n)
    rows = [vals for line in contracts.line_ids for vals in line._prepare_instalments()]

    def work():
        env["after.sales.contract.instalment"].create(rows)

    return work


def ours(env, n):
    contracts = _contracts(env, n)

    def work():
        contracts._sync_plan()
        assert len(contracts.instalment_ids) == 24 * n

    return work


def _contracts(env, n):
    partners = env["res.partner"].create([{"name": f"Customer {i}"} for i in range(100)])
    fee, machine = env["product.product"].create(
        [{"name": "Fee", "type": "service", "taxes_id": False}, {"name": "Machine", "type": "consu"}]
    )
    lines = [
        (0, 0, {"product_id": fee.id, "price_unit": 1200.0, "pricing": kind})
        for kind in ("per_contract", "per_unit")
    ]
    quiet = env["after.sales.contract"].with_context(tracking_disable=True, mail_create_nolog=True)
    contracts = quiet.create(
        [
            {
                "name": f"BENCH{i:06d}",
                "partner_id": partners[i % 100].id,
                "date_start": date(2026, 1, 15),
                "interval_unit": "month",
                "cover_policy": "contract_start",
                "line_ids": lines,
                "cover_ids": [(0, 0, {"product_id": machine.id, "quantity": 3})],
            }
            for i in range(n)
        ]
    )
    return contracts.with_env(env)
