"""From charges to invoice lines: one line per rate, never an average, to the cent. No Odoo here.

A charge is a quantity at a price of which the customer owes ``amount``, already rounded. An invoice line says
quantity, price and discount, and Odoo rounds their product. What is planned here always gives back the amount.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


@dataclass(frozen=True)
class Billed:
    """What one charge brings to an invoice: ``rate`` is everything that must be equal to share a line.

    ``own`` is the customer's part of the quantity, where his share is one of hours: what a pool left to him. Any other
    share is one of money, and a discount on the line.
    """

    key: Hashable
    rate: Hashable
    quantity: float
    price: float
    amount: float
    share: float = 1.0
    payload: Any = None
    own: float | None = None


@dataclass(frozen=True)
class Line:
    """One invoice line and the charges in it. ``exact`` is False when a lump sum had to be written."""

    items: tuple[Billed, ...]
    quantity: float
    price: float
    discount: float
    amount: float
    exact: bool = True


def round_to(value: float, unit: float) -> float:
    """Round half away from zero to a multiple of ``unit``, as Odoo rounds money.

    >>> round_to(2.675, 0.01), round_to(-0.125, 0.01), round_to(12.3, 0.05)
    (2.68, -0.13, 12.3)
    """
    step = Decimal(repr(unit))
    steps = (Decimal(repr(value)) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return float(steps * step)


def discount_of(share: float, digits: int = 2) -> float:
    """The discount in percent that leaves the customer his share.

    >>> discount_of(1.0), discount_of(0.4), discount_of(1 / 3)
    (0.0, 60.0, 66.67)
    """
    return float(round(Decimal(repr((1.0 - share) * 100.0)), digits))


def quantity_of(amount: float, price: float, unit: float = 0.01) -> tuple[float, int]:
    """The shortest quantity that makes the amount at this price, and how many digits it takes to say it.

    >>> quantity_of(104.0, 52.0), quantity_of(92.36, 66.5)
    ((2.0, 2), (1.3889, 4))
    """
    exact = Decimal(repr(amount)) / Decimal(repr(price))
    for digits in range(2, 9):
        quantity = float(round(exact, digits))
        if round_to(quantity * price, unit) == amount:
            break
    return quantity, digits


def _value(quantity: float, price: float, discount: float, unit: float) -> float:
    # the two ways of writing the same product that meet in an invoice agree, or the line is not exact
    exact = (
        Decimal(repr(quantity))
        * Decimal(repr(price))
        * (Decimal(100) - Decimal(repr(discount)))
        / Decimal(100)
    )
    plain = round_to(quantity * (price * (1 - discount / 100.0)), unit)
    step = Decimal(repr(unit))
    precise = float((exact / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step)
    return precise if precise == plain else float("nan")


def _plan(items: tuple[Billed, ...], unit: float, digits: int) -> Line | None:
    first = items[0]
    quantities = (item.quantity if item.own is None else item.own for item in items)
    quantity = float(sum((Decimal(repr(value)) for value in quantities), Decimal(0)))
    amount = float(sum((Decimal(repr(item.amount)) for item in items), Decimal(0)))
    discount = discount_of(first.share, digits) if first.own is None else 0.0
    if _value(quantity, first.price, discount, unit) == amount:
        return Line(items, quantity, first.price, discount, amount)
    return None


def plan_lines(items: Iterable[Billed], unit: float = 0.01, digits: int = 2) -> list[Line]:
    """One line for each rate, in the order the rates first appear.

    Charges of a rate share a line while it says exactly what they sum to; a charge whose rounding does not fit starts
    a line of its own, and one whose quantity, price and share cannot say its amount is written as a lump sum.

    >>> work = [Billed(1, "labour", 1.0, 52.0, 52.0), Billed(2, "overtime", 2.0, 78.0, 156.0),
    ...         Billed(3, "labour", 2.0, 52.0, 104.0)]
    >>> [(line.quantity, line.price, line.amount) for line in plan_lines(work)]
    [(3.0, 52.0, 156.0), (2.0, 78.0, 156.0)]
    >>> [(line.quantity, line.price, line.discount) for line in plan_lines([Billed(1, "x", 1.0, 10.0, 3.33, 1 / 3)])]
    [(1.0, 10.0, 66.67)]
    >>> left_by_pool = Billed(1, "labour", 3.0, 66.5, 66.5, 1 / 3, own=1.0)
    >>> [(line.quantity, line.price, line.discount) for line in plan_lines([left_by_pool])]
    [(1.0, 66.5, 0.0)]
    >>> [(line.quantity, line.price, line.exact) for line in plan_lines([Billed(1, "x", 3.0, 10.0, 29.5)])]
    [(1.0, 29.5, False)]
    """
    lines: list[Line] = []
    places: dict[Hashable, list[int]] = {}
    for item in items:
        price_and_share = (item.rate, item.price, round(item.share, 6), item.own is None)
        own = _plan((item,), unit, digits)
        if own is None:
            lines.append(Line((item,), 1.0, item.amount, 0.0, item.amount, exact=False))
            continue
        for place in places.setdefault(price_and_share, []):
            merged = _plan((*lines[place].items, item), unit, digits)
            if merged is not None:
                lines[place] = merged
                break
        else:
            places[price_and_share].append(len(lines))
            lines.append(own)
    return lines


def allocate(total: float, weights: list[float], unit: float = 0.01) -> list[float]:
    """Share a total out by weight; the parts sum to it exactly.

    >>> allocate(100.0, [1, 1, 1])
    [33.34, 33.33, 33.33]
    >>> allocate(-10.0, [0, 0])
    [-5.0, -5.0]
    """
    if not weights:
        return []
    step = Decimal(repr(unit))
    shares = [Decimal(repr(abs(float(weight)))) for weight in weights]
    base = sum(shares, Decimal(0))
    if not base:
        shares, base = [Decimal(1)] * len(weights), Decimal(len(weights))
    steps = int((Decimal(repr(total)) / step).to_integral_value(rounding=ROUND_HALF_UP))
    sign = -1 if steps < 0 else 1
    exact = [abs(steps) * share / base for share in shares]
    parts = [int(part) for part in exact]
    missing = abs(steps) - sum(parts)
    by_rest = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_rest[:missing]:
        parts[index] += 1
    return [float(sign * part * step) for part in parts]
