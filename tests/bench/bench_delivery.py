"""Deliver serials: what the birth of units and warranties adds to Odoo's own delivery."""

WORK = "Deliver n serials in one delivery (floor: a product that makes no unit; ours: unit and three warranties each)"
N = 50
REPEAT = 9


def floor(env, n):
    return _delivery(env, n, after_sales_tracked=False)


def ours(env, n):
    env["after.sales.warranty.term"].search([]).active = False
    env["after.sales.warranty.term"].create(
        [{"name": f"Term {i}", "duration": 12 * i, "applies_to": "all"} for i in (1, 2, 3)]
    )
    work = _delivery(env, n, after_sales_tracked=True)

    def checked():
        before = env["after.sales.unit"].search_count([])
        work()
        born = env["after.sales.unit"].search_count([]) - before
        assert born == n, f"{born} units were born from {n} serials"

    return checked


def _delivery(env, n, **values):
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    source, target = warehouse.lot_stock_id, env.ref("stock.stock_location_customers")
    product = env["product.product"].create(
        {"name": "Machine", "type": "consu", "is_storable": True, "tracking": "serial", **values}
    )
    lots = env["stock.lot"].create([{"product_id": product.id, "name": f"BENCH{i:06d}"} for i in range(n)])
    for lot in lots:
        env["stock.quant"]._update_available_quantity(product, source, 1, lot_id=lot)
    partner = env["res.partner"].create({"name": "Customer"})

    def work():
        line = {
            "product_id": product.id,
            "quantity": 1,
            "location_id": source.id,
            "location_dest_id": target.id,
        }
        picking = env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": partner.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_uom_qty": n,
                            "product_uom": product.uom_id.id,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                            "picked": True,
                            "move_line_ids": [(0, 0, {**line, "lot_id": lot.id}) for lot in lots],
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        picking._action_done()
        assert picking.state == "done"

    return work
