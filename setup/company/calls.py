"""A month of service: calls come in, are checked and authorised, visits are made, most calls are closed.

Everything goes through the flows of the addons, a month in one batch, and is dated back to its hour. What lies
after the end of the story stays open: the last calls are new, authorised or planned, as on any working day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from . import cast
from .seasons import Month
from .world import World

CALLS = 31  # a month for the installed base of the first day
GROWN = 250  # units in the field by then
HALF_DAYS = (timedelta(hours=7), timedelta(hours=12, minutes=30))  # UTC: morning and early afternoon in Italy
MOST_VISITS = 3
#: how far the calls of the last days have come, by their age in days
STAGES = {
    2: ("new", "checked", "authorised", "planned"),
    5: ("quoted", "authorised", "planned", "planned"),
    12: ("quoted", "visited", "visited", "visited", "visited", "visited", "visited", "visited"),
}
UNPLANNED = 2  # maintenance visits that nobody has planned yet
WEEK = 5  # days ahead for which visits are planned

#: outcome of a visit: weight
OUTCOMES = {"solved": 84, "second_visit": 10, "customer_absent": 4, "refused": 2}

ANSWERING = 0.4  # of the customers who are asked
#: what they say: weight
RATINGS = {5: 75, 3: 19, 1: 6}


@dataclass
class Case:
    """A call on its way: where its story stands."""

    ticket: object
    remedy: str
    reported: datetime
    moment: datetime
    visit: object = None
    outcome: str = ""
    not_before: datetime | None = None


def serve(world: World, month: Month, now: datetime) -> None:
    """Register the calls of a month and take each as far as ``now`` allows."""
    cases = _register(world, month)
    cases = _authorise([case for case in cases if case.moment < now and not _waits(world, case, now)])
    for attempt in range(MOST_VISITS):
        cases = [case for case in cases if case.outcome not in ("solved", "refused")]
        cases = _visit(world, cases, now, last=attempt == MOST_VISITS - 1)


def _waits(world: World, case: Case, now: datetime) -> bool:
    """The latest calls are new, checked or authorised; some wait for the customer's answer, some for their visit."""
    age = now - case.reported
    stages = next((found for days, found in STAGES.items() if age < timedelta(days=days)), None)
    if not stages:
        return False
    stage = world.random.choice(stages)
    if stage != "new":
        case.ticket.action_check_coverage()
        case.ticket._stop_clocks_at(("response",), {case.ticket: case.moment})
    if stage == "quoted":
        if not case.ticket._get_rows_to_quote():
            return False  # nothing that the customer would pay
        world.go_to(case.moment)  # from here on its clocks wait for him
        case.ticket.action_quote()
        world.go_to(now)
    if stage == "authorised":
        _authorise([case])
    if stage == "planned":
        case.not_before = now + timedelta(days=world.random.randrange(WEEK))
    return stage not in ("planned", "visited")


def _register(world: World, month: Month) -> list[Case]:
    random = world.random
    units = world.env["after.sales.unit"].search(
        [
            ("company_id", "=", world.company.id),
            ("state", "=", "in_service"),
            ("delivery_date", "<", month.start),
        ]
    )
    if not units:
        return []
    count = int(CALLS * (1 + (len(units) - GROWN) / GROWN / 3) + random.random())
    weights = [world.failure.get(unit.product_id.id, 1.0) for unit in units]
    plots = sorted(
        (month.moment(random, random.choice((7, 8, 9, 10, 13, 14))), unit.id)
        for unit in random.choices(list(units), weights, k=count)
    )
    service = world.env.ref("after_sales_contract.after_sales_service_repair")
    troubles = [random.choice(cast.TROUBLES) for __ in plots]
    tickets = world.as_user("agent")["after.sales.ticket"].create(
        [
            {
                "subject": trouble,
                "description": trouble,
                "channel": random.choice(("phone", "phone", "phone", "email", "portal")),
                "unit_id": unit_id,
                "service_id": service.id,
                "partner_id": units.browse(unit_id).partner_id.id,
                "user_id": world.users["agent"].id,
                "date_reported": reported,
            }
            for (reported, unit_id), (trouble, __) in zip(plots, troubles, strict=True)
        ]
    )
    return [
        Case(ticket, remedy, reported, reported + timedelta(minutes=random.choice((10, 25, 40, 90, 300))))
        for ticket, (reported, __), (__, remedy) in zip(tickets, plots, troubles, strict=True)
    ]


def _authorise(cases: list[Case]) -> list[Case]:
    tickets = _union(case.ticket for case in cases)
    if not tickets:
        return []
    tickets.action_check_coverage()
    tickets.filtered(lambda ticket: ticket._get_rows_to_quote()).authorise_reason = "Confermato al telefono"
    tickets._stop_clocks_at(("response",), {case.ticket: case.moment for case in cases})
    tickets.action_authorise()
    return cases


def _visit(world: World, cases: list[Case], now: datetime, last: bool) -> list[Case]:
    """Plan a visit for each case and make those that lie in the past; return the cases that were visited."""
    if not cases:
        return []
    plans = [_plan(world, case) for case in cases]
    visits = world.as_user("agent")["after.sales.intervention"].create([vals for vals, __ in plans])
    visits.action_plan()
    made = []
    for case, visit, (vals, hours) in zip(cases, visits, plans, strict=True):
        travel, work = hours
        if vals["date_start"] + travel + work < now:
            case.visit, case.moment = visit, vals["date_start"] + travel + work
            case.outcome = (
                "solved" if last else world.random.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
            )
            made.append((case, travel, work))
    _do(world, made)
    _close([case for case, __, __ in made], now)
    return [case for case, __, __ in made]


