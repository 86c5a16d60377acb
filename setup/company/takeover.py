"""What was sold before the company worked with the suite: units and contracts brought over on the first day."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from .seasons import Month
from .world import World

UNITS = 9  # a month
MANY = 5  # machines of one customer: two contracts
EVERY = 6  # contract: one of these is renewed in the story, another one is soon to be
RENEWED = 2  # months of the story after which the first ones end
SOON = 7  # the same for those that end after its end
VISIT_DAYS = (2, 12)  # ahead: when the yearly maintenance of the full contracts falls due
SERIAL = 1001  # the first number of each machine; those delivered later count from 1 of their lots


def take_over(world: World, past: list[Month], first_day: date, today: date) -> None:
    """Register the installed base of the months before ``first_day`` and the contracts that hold on it."""
    units = _units(world, past)
    _contracts(world, units, first_day, today)


def _units(world: World, past: list[Month]):
    random, vals_list, last = world.random, [], {}
    for month in past:
        for __ in range(UNITS):
            machine = random.choice(world.machines)
            last[machine] = last.get(machine, SERIAL) + 1
            delivered = month.moment(random).date()
            vals_list.append(
                {
                    "product_id": machine.id,
                    "serial": f"{machine.default_code.replace('-', '')}{last[machine]:05d}"
                    if machine.tracking == "serial"
                    else False,
                    "partner_id": random.choice(world.customers).id,
                    "company_id": world.company.id,
                    "delivery_date": delivered,
                    "installation_date": delivered + timedelta(days=random.choice((0, 1, 3, 7))),
                }
            )
    return world.env["after.sales.unit"].create(vals_list)


def _contracts(world: World, units, first_day: date, today: date) -> None:
    """A contract or two for every company on the machines it has; what fell due earlier was billed by other means."""
    vals_list = []
    for partner, owned in units.grouped("partner_id").items():
        if partner.is_company:
            parts = (owned[::2], owned[1::2]) if len(owned) >= MANY else (owned,)
            vals_list += [_prepare_contract(world, partner, part, first_day) for part in parts]
    for place, months in ((1, RENEWED), (4, SOON)):
        for vals in vals_list[place::EVERY]:
            vals["date_start"] = first_day + relativedelta(months=months, years=-2)
    for vals in vals_list:
        _cover_from_start(world, vals)
        if vals["template_id"] == world.offers[-1].after_sales_contract_template_id.id:
            vals["visit_plan_ids"] = [(0, 0, _prepare_visit_plan(world, vals["date_start"], today))]
    contracts = world.env["after.sales.contract"].create(vals_list)
    _bill_elsewhere(contracts, first_day)
    contracts.action_start()


def _bill_elsewhere(contracts, first_day: date) -> None:
    """Cut each price in two: what fell due before ``first_day`` was billed by the documents of that time, the rest is
    billed here."""
    later_vals = []
    for line in contracts.line_ids:
        rows = line._prepare_instalments(with_text=False)
        start = min((row["date_from"] for row in rows if row["date_due"] >= first_day), default=None)
        line.is_prepaid = True
        if start:
            later_vals += line.copy_data({"contract_id": line.contract_id.id, "date_from": start})
            line.date_to = start - timedelta(days=1)
    contracts.line_ids.create(later_vals)


def _prepare_contract(world: World, partner, units, first_day) -> dict:
    offer = world.random.choice(world.offers)
    return {
        "template_id": offer.after_sales_contract_template_id.id,
        "partner_id": partner.id,
        "company_id": world.company.id,
        "user_id": world.users["manager"].id,
        "date_start": first_day - timedelta(days=30 * world.random.randrange(1, 7)),
        "line_ids": [(0, 0, {"product_id": offer.id, "price_unit": offer.list_price})],
        "cover_ids": [(0, 0, {"unit_id": unit.id}) for unit in units],
    }


def _cover_from_start(world: World, vals: dict) -> None:
    """Nobody buys a contract that covers nothing: young machines are covered beside their warranty."""
    units = world.env["after.sales.unit"].browse(row["unit_id"] for __, __, row in vals["cover_ids"])
    if all(unit.warranty_end and unit.warranty_end > vals["date_start"] for unit in units):
        vals["cover_policy"] = "contract_start"


def _prepare_visit_plan(world: World, start: date, today: date) -> dict:
    """Yearly maintenance that falls due in the next days; the earlier ones are not in the suite."""
    due = today + timedelta(days=world.random.randint(*VISIT_DAYS))
    return {
        "service_id": world.env.ref("after_sales_contract.after_sales_service_maintenance").id,
        "interval": 12,
        "interval_unit": "month",
        "first_after": (due - start).days,
    }
