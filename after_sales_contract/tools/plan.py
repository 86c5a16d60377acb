"""The instalment plan of one contract line.

A line's price holds for stretches of days with a quantity: one stretch for a line priced per contract, one per covered
unit for a line priced by unit (units may come and go). Price and instalments are measured on the same grid, the billing
periods: a whole period always costs the same, a part of one costs its days of it.

What was billed, or agreed by hand, never moves. When units come or go in a period that is fixed already, a correction
of that period is added: its unit-days (quantity times days) that changed, at the price that was paid for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import compress
from math import gcd

from . import periods

#: Unit-days are kept in the database as floats.
TOLERANCE = Fraction(1, 10**4)


@dataclass(frozen=True)
class Stretch:
    """Days (both included) on which a quantity is under contract."""

    start: date
    stop: date
    quantity: Fraction = Fraction(1)

    def clipped(self, start: date, stop: date) -> "Stretch | None":
        """The part of it between two days, if any."""
        first, last = max(self.start, start), min(self.stop, stop)
        return Stretch(first, last, self.quantity) if first <= last else None

    @property
    def days(self) -> int:
        return (self.stop - self.start).days + 1


@dataclass(frozen=True)
class Schedule:
    """How a contract is billed."""

    interval: int
    unit: str
    timing: str
    anchor: date
    rounding: Decimal


@dataclass(frozen=True)
class Fixed:
    """An instalment that does not move any more. Without `unit_days` nobody knows what it was made for."""

    start: date
    stop: date
    amount: Decimal
    unit_days: Fraction = Fraction(0)
    correction: int = 0


@dataclass(frozen=True)
class Instalment:
    """A row of the plan; `correction` numbers those that correct a fixed period, 0 is the regular one."""

    start: date
    stop: date
    due: date
    days: int
    is_partial: bool
    unit_days: Fraction
    amount: Decimal
    correction: int = 0


def merged(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches of the same days as one: two thousand units that came together are priced in one go.

    >>> day = date(2026, 1, 1)
    >>> [str(row.quantity) for row in merged([Stretch(day, day), Stretch(day, day, Fraction(1, 2))])]
    ['3/2']
    """
    quantities: dict[tuple[date, date], Fraction] = {}
    for row in stretches:
        quantities[row.start, row.stop] = quantities.get((row.start, row.stop), Fraction(0)) + row.quantity
    return [Stretch(start, stop, quantity) for (start, stop), quantity in quantities.items()]


def price(
    unit_price: Decimal, basis: str, agreed: Stretch, stretches: Sequence[Stretch], schedule: Schedule
) -> Fraction:
    """Exact price of the stretches.

    `basis` is a unit of time (the price is for that long), ``term`` (it is for all agreed days) or ``once`` (it is for
    no days: once for each stretch).

    >>> monthly = Schedule(1, "month", "advance", date(2026, 1, 1), Decimal("0.01"))
    >>> year = Stretch(date(2026, 1, 1), date(2026, 12, 31), Fraction(2))
    >>> price(Decimal("100"), "month", year, [year], monthly), price(Decimal("100"), "once", year, [year], monthly)
    (Fraction(2400, 1), Fraction(200, 1))
    >>> mid_june = Stretch(date(2026, 6, 16), date(2026, 12, 31))
    >>> price(Decimal("1200"), "year", year, [mid_june], monthly), price(Decimal("1200"), "term", year, [mid_june], monthly)
    (Fraction(650, 1), Fraction(650, 1))
    """
    units = sum((row.quantity * _length(row, basis, agreed, schedule) for row in stretches), Fraction(0))
    return Fraction(unit_price) * units


def _length(row: Stretch, basis: str, agreed: Stretch, schedule: Schedule) -> Fraction:
    """How many times the basis lies in the days of a stretch."""
    if basis == "once":
        return Fraction(1)
    if basis == "term":
        return _periods_in(row, schedule) / _periods_in(agreed, schedule)
    if schedule.unit in periods.MONTHS:
        wanted, billed = periods.MONTHS[basis], periods.MONTHS[schedule.unit] * schedule.interval
        step = gcd(wanted, billed)
        return periods.count(row.start, row.stop, "month", schedule.anchor, step) * step / wanted
    return periods.count(row.start, row.stop, basis, agreed.start)


def _periods_in(row, schedule):
    return periods.count(row.start, row.stop, schedule.unit, schedule.anchor, schedule.interval)


