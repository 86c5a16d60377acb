"""Adjustment of prices on renewal: by percent, amount, new price or index; on each price or on the whole contract.

Prices are Decimals in units of a step (the precision of prices); ratios are exact Fractions, rounded once at the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .periods import add_months, to_unit


class MissingFigure(Exception):
    """An index has no figure for a month: not yet published, or a hole in the table."""

    def __init__(self, month: date):
        super().__init__(month)
        self.month = month


@dataclass(frozen=True)
class Figure:
    """An index in a month. ``link`` is what continues the old series where a new base year begins, else 1."""

    value: Decimal
    link: Decimal = Decimal(1)


@dataclass(frozen=True)
class Priced:
    """A price and what it is multiplied by to give the value of the term (quantity, units of time, discount)."""

    price: Decimal
    units: Fraction

    @property
    def value(self) -> Fraction:
        return Fraction(self.price) * self.units


def month_of(day: date, lag: int = 0) -> date:
    """First day of the month that lies ``lag`` months before a day.

    >>> month_of(date(2026, 3, 31), 4)
    datetime.date(2025, 11, 1)
    """
    return add_months(day.replace(day=1), -lag)


def holes(days: Iterable[date]) -> list[date]:
    """First days of the months without a figure between the first and the last that have one.

    >>> holes([date(2025, 11, 30), date(2026, 2, 1)])
    [datetime.date(2025, 12, 1), datetime.date(2026, 1, 1)]
    """
    known = {month_of(day) for day in days}
    missing, month = [], min(known, default=date.max)
    while known and month < max(known):
        if month not in known:
            missing.append(month)
        month = add_months(month, 1)
    return missing


def index_ratio(figures: Mapping[date, Figure], base: date, now: date) -> Fraction:
    """How many times the index of ``base`` the one of ``now`` is; months between them may be missing.

    >>> table = {date(2025, 11, 1): Figure(Decimal("120")), date(2026, 1, 1): Figure(Decimal("100"), Decimal("1.21")),
    ...          date(2026, 11, 1): Figure(Decimal("102"))}
    >>> float(index_ratio(table, date(2025, 11, 1), date(2026, 11, 1)))
    1.0285
    """
    for month in (base, now):
        if month not in figures or not figures[month].value:
            raise MissingFigure(month)
    ratio = Fraction(figures[now].value) / Fraction(figures[base].value)
    for month, figure in figures.items():
        if min(base, now) < month <= max(base, now):
            ratio = ratio * Fraction(figure.link) if now > base else ratio / Fraction(figure.link)
    return ratio


def varied(ratio: Fraction, share: Decimal = Decimal(100), never_below: bool = False) -> Fraction:
    """The ratio when only ``share`` percent of the variation count; ``never_below`` keeps prices that would fall.

    >>> float(varied(Fraction(104, 100), Decimal(75))), float(varied(Fraction(98, 100), Decimal(75), True))
    (1.03, 1.0)
    """
    ratio = 1 + (ratio - 1) * Fraction(share) / 100
    return max(ratio, Fraction(1)) if never_below else ratio


def percent_ratio(percent: Decimal) -> Fraction:
    """
    >>> float(percent_ratio(Decimal("-2.5")))
    0.975
    """
    return 1 + Fraction(percent) / 100


def scaled(price: Decimal, ratio: Fraction, step: Decimal = Decimal("0.01")) -> Decimal:
    """A price times a ratio, rounded half away from zero to the step.

    >>> scaled(Decimal("99.99"), Fraction(103, 100))
    Decimal('102.99')
    """
    return to_unit(Fraction(price) * ratio, step)


def spread(rows: Sequence[Priced], total: Fraction, step: Decimal = Decimal("0.01")) -> list[Decimal]:
    """New prices, in the proportion of the present ones, whose values together come as near to ``total`` as the step
    allows: exactly to it when a price counts once.

    >>> spread([Priced(Decimal("100"), Fraction(1)), Priced(Decimal("10"), Fraction(12))], Fraction(250))
    [Decimal('113.68'), Decimal('11.36')]
    """
    counted = [row for row in rows if row.units > 0]
    if not counted:
        return [row.price for row in rows]
    before = sum((row.value for row in counted), Fraction(0))
    if before:
        prices = [scaled(row.price, total / before, step) for row in rows]
    else:
        units = sum((row.units for row in counted), Fraction(0))
        prices = [to_unit(total / units, step) if row.units > 0 else row.price for row in rows]
    index = min((i for i, row in enumerate(rows) if row.units > 0), key=lambda i: rows[i].units)
    reached = sum(
        (Fraction(price) * row.units for row, price in zip(rows, prices, strict=True) if row.units > 0),
        Fraction(0),
    )
    prices[index] += to_unit((total - reached) / rows[index].units, step)
    return prices


def for_term(
    price: Decimal, old_months: Fraction, new_months: Fraction, step: Decimal = Decimal("0.01")
) -> Decimal:
    """The price of a whole term when the next term is longer or shorter.

    >>> for_term(Decimal("3600"), Fraction(36), Fraction(12))
    Decimal('1200.00')
    """
    return scaled(price, new_months / old_months, step)
