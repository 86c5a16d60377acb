"""Which part of a real cost goes to the account of which payer, and what of it is still to post. No Odoo here."""

from collections.abc import Iterable

from odoo.addons.after_sales_helpdesk.tools.amounts import split_amount

#: The payer whose part of a cost is no cost of ours: his invoice is the revenue to it.
CUSTOMER = "customer"


def borne(cost: float, shares: Iterable[tuple[str, float]], unit: float = 0.01) -> dict[str, float]:
    """What each payer but the customer bears of a cost, to the cent.

    >>> borne(100.0, [("customer", 0.25), ("warranty", 0.75)])
    {'warranty': 75.0}
    >>> borne(10.0, [("contract", 1 / 3), ("pool", 1 / 3), ("goodwill", 1 / 3)])
    {'contract': 3.33, 'pool': 3.34, 'goodwill': 3.33}
    >>> borne(0.0, [("warranty", 1.0)]), borne(70.0, [("customer", 1.0)]), borne(70.0, [])
    ({}, {}, {})
    """
    rows = list(shares)
    parts: dict[str, float] = {}
    for (payer, __), part in zip(rows, split_amount(cost, [share for __, share in rows], unit), strict=True):
        if payer != CUSTOMER and part:
            parts[payer] = parts.get(payer, 0.0) + part
    return parts


def left(borne_by: dict[str, float], posted: dict[str, float], unit: float = 0.01) -> dict[str, float]:
    """What must still be posted for each payer so that the accounts say what he bears.

    >>> left({"warranty": 100.0}, {})
    {'warranty': 100.0}
    >>> left({"warranty": 110.0}, {"warranty": 100.0}), left({"warranty": 0.3}, {"warranty": 0.1 + 0.2})
    ({'warranty': 10.0}, {})
    >>> left({"goodwill": 100.0}, {"warranty": 100.0})
    {'goodwill': 100.0, 'warranty': -100.0}
    """
    rows = {}
    for payer in sorted({*borne_by, *posted}):
        units = round((borne_by.get(payer, 0.0) - posted.get(payer, 0.0)) / unit)
        if units:
            rows[payer] = float(split_amount(units * unit, [1.0], unit)[0])
    return rows


def first_free(taken: Iterable[int]) -> int:
    """The smallest number that is not taken: two that post at once take the same one, and the database refuses one.

    >>> first_free([]), first_free([0, 1, 3]), first_free([1])
    (0, 2, 0)
    """
    numbers = set(taken)
    return next(number for number in range(len(numbers) + 1) if number not in numbers)
