"""Bring an installed base of n units over from a file, as the import screen does."""

from datetime import date

WORK = "Import n units with one warranty each (floor: Odoo's own import of n lots, the nearest record of the core)"
N = 5000
HEADER = ["Product", "Serial Number", "Owner", "Delivery Date"]


def floor(env, n):
    _master(env)
    rows = [["Machine", f"BENCH{i:06d}"] for i in range(n)]

    def work():
        result = env["stock.lot"].with_context(import_file=True).load(["product_id", "name"], rows)
        assert len(result["ids"] or ()) == n, result["messages"][:3]

    return work


def ours(env, n):
    _master(env)
    env["after.sales.warranty.term"].search([]).active = False
    env["after.sales.warranty.term"].create({"name": "Two years", "duration": 24, "applies_to": "all"})
    day = date.today().isoformat()
    rows = [["Machine", f"BENCH{i:06d}", f"Customer {i % 100}", day] for i in range(n)]
    source = {"dryrun": False, "ref": 1, "name": "installed base.csv", "header": HEADER, "first_row": 2}

    def work():
        units = env["after.sales.unit"].with_context(import_file=True, after_sales_import=source)
        result = units.load(["product_id", "serial", "partner_id", "delivery_date"], rows)
        assert len(result["ids"]) == n, result["messages"][:3]

    return work


def _master(env):
    env["product.product"].create(
        {"name": "Machine", "type": "consu", "is_storable": True, "tracking": "serial"}
    )
    env["res.partner"].create([{"name": f"Customer {i}"} for i in range(100)])