def instalments(
    total: Decimal,
    stretches: Sequence[Stretch],
    schedule: Schedule,
    fixed: Sequence[Fixed] = (),
    covers: Sequence[Stretch] | None = None,
    settle: bool = True,
    refund: bool = True,
) -> list[Instalment]:
    """Instalments that are still to be planned: together with the fixed ones they sum to `total`.

    `covers` are the days by which a fixed period is corrected, by default those of the stretches: what an early end or
    a pause takes out of the stretches is no matter of units that came or went. `settle` says whether what is left over
    when no instalment is open becomes a correction too, `refund` whether one below zero does: an early end asks for
    what was used and not billed, and is credited elsewhere.

    >>> quarterly = Schedule(1, "quarter", "advance", date(2026, 1, 1), Decimal("0.01"))
    >>> year = Stretch(date(2026, 1, 1), date(2026, 12, 31))
    >>> [str(row.amount) for row in instalments(Decimal("1000.01"), [year], quarterly)]
    ['250.00', '250.01', '250.00', '250.00']
    >>> agreed = Fixed(date(2026, 1, 1), date(2026, 3, 31), Decimal("100"), Fraction(90))
    >>> [str(row.amount) for row in instalments(Decimal("1000.00"), [year], quarterly, [agreed])]
    ['300.00', '300.00', '300.00']

    What is billed as planned moves no cent of what follows.

    >>> billed = Fixed(date(2026, 1, 1), date(2026, 3, 31), Decimal("250.00"), Fraction(90))
    >>> [str(row.amount) for row in instalments(Decimal("1000.01"), [year], quarterly, [billed])]
    ['250.01', '250.00', '250.00']

    A second unit joins on 1 March, when the first quarter is billed: its 31 days are a correction of it.

    >>> second = Stretch(date(2026, 3, 1), date(2026, 12, 31))
    >>> billed = Fixed(date(2026, 1, 1), date(2026, 3, 31), Decimal("90"), Fraction(90))
    >>> rows = instalments(Decimal("751.00"), [year, second], quarterly, [billed])
    >>> [(str(row.start), str(row.amount), row.correction) for row in rows]
    [('2026-03-01', '31.00', 1), ('2026-04-01', '210.00', 0), ('2026-07-01', '210.00', 0), ('2026-10-01', '210.00', 0)]

    More is billed than an early end in April leaves, and not credited elsewhere: nothing is asked, nothing is given back.

    >>> april = Stretch(date(2026, 4, 1), date(2026, 4, 10))
    >>> billed = Fixed(date(2026, 1, 1), date(2026, 3, 31), Decimal("90"), Fraction(90))
    >>> [str(row.amount) for row in instalments(Decimal("70"), [april], quarterly, [billed], [year], refund=False)]
    ['0.00']
    """
    covers = stretches if covers is None else covers
    regular_fixed = [
        row for row in fixed if not row.correction
    ]  # what corrects a period does not stand for it
    rows, every = [], []
    if stretches:
        start, stop = min(row.start for row in stretches), max(row.stop for row in stretches)
        for period in periods.split(start, stop, schedule.interval, schedule.unit, schedule.anchor):
            days = _unit_days(stretches, period.start, period.stop)
            is_fixed = any(row.start <= period.stop and row.stop >= period.start for row in regular_fixed)
            every.append((days / period.full_days, is_fixed))
            if days and not is_fixed:
                rows.append((period, days))
    corrections = _corrections(covers, schedule, fixed)
    left = total - sum((row.amount for row in (*fixed, *corrections)), Decimal(0))
    if not refund and left < 0:
        left, corrections = Decimal(0), _lowered(-left, corrections)
    amounts = _share_out(total, left, every, schedule.rounding)
    regular = []
    for (period, days), amount in zip(rows, amounts, strict=True):
        due = periods.due_date(period, schedule.timing)
        if covers is not stretches:
            days = _unit_days(covers, _nominal(schedule, period.start)[0], period.stop)
        regular.append(
            Instalment(period.start, period.stop, due, period.days, period.is_partial, days, amount)
        )
    if left and settle and not regular:
        corrections = _settle(left, corrections, schedule, fixed)
    return sorted(
        [row for row in corrections if row.amount] + regular, key=lambda row: (row.start, row.correction)
    )


