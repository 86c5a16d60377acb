"""What a maker owes for machines that failed under his warranty: one claim paid in part, one sent, the rest to claim."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from . import cast
from .world import World

WARRANTY_YEARS = 2
SHARES = (("part", 1.0), ("labour", 0.5))
AGREED = 0.8
ASKED, ANSWERED = 40, 25  # days ago


def claim(world: World, now) -> None:
    """Let the accountant claim from the maker of the machines that failed most under warranty."""
    charges = world.env["after.sales.charge"].search(
        [
            ("company_id", "=", world.company.id),
            ("state", "=", "confirmed"),
            ("payer", "=", "warranty"),
            ("unit_id", "!=", False),
            ("cost", ">", 0),
        ]
    )
    if not charges:
        return
    by_machine = charges.grouped(lambda charge: charge.unit_id.product_id)
    machine = max(by_machine, key=lambda product: len(by_machine[product]))
    _supply(world, machine)
    due = by_machine[machine].filtered("amount_recoverable")
    asked, answered = (now - timedelta(days=days) for days in (ASKED, ANSWERED))
    world.go_to(asked)
    first = _send(world, due.filtered(lambda charge: charge.date < asked.date()))
    world.go_to(answered)
    _settle(world, first)
    _send(world, due.filtered(lambda charge: asked.date() <= charge.date < answered.date()))
    world.go_to(now)


def _supply(world: World, machine) -> None:
    """The machines of one kind came from a maker with a warranty of his own."""
    maker = world.env["res.partner"].create(
        {
            "name": "Officine Adda Spa",
            "is_company": True,
            "supplier_rank": 1,
            "email": "garanzie@officine-adda.example",
            "street": "Via dell'Industria 4",
            "zip": "23900",
            "city": "Lecco",
            "country_id": world.env.ref("base.it").id,
            "vat": cast.vat_number(2390099),
            "lang": "it_IT",
            "after_sales_supplier_term_ids": [
                (0, 0, {"cost_class": cost_class, "share": share}) for cost_class, share in SHARES
            ],
        }
    )
    units = world.env["after.sales.unit"].search(
        [("product_id", "=", machine.id), ("company_id", "=", world.company.id)]
    )
    units.supplier_id = maker
    for unit in units.filtered("delivery_date"):
        unit.supplier_warranty_end = unit.delivery_date + relativedelta(years=WARRANTY_YEARS)


def _send(world: World, charges):
    claim = world.as_user("accountant")["after.sales.supplier.claim"]._make(charges) if charges else charges
    if claim:
        claim.action_mark_sent()
    return claim


def _settle(world: World, claim) -> None:
    env = world.as_user("accountant")
    env["after.sales.supplier.claim.answer"].create(
        {
            "claim_id": claim.id,
            "outcome": "partial",
            "amount": claim.currency_id.round(claim.amount_claimed * AGREED),
            "supplier_reference": "RMA-4471",
            "reason": "Manodopera riconosciuta solo in parte",
        }
    ).action_apply()
    env["account.move"].browse(claim.action_settle()["res_id"]).action_post()
