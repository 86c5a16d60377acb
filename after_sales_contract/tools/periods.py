"""Billing periods and instalments.

A schedule is cut on one grid of nominal periods. The grid starts at an anchor day and every edge is computed from the
anchor (never from the previous edge), so the 31st stays the 31st after February. The first and the last part may be
shorter than their nominal period: they weigh as many days as they have of it.

Amounts are exact: they are Decimals, each instalment is the rounded difference of two running totals, so that the sum
is the price to the smallest unit of the currency and no instalment is off by more than one of it.
"""

import calendar
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

ONE_DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAYS = {"day": 1, "week": 7}
UNITS = (*DAYS, *MONTHS)


@dataclass(frozen=True)
class Period:
    """A billed stretch (first and last day included) of a nominal period of the grid."""

    start: date
    stop: date
    full_days: int

    @property
    def days(self) -> int:
        return (self.stop - self.start).days + 1

    @property
    def weight(self) -> Fraction:
        """Which part of its nominal period this stretch is: 1 for a whole one."""
        return Fraction(self.days, self.full_days)

    @property
    def is_partial(self) -> bool:
        return self.days < self.full_days


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month when there is no such day.

    >>> add_months(date(2024, 1, 31), 1), add_months(date(2024, 1, 31), 2)
    (datetime.date(2024, 2, 29), datetime.date(2024, 3, 31))
    >>> add_months(date(2024, 2, 29), -12)
    datetime.date(2023, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add(day: date, count: int, unit: str) -> date:
    """The day that lies `count` units after `day`.

    >>> add(date(2026, 1, 31), 1, "quarter"), add(date(2026, 1, 31), 2, "week")
    (datetime.date(2026, 4, 30), datetime.date(2026, 2, 14))
    """
    if unit in MONTHS:
        return add_months(day, MONTHS[unit] * count)
    return day + timedelta(days=DAYS[unit] * count)


def end_of(start: date, count: int, unit: str) -> date:
    """Last day of a term that begins on `start`.

    >>> end_of(date(2026, 3, 1), 1, "year"), end_of(date(2024, 2, 29), 1, "year")
    (datetime.date(2027, 2, 28), datetime.date(2025, 2, 27))
    """
    return add(start, count, unit) - ONE_DAY


def calendar_anchor(day: date, unit: str) -> date:
    """First day of the calendar period (week from Monday, month, quarter, year) that holds `day`.

    >>> calendar_anchor(date(2026, 5, 20), "quarter"), calendar_anchor(date(2026, 5, 20), "week")
    (datetime.date(2026, 4, 1), datetime.date(2026, 5, 18))
    """
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit in MONTHS:
        months = MONTHS[unit]
        return date(day.year, (day.month - 1) // months * months + 1, 1)
    return day


def grid(anchor: date, interval: int, unit: str, start: date) -> Iterator[tuple[date, date]]:
    """Nominal periods (first day, last day) from the one that holds `start`, without end.

    >>> edges = grid(date(2026, 1, 31), 1, "month", date(2026, 3, 5))
    >>> next(edges), next(edges)[0]
    ((datetime.date(2026, 2, 28), datetime.date(2026, 3, 30)), datetime.date(2026, 3, 31))
    """
    if interval < 1:
        raise ValueError("the interval of a schedule is at least 1")
    if unit in MONTHS:
        apart = (start.year - anchor.year) * 12 + start.month - anchor.month
        index = apart // (MONTHS[unit] * interval)
    else:
        index = (start - anchor).days // (DAYS[unit] * interval)
    if add(anchor, index * interval, unit) > start:
        index -= 1
    while True:
        first = add(anchor, index * interval, unit)
        index += 1
        yield first, add(anchor, index * interval, unit) - ONE_DAY


def split(start: date, stop: date, interval: int, unit: str, anchor: date | None = None) -> list[Period]:
    """Cut the days from `start` to `stop` into periods: no gap, no overlap, nothing past `stop`.

    `anchor` is any first day of a nominal period; by default the schedule begins with a whole one.

    >>> [(str(p.start), str(p.stop), p.days) for p in split(date(2026, 1, 15), date(2026, 6, 30), 1, "quarter")]
    [('2026-01-15', '2026-04-14', 90), ('2026-04-15', '2026-06-30', 77)]
    >>> first = split(date(2026, 2, 24), date(2026, 12, 31), 1, "month", anchor=date(2026, 2, 1))[0]
    >>> first.days, first.full_days, first.is_partial
    (5, 28, True)
    """
    periods = []
    if stop < start:
        return periods
    for first, last in grid(anchor or start, interval, unit, start):
        periods.append(Period(max(first, start), min(last, stop), (last - first).days + 1))
        if last >= stop:
            return periods


def count(start: date, stop: date, unit: str, anchor: date | None = None, interval: int = 1) -> Fraction:
    """How many periods of `interval` units (with their parts by days) lie between two days, both included.

    >>> count(date(2026, 1, 1), date(2027, 6, 30), "year")
    Fraction(546, 365)
    >>> count(date(2026, 1, 31), date(2026, 4, 29), "month")
    Fraction(3, 1)
    """
    cut = split(start, stop, interval, unit, anchor)
    parts = [period.weight for period in cut if period.is_partial]
    return Fraction(len(cut) - len(parts)) + sum(parts)


def length(start: date, stop: date) -> tuple[int, str]:
    """How long a term is, in the largest unit that fits it.

    >>> length(date(2026, 1, 1), date(2027, 12, 31)), length(date(2026, 1, 1), date(2026, 8, 31))
    ((2, 'year'), (8, 'month'))
    >>> length(date(2026, 1, 1), date(2026, 8, 30))
    (242, 'day')
    """
    for unit in ("year", "month"):
        number = count(start, stop, unit)
        if number.denominator == 1:
            return int(number), unit
    return (stop - start).days + 1, "day"


def to_unit(value: Fraction, rounding: Decimal) -> Decimal:
    """Round half away from zero to a multiple of the currency's smallest unit.

    >>> to_unit(Fraction(1, 8), Decimal("0.01")), to_unit(Fraction(-1, 8), Decimal("0.01"))
    (Decimal('0.13'), Decimal('-0.13'))
    """
    units = value / Fraction(rounding)
    whole = (Decimal(units.numerator) / Decimal(units.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    return whole * rounding


def share_out(
    total: Decimal, weights: Sequence[Fraction], rounding: Decimal = Decimal("0.01")
) -> list[Decimal]:
    """Split `total` in proportion to `weights`; the parts sum to it exactly.

    >>> share_out(Decimal("100.00"), [Fraction(1)] * 3)
    [Decimal('33.33'), Decimal('33.34'), Decimal('33.33')]
    >>> share_out(Decimal("1200.00"), [Fraction(5, 28)] + [Fraction(1)] * 10)[0]
    Decimal('21.05')
    """
    whole = sum(weights, Fraction(0))
    if not whole:
        return [Decimal(0)] * len(weights)
    shares, done, reached = [], Decimal(0), Fraction(0)
    for weight in weights:
        reached += weight
        upto = to_unit(Fraction(total) * reached / whole, rounding)
        shares.append(upto - done)
        done = upto
    return shares


def due_date(period: Period, timing: str) -> date:
    """Advance: on the first day of the period. Arrears: on its last day.

    >>> period = Period(date(2026, 1, 15), date(2026, 1, 31), 31)
    >>> due_date(period, "advance"), due_date(period, "arrears")
    (datetime.date(2026, 1, 15), datetime.date(2026, 1, 31))
    """
    return period.start if timing == "advance" else period.stop


def occurrences(
    start: date,
    stop: date,
    interval: int,
    unit: str,
    first_after: int = 0,
    is_workday: Callable[[date], bool] | None = None,
    shift: str = "keep",
) -> list[date]:
    """Days of something that recurs (visits): the first one `first_after` days after `start`, then every interval.

    `shift` says what to do on a day off: keep it, take the next or the previous working day. A shifted day never
    leaves the term; where it would, the other direction is taken.

    >>> [str(day) for day in occurrences(date(2026, 1, 31), date(2026, 12, 31), 1, "quarter", first_after=28)]
    ['2026-02-28', '2026-05-28', '2026-08-28', '2026-11-28']
    >>> weekday = lambda day: day.weekday() < 5
    >>> occurrences(date(2026, 1, 4), date(2026, 1, 10), 1, "month", is_workday=weekday, shift="previous")
    [datetime.date(2026, 1, 5)]
    """
    base = start + timedelta(days=first_after)
    days = []
    index = 0
    while (day := add(base, index * interval, unit)) <= stop:
        days.append(_shifted(day, start, stop, is_workday, shift))
        index += 1
    return days


def _shifted(day, start, stop, is_workday, shift):
    if shift == "keep" or is_workday is None or is_workday(day):
        return day
    forward = shift == "next"
    for direction in (ONE_DAY, -ONE_DAY) if forward else (-ONE_DAY, ONE_DAY):
        moved = day + direction
        while start <= moved <= stop:
            if is_workday(moved):
                return moved
            moved += direction
    return day
