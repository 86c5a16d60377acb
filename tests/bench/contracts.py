"""Contracts for the benchmarks of renewal: many, quickly, with what a real one has."""

from datetime import date


def customers(env, count=100):
    return env["res.partner"].create([{"name": f"Customer {i}", "is_company": True} for i in range(count)])


def fee(env):
    return env["product.product"].create(
        {"name": "Fee", "type": "service", "list_price": 100.0, "taxes_id": False}
    )


def running(env, count, **values):
    """Running contracts of last year, priced by month, with two prices, a visit plan and an inclusion each."""
    partners, product = customers(env), fee(env)
    service = env["after.sales.service"].search([], limit=1)
    contracts = env["after.sales.contract"].with_context(tracking_disable=True, mail_create_nolog=True)
    made = contracts.create(
        [
            {
                "partner_id": partners[i % len(partners)].id,
                "date_start": date(date.today().year - 1, 1, 1),
                "interval_unit": "quarter",
                "tacit_renewal": True,
                "cover_policy": "contract_start",
                "line_ids": [
                    (0, 0, {"product_id": product.id, "price_unit": price, "price_basis": "month"})
                    for price in (80, 20)
                ],
                "inclusion_ids": [(0, 0, {"cost_class": "labour"})],
                "visit_plan_ids": [(0, 0, {"service_id": service.id, "interval": 6})],
                **values,
            }
            for i in range(count)
        ]
    )
    made.action_start()
    return made.with_env(env)
