"""What the demo company offers as a contract, its renewals, and the billing of contracts and work."""

from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from .seasons import Month
from .world import World

#: name, yearly price, months between instalments, what is included (cost class: share in percent)
OFFERS = (
    ("Contratto Base", 240.0, 12, {"call_out": 100, "travel": 100}),
    ("Contratto Plus", 480.0, 3, {"call_out": 100, "travel": 100, "labour": 100}),
    ("Contratto Full", 780.0, 1, {"call_out": 100, "travel": 100, "labour": 100, "part": 100}),
)
POOL_HOURS = 4  # a year, in the offer that does not include labour
LATE = timedelta(days=20)  # so long the accountant takes
INDEX_MONTHS = 60


def offer(world: World, today: date) -> None:
    """Make the service products and the contract templates behind them."""
    env, tax = world.env, world.company.account_sale_tax_id
    adjustment = _adjustment(world, today)
    levels = env["after.sales.service.level"].search([("company_id", "in", [False, world.company.id])])
    products = []
    for index, (name, price, months, inclusions) in enumerate(OFFERS):
        template = env["after.sales.contract.template"].create(
            {
                "name": name,
                "company_id": world.company.id,
                "duration": 2,
                "interval": months,
                "interval_unit": "month",
                "price_basis": "year",
                "tacit_renewal": True,
                "adjustment_id": adjustment.id,
                "pool_hours": 0 if "labour" in inclusions else POOL_HOURS,
                "pool_period": "year",
                "cover_policy": "warranty_end" if index else "contract_start",
                "start_basis": "warranty_end" if index else "confirmation",
                "service_level_id": levels[min(index, len(levels) - 1)].id if levels else False,
                "inclusion_ids": [
                    (0, 0, {"cost_class": cost_class, "share": share})
                    for cost_class, share in inclusions.items()
                ],
            }
        )
        products.append(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "taxes_id": [(6, 0, tax.ids)],
                "company_id": world.company.id,
                "after_sales_contract_policy": "contract",
                "after_sales_contract_template_id": template.id,
            }
        )
    world.offers = env["product.product"].create(products)
    for product in world.offers:  # a contract that nobody ordered has its price from its template
        product.after_sales_contract_template_id.line_ids = [
            (0, 0, {"product_id": product.id, "price_basis": "year"})
        ]


def _adjustment(world: World, today: date):
    """Prices follow three quarters of the consumer prices; the figures are invented, up to the present month."""
    index = world.env["after.sales.index"].create(
        {
            "name": "FOI senza tabacchi",
            "source": "Cifre inventate per la dimostrazione; quelle vere le pubblica l'ISTAT.",
            "company_id": world.company.id,
            "value_ids": [
                (
                    0,
                    0,
                    {
                        "month": today.replace(day=1) - relativedelta(months=back),
                        "value": round(121.4 - 0.17 * back, 1),
                    },
                )
                for back in range(INDEX_MONTHS)
            ],
        }
    )
    return world.env["after.sales.adjustment"].create(
        {
            "name": "75 % dell'indice FOI",
            "company_id": world.company.id,
            "method": "index",
            "index_id": index.id,
            "index_share": 75.0,
            "never_below": True,
        }
    )


def renew(world: World, month: Month) -> None:
    """Renew, as the manager does, what ends with the month; a month without such contracts asks nothing of him."""
    world.go_to(month.evening)
    run = world.as_user("manager")["after.sales.renewal"].create(
        {"company_id": world.company.id, "date_from": month.start, "date_to": month.stop}
    )
    run.action_preview()
    run.action_approve()


def bill(world: World, month: Month, now: datetime) -> None:
    """Bill, as the accountant does every other month, all instalments and work that are due; the last is only previewed."""
    day = month.stop
    world.go_to(month.evening)
    run = world.as_user("accountant")["after.sales.billing.run"].create(
        {
            "company_id": world.company.id,
            "date_to": day,
            "invoice_date": day,
            "post_invoices": True,
            "grouping": "all",
        }
    )
    run.action_preview()
    if run.line_ids and now - month.evening > LATE:
        run.action_bill()
