"""What a customer gets back of instalments that are billed: their days on which nothing was owed to him.

A billed instalment is worth its days, each weighed with the quantity under contract on it. Days that fall out (after an
early end, in a pause) are credited with that share of the amount: never more than was billed, nothing twice.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .periods import ONE_DAY, to_unit
from .plan import Stretch


def without(stretches: Sequence[Stretch], gaps: Iterable[tuple[date, date]]) -> list[Stretch]:
    """The stretches without the days of the gaps (first and last day included).

    >>> year = Stretch(date(2026, 1, 1), date(2026, 12, 31))
    >>> [(str(s.start), str(s.stop)) for s in without([year], [(date(2026, 3, 1), date(2026, 4, 30))])]
    [('2026-01-01', '2026-02-28'), ('2026-05-01', '2026-12-31')]
    >>> without([year], [(date(2025, 1, 1), date(2027, 1, 1))])
    []
    """
    rest = list(stretches)
    for first, last in gaps:
        cut = []
        for stretch in rest:
            if last < stretch.start or first > stretch.stop:
                cut.append(stretch)
                continue
            if stretch.start < first:
                cut.append(Stretch(stretch.start, first - ONE_DAY, stretch.quantity))
            if stretch.stop > last:
                cut.append(Stretch(last + ONE_DAY, stretch.stop, stretch.quantity))
        rest = cut
    return rest


def unused(
    amount: Decimal, billed: Stretch, stretches: Sequence[Stretch], first: date, last: date, rounding: Decimal
) -> tuple[int, Decimal]:
    """Days from `first` to `last` that lie in a billed instalment and under contract, and what they are worth.

    >>> january = Stretch(date(2026, 1, 1), date(2026, 1, 31))
    >>> unused(Decimal("310"), january, [january], date(2026, 1, 22), date(2026, 12, 31), Decimal("0.01"))
    (10, Decimal('100.00'))
    >>> unused(Decimal("310"), january, [january], date(2026, 2, 1), date(2026, 12, 31), Decimal("0.01"))
    (0, Decimal('0.00'))
    """
    owed = [part for stretch in stretches if (part := stretch.clipped(billed.start, billed.stop))]
    free = [part for stretch in owed if (part := stretch.clipped(first, last))]
    whole = sum((part.quantity * part.days for part in owed), Fraction(0))
    if not whole or not free:
        return 0, Decimal(0) * rounding
    share = sum((part.quantity * part.days for part in free), Fraction(0)) / whole
    days = (max(part.stop for part in free) - min(part.start for part in free)).days + 1
    return days, to_unit(Fraction(amount) * share, rounding)
