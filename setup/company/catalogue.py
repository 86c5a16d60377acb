"""What the demo company sells and keeps in its vans: machines, spare parts, and their stock."""

from . import cast
from .world import World

READY = 3  # machines of each kind in stock


def products(world: World) -> None:
    """Make machines (serial numbers) and spare parts, taxed at the company's ordinary rate."""
    env = world.env
    tax = world.company.account_sale_tax_id
    common = {
        "type": "consu",
        "is_storable": True,
        "taxes_id": [(6, 0, tax.ids)],
        "company_id": world.company.id,
    }
    world.machines = env["product.product"].create(
        [
            common
            | {
                "name": machine.name,
                "default_code": machine.code,
                "list_price": machine.price,
                "standard_price": machine.cost,
                "tracking": machine.tracking,
            }
            for machine in cast.MACHINES
        ]
    )
    world.failure = dict(zip(world.machines.ids, (machine.failure for machine in cast.MACHINES), strict=True))
    spare = env["product.category"].create({"name": "Ricambi"})
    world.parts = env["product.product"].create(
        [
            common
            | {
                "name": part.name,
                "default_code": part.code,
                "barcode": f"80{number:010d}",
                "list_price": part.price,
                "standard_price": part.cost,
                "categ_id": spare.id,
                "after_sales_tracked": False,
            }
            for number, part in enumerate(cast.PARTS, 1)
        ]
    )
    world.machines.product_tmpl_id.after_sales_spare_ids = world.parts


def warranty(world: World) -> None:
    """What the company promises on every machine: two years of parts and labour, consumables excluded."""
    consumable = [part.code for part in cast.PARTS if part.consumable]
    world.env["after.sales.warranty.term"].create(
        {
            "name": "Garanzia Lario 24 mesi",
            "kind": "conventional",
            "company_id": world.company.id,
            "duration": 24,
            "part_share": 100,
            "labour_share": 100,
            "travel_share": 0,
            "product_tmpl_ids": [(6, 0, world.machines.product_tmpl_id.ids)],
            "excluded_product_ids": [
                (6, 0, world.parts.filtered(lambda part: part.default_code in consumable).ids)
            ],
            "conditions": "<p>Uso, pulizia e trattamento dell'acqua come da manuale; manutenzione annuale eseguita.</p>",
            "procedure": "<p>Chiami l'assistenza con il numero di matricola e il documento di acquisto.</p>",
        }
    )


def stock(world: World) -> None:
    """Fill the warehouse with spare parts, and with machines that have no serial number; show serials and owners."""
    env = world.env
    location = env["stock.warehouse"].search([("company_id", "=", world.company.id)], limit=1).lot_stock_id
    Quant = env["stock.quant"]
    for product in world.parts + world.machines.filtered(lambda p: p.tracking == "none"):
        Quant._update_available_quantity(product, location, 500)
    for name in ("stock.group_production_lot", "stock.group_tracking_owner"):
        env.ref("base.group_user").implied_ids += env.ref(name)


def showroom(world: World) -> None:
    """Machines of every kind stand ready to be sold."""
    for product in world.machines.filtered(lambda machine: machine.tracking == "serial"):
        serials(world, product, READY)


def serials(world: World, product, count: int):
    """Return new lots of a machine, in stock and ready to be delivered."""
    env = world.env
    location = env["stock.warehouse"].search([("company_id", "=", world.company.id)], limit=1).lot_stock_id
    code = product.default_code.replace("-", "")
    first = env["stock.lot"].search_count([("product_id", "=", product.id)]) + 1
    lots = env["stock.lot"].create(
        [
            {"name": f"{code}{first + number:05d}", "product_id": product.id, "company_id": world.company.id}
            for number in range(count)
        ]
    )
    for lot in lots:
        env["stock.quant"]._update_available_quantity(product, location, 1, lot_id=lot)
    return lots