def _share_out(total, left, every, rounding):
    """Amounts of the open ones of all periods (their weight, whether they are fixed).

    As long as the fixed ones are what the plan made them, the open ones stay what they are, to the cent: sharing out
    what is left anew would move a cent from one to the other.
    """
    is_open = [bool(weight) and not is_fixed for weight, is_fixed in every]
    weights = [weight for weight, __ in every]
    if not all(is_open):
        amounts = list(compress(periods.share_out(total, weights, rounding), is_open))
        if sum(amounts, Decimal(0)) == left:
            return amounts
    return periods.share_out(left, list(compress(weights, is_open)), rounding)


def _nominal(schedule, day):
    """First and last day of the billing period that holds a day."""
    return next(periods.grid(schedule.anchor, schedule.interval, schedule.unit, day))


def _unit_days(stretches, start, stop):
    parts = (row.clipped(start, stop) for row in stretches)
    return sum((part.quantity * part.days for part in parts if part), Fraction(0))


def steps(stretches: Sequence[Stretch], start: date, stop: date) -> list[tuple[date, Fraction]]:
    """How the quantity changes between two days, as (day, quantity from it on); empty where it is the same on all days.

    >>> quarter = date(2026, 9, 1), date(2026, 11, 30)
    >>> one, two = Stretch(date(2026, 1, 1), date(2026, 12, 31)), Stretch(date(2026, 10, 1), date(2026, 11, 15))
    >>> [(str(day), int(quantity)) for day, quantity in steps([one, two], *quarter)]
    [('2026-09-01', 1), ('2026-10-01', 2), ('2026-11-16', 1)]
    >>> steps([one], *quarter)
    []
    """
    changes = {start: Fraction(0)}
    for row in stretches:
        if part := row.clipped(start, stop):
            after = part.stop + periods.ONE_DAY
            changes[part.start] = changes.get(part.start, Fraction(0)) + part.quantity
            changes[after] = changes.get(after, Fraction(0)) - part.quantity
    found, quantity = [], Fraction(0)
    for day in sorted(changes):
        quantity += changes[day]
        if day <= stop and (changes[day] or day == start):
            found.append((day, quantity))
    return found if len(found) > 1 else []


def _corrections(covers, schedule, fixed):
    """What the fixed periods cost more or less by now, at the price that was paid for a unit-day."""
    corrections = []
    for (first, __), rows in _by_period(schedule, fixed).items():
        base = max(rows, key=lambda row: row.unit_days)
        last = max(row.stop for row in rows)
        change = _unit_days(covers, first, last) - sum((row.unit_days for row in rows), Fraction(0))
        if base.unit_days and abs(change) > TOLERANCE:
            amount = periods.to_unit(Fraction(base.amount) / base.unit_days * change, schedule.rounding)
            corrections.append(_correction(covers, rows, last, change, amount))
    return corrections


def _by_period(schedule, fixed):
    """Fixed rows by the nominal period that they lie in."""
    grouped: dict[tuple[date, date], list[Fixed]] = {}
    for row in fixed:
        grouped.setdefault(_nominal(schedule, row.start), []).append(row)
    return grouped


def _correction(covers, rows, last, change, amount):
    """It begins where the change does: on the first day of a unit that joined, or after the last of one that left."""
    regular = min(rows, key=lambda row: (row.correction, row.start))
    edges = [row.start if change > 0 else row.stop + periods.ONE_DAY for row in covers]
    within = {day for day in edges if regular.start < day <= last}
    new = within - {row.start for row in rows}
    start = min(new) if new else max(within, default=regular.start)
    number = max(row.correction for row in rows) + 1
    return Instalment(start, last, start, (last - start).days + 1, True, change, amount, number)


def _lowered(excess, corrections):
    """The corrections, the latest ones less by what they ask for too much."""
    rows = []
    for row in reversed(corrections):
        less = min(excess, max(row.amount, Decimal(0)))
        excess -= less
        rows.insert(0, replace(row, amount=row.amount - less))
    return rows


def _settle(left, corrections, schedule, fixed):
    """Nothing is open to take what is left over: the last correction does, or one of the last fixed period."""
    if corrections:
        *others, row = corrections
        return [*others, replace(row, amount=row.amount + left)]
    if not fixed:
        return []
    rows = max(_by_period(schedule, fixed).items())[1]
    base = min(rows, key=lambda row: (row.correction, row.start))
    number = max(row.correction for row in rows) + 1
    days = (base.stop - base.start).days + 1
    return [Instalment(base.start, base.stop, base.start, days, True, Fraction(0), left, number)]
