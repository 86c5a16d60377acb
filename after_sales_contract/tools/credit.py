"""What a customer gets back of instalments that are billed: their days on which nothing was owed to him.

A billed instalment is worth its days, each weighed with the quantity under contract on it. Days that fall out (after an
early end, in a pause) are credited with that share of the amount: never more than was billed, nothing twice.

An early end settles by sums: whatever was agreed on instalments, and whatever pauses and units did to them, in the end
billed less credited is the price of the days served.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .periods import ONE_DAY, share_out, to_unit
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


def settle(
    owed: Decimal, other: Decimal, billed: Sequence[tuple[Decimal, Sequence[Decimal]]], rounding: Decimal
) -> tuple[list[list[Decimal]], Decimal]:
    """An early end by sums: what each billed instalment gives back, reason by reason, and what is still to be paid.

    `owed` is the price of the days served, `other` what will be billed for them anyway. Each billed instalment is its
    amount, less what was credited, and what its days not served are worth, by reason: days after the end first, then
    paused ones. What is to be given back beyond those days (it was paid ahead) comes last, of the latest instalment
    first. No instalment gives more than its amount. A cent or two that rounding leaves over is no credit as long as
    something is still to be billed: the instalments to come even it out.

    >>> two = [(Decimal("600"), [Decimal(0)]), (Decimal("300"), [Decimal("100")])]
    >>> given, due = settle(Decimal("850"), Decimal(0), two, Decimal("0.01"))
    >>> [[str(part) for part in row] for row in given], str(due)
    ([['0.00', '0.00'], ['50.00', '0.00']], '0.00')
    >>> given, due = settle(Decimal("500"), Decimal(0), two, Decimal("0.01"))
    >>> [[str(part) for part in row] for row in given], str(due)
    ([['0.00', '100.00'], ['100.00', '200.00']], '0.00')
    >>> settle(Decimal("950"), Decimal("10"), two, Decimal("0.01"))[1]
    Decimal('40.00')
    >>> given, due = settle(Decimal("950"), Decimal("50.01"), [(Decimal("900"), [Decimal(0)])], Decimal("0.01"))
    >>> [[str(part) for part in row] for row in given], str(due)
    ([['0.00']], '0.00')
    """
    zero = Decimal(0) * rounding
    back = sum((amount for amount, __ in billed), other) - owed + zero
    unserved = sum((part for __, days in billed for part in days), zero)
    if other and 0 < back - unserved <= rounding * len(billed):
        back = unserved
    rest = [max(amount, zero) for amount, __ in billed]
    given = [[] for __ in billed]
    for reason in range(len(billed[0][1]) if billed and back > 0 else 0):
        worth = [min(left, days[reason]) for left, (__, days) in zip(rest, billed, strict=True)]
        whole = sum(worth, zero)
        parts = worth if back >= whole else share_out(back, [Fraction(part) for part in worth], rounding)
        back -= sum(parts, zero)
        rest = [left - part for left, part in zip(rest, parts, strict=True)]
        for row, part in zip(given, parts, strict=True):
            row.append(part + zero)
    for row, left in zip(reversed(given), reversed(rest), strict=True):
        part = max(min(left, back), zero)
        back -= part
        row.append(part + zero)
    return given, max(-back, zero)
