"""The instalment plan of one contract line.

A line's price holds for stretches of days with a quantity: one stretch for a line priced per contract, one per covered
unit for a line priced by unit (units may come and go). The plan cuts these days on the billing grid; what was billed
already is fixed and never moves, the rest of the price goes to the periods that are left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from . import periods


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
class Instalment:
    start: date
    stop: date
    due: date
    days: int
    is_partial: bool
    amount: Decimal


def price(
    unit_price: Decimal, basis: str, agreed: Stretch, stretches: Sequence[Stretch], anchor: date
) -> Fraction:
    """Exact price of the stretches; `basis` is a unit of time, or ``term``: the price of all agreed days.

    >>> year = Stretch(date(2026, 1, 1), date(2026, 12, 31), Fraction(2))
    >>> price(Decimal("100"), "month", year, [year], date(2026, 1, 1))
    Fraction(2400, 1)
    >>> half = year.clipped(date(2026, 1, 1), date(2026, 3, 14))
    >>> price(Decimal("365"), "term", year, [half], date(2026, 1, 1))
    Fraction(146, 1)
    """
    units = Fraction(0)
    for stretch in stretches:
        if basis == "term":
            units += stretch.quantity * Fraction(stretch.days, agreed.days)
        else:
            units += stretch.quantity * periods.count(stretch.start, stretch.stop, basis, anchor)
    return Fraction(unit_price) * units


def instalments(
    total: Decimal,
    stretches: Sequence[Stretch],
    schedule: Schedule,
    fixed: Mapping[date, tuple] | None = None,
) -> list[Instalment]:
    """Instalments that are still to be planned: together with the fixed ones they sum to `total`.

    `fixed` maps the first day of an instalment that must not change to its (last day, amount).

    >>> quarterly = Schedule(1, "quarter", "advance", date(2026, 1, 1), Decimal("0.01"))
    >>> year = [Stretch(date(2026, 1, 1), date(2026, 12, 31))]
    >>> [str(row.amount) for row in instalments(Decimal("1000.01"), year, quarterly)]
    ['250.00', '250.01', '250.00', '250.00']
    >>> billed = {date(2026, 1, 1): (date(2026, 3, 31), Decimal("100"))}
    >>> [str(row.amount) for row in instalments(Decimal("1000.00"), year, quarterly, billed)]
    ['300.00', '300.00', '300.00']
    """
    if not stretches:
        return []
    fixed = fixed or {}
    start = min(stretch.start for stretch in stretches)
    stop = max(stretch.stop for stretch in stretches)
    rows = []
    for period in periods.split(start, stop, schedule.interval, schedule.unit, schedule.anchor):
        weight = _weight(period, stretches)
        if weight and not _is_fixed(period, fixed):
            rows.append((period, weight))
    left = total - sum((amount for __, amount in fixed.values()), Decimal(0))
    amounts = periods.share_out(left, [weight for __, weight in rows], schedule.rounding)
    return [
        Instalment(p.start, p.stop, periods.due_date(p, schedule.timing), p.days, p.is_partial, amount)
        for (p, __), amount in zip(rows, amounts, strict=True)
    ]


def _weight(period, stretches):
    parts = (stretch.clipped(period.start, period.stop) for stretch in stretches)
    return sum((part.quantity * Fraction(part.days, period.full_days) for part in parts if part), Fraction(0))


def _is_fixed(period, fixed):
    return any(first <= period.stop and last >= period.start for first, (last, __) in fixed.items())
