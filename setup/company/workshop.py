"""What lies in the workshop today: a machine on its way in, one under repair with a loaner out, one handed back."""

from datetime import datetime, timedelta

from . import catalogue
from .world import World

#: what the owner wrote, days ago
RETURNS = (("Non si accende più", 9), ("Perde acqua dalla caldaia", 6), ("Rumore dal compressore", 2))
LOAN_DAYS = 14


def work(world: World, now: datetime) -> None:
    """Let three customers send in a machine, and take each return as far as its days allow."""
    units = world.env["after.sales.unit"].search(
        [
            ("company_id", "=", world.company.id),
            ("state", "=", "in_service"),
            ("serial", "!=", False),
            ("partner_id.is_company", "=", True),
        ]
    )
    returns = [
        _announce(world, unit, note, now - timedelta(days=days))
        for unit, (note, days) in zip(world.random.sample(list(units), len(RETURNS)), RETURNS, strict=True)
    ]
    world.go_to(now - timedelta(days=5))
    for record in returns[:2]:
        _receive(record)
    _lend(world, returns[1], now)
    world.go_to(now - timedelta(days=1))
    _hand_back(returns[0].line_ids)


def _announce(world: World, unit, note: str, moment: datetime):
    world.go_to(moment)
    env = world.as_user("agent")
    record = env["after.sales.return"].create(
        {
            "partner_id": unit.partner_id.id,
            "company_id": world.company.id,
            "policy_id": env.ref("after_sales_helpdesk.return_policy_repair").id,
            "line_ids": [(0, 0, {"unit_id": unit.id, "note": note})],
        }
    )
    record.action_authorise()
    return record


def _receive(record) -> None:
    """What arrives is looked at and accepted, which opens its repair order."""
    record.env["after.sales.return.receive"].create({"return_id": record.id}).action_receive()
    record.line_ids.condition = "worn"
    record.line_ids.action_accept()


def _lend(world: World, record, now: datetime) -> None:
    product = record.line_ids.product_id
    lot = catalogue.serials(world, product, 1)
    record.env["after.sales.loan"].create(
        {
            "partner_id": record.partner_id.id,
            "company_id": world.company.id,
            "return_id": record.id,
            "product_id": product.id,
            "lot_id": lot.id,
            "date_due": (now + timedelta(days=LOAN_DAYS)).date(),
            "accessories": "Cavo di alimentazione",
        }
    ).action_lend()


def _hand_back(line) -> None:
    repair_sudo = line.sudo().repair_ids  # the workshop's own business: an agent has no right on stock
    repair_sudo.action_validate()
    repair_sudo.action_repair_start()
    repair_sudo.action_repair_end()
    line.env["after.sales.handout"].browse(line.action_hand_out()["res_id"]).action_done()