def _plan(world: World, case: Case) -> tuple[dict, tuple]:
    random, technician = world.random, world.random.choice(world.technicians)
    travel, work = random.choice((20, 30, 45, 60)), random.choice((45, 60, 90, 120, 180, 240))
    vals = {
        "ticket_id": case.ticket.id,
        "technician_ids": [(6, 0, technician.ids)],
        "date_start": _slot(world, technician, case.not_before or case.moment),
        "per_diem_days": 1 if travel == 60 and work >= 180 else 0,
    }
    return vals, (timedelta(minutes=travel), timedelta(minutes=work))


def maintain(world: World, now: datetime) -> None:
    """Plan the maintenance visits of contracts that come near, as the agent does; the last ones still want a technician."""
    visits = world.as_user("agent")["after.sales.contract.visit"].search(
        [("company_id", "=", world.company.id)]
    )
    jobs = (
        visits.filtered_domain(visits._get_to_prepare_domain())._prepare_interventions().sorted("date_start")
    )
    planned = jobs[: -UNPLANNED or None]
    for job in planned:
        technician = world.random.choice(world.technicians)
        job.technician_ids = technician
        job.date_start = _slot(world, technician, max(now, job.date_start - timedelta(hours=12)))
    planned.action_plan()


def _slot(world: World, technician, after: datetime) -> datetime:
    """The next half day on which the technician is free, at least two hours ahead, on a working day."""
    day = datetime(after.year, after.month, after.day)
    while True:
        for half_day in HALF_DAYS:
            start = day + half_day
            key = (technician.id, start)
            if day.weekday() < 5 and start > after + timedelta(hours=2) and key not in world.busy:
                world.busy.add(key)
                return start
        day += timedelta(days=1)


def _do(world: World, made: list) -> None:
    """Enter what was done on each visit, finish all, and date them back."""
    visits = _union(case.visit for case, __, __ in made)
    if not visits:
        return
    world.go_to(max(case.moment for case, __, __ in made) + timedelta(minutes=5))
    visits.action_start()
    env = visits.env
    env["after.sales.session"].create([vals for case, *hours in made for vals in _sessions(case, *hours)])
    env["after.sales.intervention.part"].create(
        [vals for case, __, __ in made for vals in _parts(world, case)]
    )
    for case, __, __ in made:
        case.visit.write(
            {
                "outcome": case.outcome,
                "outcome_reason": {
                    "second_visit": "Ricambio da ordinare",
                    "refused": "Costo non accettato",
                }.get(case.outcome),
                "defect": case.ticket.subject,
                "work_done": case.remedy if case.outcome == "solved" else False,
            }
        )
    arrived = {case.ticket: case.visit.date_arrival or case.moment for case, __, __ in made}
    _union(arrived)._stop_clocks_at(("on_site",), arrived)
    ended = {case.ticket: case.moment for case, __, __ in made if case.outcome in ("solved", "refused")}
    if ended:
        _union(ended)._stop_clocks_at(("restored", "resolved"), ended)
    visits.check_ids.write({"is_done": True})
    visits.action_done()
    for case, __, __ in made:
        case.visit.sudo().write({"date_started": case.visit.date_start, "date_done": case.moment})


def _sessions(case: Case, travel: timedelta, work: timedelta) -> list[dict]:
    start = case.visit.date_start
    common = {"intervention_id": case.visit.id, "technician_id": case.visit.technician_id.id}
    distance = travel.total_seconds() / 60 * 0.8
    sessions = [
        common | {"kind": "travel", "date_start": start, "date_stop": start + travel, "distance_km": distance}
    ]
    if case.outcome != "customer_absent":
        sessions.append(
            common | {"kind": "work", "date_start": start + travel, "date_stop": start + travel + work}
        )
    return sessions


def _parts(world: World, case: Case) -> list[dict]:
    if case.outcome != "solved" or world.random.random() < 0.45:
        return []
    parts = world.random.sample(list(world.parts), world.random.choice((1, 1, 2)))
    return [{"intervention_id": case.visit.id, "product_id": part.id, "quantity": 1} for part in parts]


def _close(cases: list[Case], now: datetime) -> None:
    """Close what is solved, date it back, and enter how it went."""
    solved = [case for case in cases if case.outcome in ("solved", "refused")]
    tickets = _union(case.ticket for case in solved)
    if not tickets:
        return
    tickets.filtered(lambda ticket: ticket.state != "done").action_done()
    old = [case for case in solved if case.moment + timedelta(days=2) < now]
    if old:
        _union(case.ticket for case in old).action_close()
    for case in solved:
        case.ticket.sudo().date_done = case.moment
    for case in old:
        case.ticket.sudo().date_closed = case.moment + timedelta(days=1)
    _rate(old)


def _rate(cases: list[Case]) -> None:
    """Two customers of five answer the question how it went."""
    if not cases:
        return
    env = cases[0].ticket.env
    random = Random(cases[0].ticket.id)
    answered = [case for case in cases if random.random() < ANSWERING]
    ticket_model = env["ir.model"]._get("after.sales.ticket")
    # sudo: an answer is the customer's, who has no account here
    env["rating.rating"].sudo().create(
        [
            {
                "res_model_id": ticket_model.id,
                "res_id": case.ticket.id,
                "partner_id": case.ticket.partner_id.id,
                "rated_partner_id": case.ticket.user_id.partner_id.id,
                "rating": random.choices(list(RATINGS), list(RATINGS.values()))[0],
                "consumed": True,
            }
            for case in answered
        ]
    )


def _union(records):
    """One recordset of all, or None of none."""
    records = list(records)
    return records[0].union(*records[1:]) if records else None
