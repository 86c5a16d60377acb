"""How an amount is shared among those who pay it, without losing or making a cent."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def split_amount(amount: float, shares: Sequence[float], rounding: float = 0.01) -> list[float]:
    """Share ``amount`` (already rounded to ``rounding``) by ``shares``, which add up to one.

    Each boundary between two payers is rounded, not each part: the parts always add up to the
    amount, the first payer gets exactly his rounded share, and nobody is more than one unit of
    the currency away from his.

    >>> split_amount(100.0, [0.3333, 0.6667])
    [33.33, 66.67]
    >>> split_amount(0.01, [0.5, 0.5])
    [0.01, 0.0]
    >>> split_amount(10.0, [1 / 3, 1 / 3, 1 / 3])
    [3.33, 3.34, 3.33]
    >>> split_amount(-10.0, [0.25, 0.75])
    [-2.5, -7.5]
    >>> split_amount(1000.0, [0.5, 0.5], rounding=1.0)
    [500.0, 500.0]
    >>> split_amount(18.40, [])
    []
    """
    if not shares:
        return []
    unit = Decimal(str(rounding))
    units = (Decimal(str(amount)) / unit).quantize(Decimal(1), ROUND_HALF_UP)
    total = sum(Decimal(str(share)) for share in shares)
    parts, reached, before = [], Decimal(0), Decimal(0)
    for share in shares:
        reached += Decimal(str(share))
        boundary = (units * reached / total).quantize(Decimal(1), ROUND_HALF_UP) if total else Decimal(0)
        parts.append(float((boundary - before) * unit))
        before = boundary
    return parts
