"""A month of sales: orders, deliveries with serial numbers, invoices. The addons make units and warranties of them."""

from datetime import datetime, time, timedelta

from . import catalogue
from .seasons import Month
from .world import World

ORDERS = 1.9  # a month
CONTRACT_SHARE = 0.75  # of the orders of companies


def sell(world: World, month: Month) -> None:
    """Sell, deliver and invoice what one month brings."""
    count = int(ORDERS + world.random.random())
    if not count:
        return
    ordered = datetime.combine(month.start, time(9))
    world.go_to(ordered)
    orders = world.env["sale.order"].create([_prepare_order(world) for __ in range(count)])
    for order in orders:
        for line in order.order_line.filtered(lambda line: line.product_id.tracking == "serial"):
            catalogue.serials(world, line.product_id, int(line.product_uom_qty))
    orders.action_confirm()
    world.go_to(min(ordered + timedelta(days=world.random.randint(2, 20)), month.evening))
    pickings = orders.picking_ids
    pickings.action_assign()
    pickings.move_ids.picked = True
    pickings.with_context(skip_backorder=True).button_validate()
    orders.invalidate_recordset(["invoice_status"])
    invoices = orders.filtered(lambda order: order.invoice_status == "to invoice")._create_invoices()
    invoices.action_post()


def _prepare_order(world: World) -> dict:
    random = world.random
    partner = random.choice(world.customers)
    lines = []
    for machine in random.sample(list(world.machines), random.choice((1, 2, 2))):
        lines.append((0, 0, {"product_id": machine.id, "product_uom_qty": random.choice((1, 1, 2, 3))}))
    if partner.is_company and random.random() < CONTRACT_SHARE:
        lines.append((0, 0, {"product_id": random.choice(world.offers).id, "product_uom_qty": 1}))
    return {
        "partner_id": partner.id,
        "company_id": world.company.id,
        "user_id": world.users["agent"].id,
        "order_line": lines,
    }
