"""Contracts for the benchmarks of renewal and billing: many, quickly, with what a real one has."""

from datetime import date

from odoo.tools import split_every

BATCH = 1000  # contracts that are made at once: a hundred thousand would not fit in the memory


def customers(env, count=100):
    return env["res.partner"].create([{"name": f"Customer {i}", "is_company": True} for i in range(count)])


def fee(env):
    """A service with the tax that the company charges: without it a run leaves its invoices as drafts."""
    taxes = env.company.account_sale_tax_id
    return env["product.product"].create(
        {"name": "Fee", "type": "service", "list_price": 100.0, "taxes_id": taxes}
    )


def running(env, count, **values):
    """Running contracts of last year, priced by month, with two prices, a visit plan and an inclusion each.

    There are a hundred customers, or one for each ten contracts where that is more.
    """
    partners, product = customers(env, max(100, count // 10)), fee(env)
    service = env["after.sales.service"].search([], limit=1)
    contracts = env["after.sales.contract"].with_context(tracking_disable=True, mail_create_nolog=True)
    made_ids = []
    for places in split_every(BATCH, range(count)):
        made = contracts.create(
            [
                {
                    "partner_id": partners[place % len(partners)].id,
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
                for place in places
            ]
        )
        made.action_start()
        made_ids += made.ids
        env.invalidate_all()
    return env["after.sales.contract"].browse(made_ids)
