"""Open the form of a contract with n covered units, priced by unit."""

from datetime import date

from odoo.tests import Form

WORK = "Open the form of a contract with n covered units (floor: its list of covered units; ours: the whole form)"
N = 500
COVERS = {"unit_id": {"fields": {"display_name": {}}}, "date_from": {}, "date_to": {}, "warranty_end": {}}


def floor(env, n):
    contract = _contract(env, n)

    def work():
        contract.web_read({"cover_ids": {"fields": COVERS, "limit": 40}})

    return work


def ours(env, n):
    contract = _contract(env, n)
    spec = Form(contract)._view["fields_spec"]
    spec["cover_ids"]["limit"] = 40

    def work():
        contract.web_read(spec)

    return work


def _contract(env, n):
    machine = env["product.product"].create({"name": "Machine", "type": "consu"})
    fee = env["product.product"].create({"name": "Fee", "type": "service", "taxes_id": False})
    partner = env["res.partner"].create({"name": "Customer"})
    quiet = env["after.sales.unit"].with_context(tracking_disable=True, mail_create_nolog=True)
    units = quiet.create(
        [{"product_id": machine.id, "serial": f"BENCH{i:06d}", "partner_id": partner.id} for i in range(n)]
    )
    contract = env["after.sales.contract"].create(
        {
            "partner_id": partner.id,
            "date_start": date(2026, 1, 1),
            "interval_unit": "month",
            "cover_policy": "contract_start",
            "line_ids": [(0, 0, {"product_id": fee.id, "price_unit": 12.0, "pricing": "per_unit"})],
            "cover_ids": [(0, 0, {"unit_id": unit.id}) for unit in units],
        }
    )
    contract.action_start()
    return contract
