"""Bill the work of n visits, five charges each: call-out, kilometres, travel, labour and a part."""

from datetime import date

from billing import bare_create, ready_company, whole_run
from contracts import customers

WORK = (
    "Billing run over the charges of n visits, 5 charges and an invoice each "
    "(floor: the same invoices in one batch create)"
)
N = 250
REPEAT = 2
KINDS = (
    ("call_out", 1, 35),
    ("travel_km", 46, 0.62),
    ("travel_time", 1.5, 38),
    ("labour", 4, 52),
    ("part", 1, 120),
)
setup = ready_company


def floor(env, n):
    _due(env, n)
    return bare_create(env, n, grouping="call")


def ours(env, n):
    _due(env, n)
    return whole_run(env, n, grouping="call")


def _due(env, n):
    """Charges of finished visits, as the visits made them."""
    partners = customers(env)
    products = {
        kind: env["product.product"].create({"name": kind, "type": "service", "taxes_id": False})
        for kind, __, __ in KINDS
    }
    visits = env["after.sales.intervention"].create(
        [{"partner_id": partners[i % len(partners)].id} for i in range(n)]
    )
    charges = env["after.sales.charge"].create(
        [
            {
                "name": kind,
                "kind": kind,
                "date": date.today(),
                "partner_id": visit.partner_id.id,
                "intervention_id": visit.id,
                "source_model": visit._name,
                "source_id": visit.id,
                "source_key": kind,
                "product_id": products[kind].id,
                "uom_id": products[kind].uom_id.id,
                "quantity": quantity,
                "price_unit": price,
            }
            for visit in visits
            for kind, quantity, price in KINDS
        ]
    )
    charges._confirm()
