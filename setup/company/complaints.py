"""What went wrong: some 25 complaints, most of them decided, carried out and closed."""

from datetime import datetime, timedelta

from . import cast
from .seasons import Month
from .world import World

COMPLAINTS = (4, 4, 5)  # a month
FRESH = 30  # days: how far these have come differs
SEVERITIES = ("low", "medium", "medium", "high")


def receive(world: World, month: Month, now: datetime) -> None:
    """Complaints about some of the latest calls; follow them as far as ``now`` allows.

    One of the first is the portal customer's, who finds it there.
    """
    tickets = world.env["after.sales.ticket"].search([("company_id", "=", world.company.id)], limit=20)
    chosen = world.random.sample(list(tickets), min(len(tickets), world.random.choice(COMPLAINTS)))
    own = [("partner_id", "=", world.customers[0].id)]
    if chosen and not world.env["after.sales.complaint"].search_count(own, limit=1):
        chosen[0] = world.env["after.sales.ticket"].search(own, limit=1) or chosen[0]
    for ticket in chosen:
        _follow(world, ticket, month, now)


def _follow(world: World, ticket, month: Month, now: datetime) -> None:
    random, moment = world.random, month.moment(world.random)
    causes = world.env["after.sales.complaint.cause"].search([("child_ids", "=", False)])
    world.go_to(moment)
    complaint = world.as_user("agent")["after.sales.complaint"].create(
        {
            "subject": random.choice(cast.COMPLAINTS),
            "company_id": world.company.id,
            "partner_id": ticket.partner_id.id,
            "ticket_id": ticket.id,
            "unit_id": ticket.unit_id.id,
            "channel": random.choice(("phone", "email", "portal")),
            "user_id": world.users["manager"].id,
        }
    )
    steps = (
        (4, _acknowledge),
        (28, lambda c: _assess(world, c, causes)),
        (120, lambda c: _decide(world, c)),
        (200, _close),
    )
    if now - moment < timedelta(days=FRESH):
        steps = steps[: random.randrange(len(steps))]
    complaint = complaint.with_env(world.as_user("manager"))
    for hours, step in steps:
        due = moment + timedelta(hours=hours * random.choice((1, 1, 1, 3)))
        if due > now:
            return
        world.go_to(due)
        step(complaint)


def _acknowledge(complaint) -> None:
    """Who called was told on the telephone; the others get a letter."""
    if complaint.channel == "phone":
        complaint.action_acknowledge_by_hand()
    else:
        complaint.action_acknowledge()


def _assess(world: World, complaint, causes) -> None:
    complaint.cause_id = world.random.choice(list(causes))
    complaint.severity = world.random.choice(SEVERITIES)
    complaint.action_assess()
    if complaint.must_investigate:
        complaint.findings = "<p>Rapportini e registrazioni del caso verificati con il tecnico.</p>"
        complaint.action_investigate()


def _decide(world: World, complaint) -> None:
    """Reduce the price on the customer's last invoice, or apologise."""
    random, env = world.random, complaint.env
    invoice = env["account.move"].search(
        [
            ("commercial_partner_id", "=", complaint.commercial_partner_id.id),
            ("company_id", "=", world.company.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("amount_total", ">", 100),
        ],
        limit=1,
    )
    kind = "price_reduction" if invoice and random.random() < 0.4 else "apology"
    remedy = env["after.sales.complaint.remedy"].search([("kind", "=", kind)], limit=1)
    measure = {"remedy_id": remedy.id}
    if kind == "price_reduction":
        measure |= {"amount": random.choice((24.4, 36.6, 61.0)), "invoice_id": invoice.id}
    decision = env["after.sales.complaint.decision"].create(
        {
            "complaint_id": complaint.id,
            "outcome": "accepted" if kind == "price_reduction" else "partly",
            "reason": "<p>Il ritardo è dipeso da noi: ci scusiamo e riconosciamo quanto indicato.</p>",
            "measure_ids": [(0, 0, measure)],
        }
    )
    decision.action_submit()
    complaint.action_execute()
    complaint.action_send_decision()


def _close(complaint) -> None:
    complaint.action_accepted()
    complaint.action_close()
