"""What the demo company offers as a contract, and the quarterly billing of contracts and work."""

from .seasons import Month
from .world import World

#: name, yearly price, months between instalments, what is included (cost class: share in percent)
OFFERS = (
    ("Contratto Base", 240.0, 12, {"call_out": 100, "travel": 100}),
    ("Contratto Plus", 480.0, 3, {"call_out": 100, "travel": 100, "labour": 100}),
    ("Contratto Full", 780.0, 1, {"call_out": 100, "travel": 100, "labour": 100, "part": 100}),
)


def offer(world: World) -> None:
    """Make the service products and the contract templates behind them."""
    env, tax = world.env, world.company.account_sale_tax_id
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
                "cover_policy": "warranty_end" if index else "contract_start",
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


def bill(world: World, month: Month) -> None:
    """Bill, as the accountant does each quarter, all instalments and work that are due."""
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
    if run.line_ids:
        run.action_bill()
