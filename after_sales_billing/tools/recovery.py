"""What a supplier gives back of what his goods cost us: how much is due, and which claim it goes on. No Odoo here."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date

from .rates import allocate, round_to

RULES = ("supplier", "unit")
PARTS_ONLY = 1.0  # without an agreement a supplier replaces the defective part, and pays no work


@dataclass(frozen=True)
class Term:
    """One line of the agreement with a supplier: his share of a cost class, while it holds."""

    cost_class: str
    share: float
    basis: str = "cost"
    date_from: date | None = None
    date_to: date | None = None
    company: int = 0

    def holds(self, day: date, company: int) -> bool:
        """Whether the line holds on a day in a company (0: in each).

        >>> Term("part", 1.0, date_from=date(2026, 2, 1)).holds(date(2026, 1, 31), 1)
        False
        >>> Term("part", 1.0, date_to=date(2026, 2, 1), company=2).holds(date(2026, 2, 1), 2)
        True
        """
        return (
            (not self.date_from or self.date_from <= day)
            and (not self.date_to or day <= self.date_to)
            and self.company in (0, company)
        )


def find_term(terms: Iterable[Term], cost_class: str, day: date, company: int) -> Term | None:
    """The supplier's share of a cost class on the day of the fault; None when he bears nothing of it.

    What is agreed for the company goes before what is agreed for all, the later agreement before the earlier one.
    Without any agreement that holds, he bears the parts in full.

    >>> find_term([], "part", date(2026, 1, 1), 1).share, find_term([], "labour", date(2026, 1, 1), 1)
    (1.0, None)
    >>> old, new = Term("labour", 0.3), Term("labour", 0.5, date_from=date(2026, 1, 1))
    >>> [find_term([new, old], "labour", day, 1).share for day in (date(2025, 12, 31), date(2026, 1, 1))]
    [0.3, 0.5]
    >>> find_term([old], "part", date(2026, 1, 1), 1) is None
    True
    """
    valid = [term for term in terms if term.holds(day, company)]
    if not valid:
        return Term("part", PARTS_ONLY) if cost_class == "part" else None
    mine = [term for term in valid if term.cost_class == cost_class]
    return max(mine, key=lambda term: (bool(term.company), term.date_from or date.min), default=None)


def recoverable(value: float, customer_share: float, share: float, unit: float = 0.01) -> float:
    """What the supplier owes of a value: his share of what the customer does not pay, never below zero.

    >>> recoverable(70.0, 0.0, 1.0), recoverable(70.0, 0.25, 0.5), recoverable(70.0, 1.0, 1.0)
    (70.0, 26.25, 0.0)
    >>> recoverable(-5.0, 0.0, 1.0), recoverable(10.0, 0.0, 1 / 3), recoverable(10.0, 0.0, 1 / 3, 1.0)
    (0.0, 3.33, 3.0)
    """
    return max(round_to(value * (1.0 - min(max(customer_share, 0.0), 1.0)) * share, unit), 0.0)


@dataclass(frozen=True)
class Due:
    """The facts of one charge that decide its claim."""

    key: Hashable
    supplier: int
    company: int
    unit: int = 0


def group(rows: Iterable[tuple[Due, str]]) -> dict[tuple, list[Hashable]]:
    """Part the charges by claim, each under its supplier's rule, in the order they come.

    >>> rows = [(Due(1, 7, 1, 3), "unit"), (Due(2, 7, 1, 4), "unit"), (Due(3, 7, 1, 3), "unit"), (Due(4, 8, 1), "supplier")]
    >>> list(group(rows).values())
    [[1, 3], [2], [4]]
    """
    groups: dict[tuple, list[Hashable]] = {}
    for due, rule in rows:
        if rule not in RULES:
            raise ValueError(f"unknown rule {rule!r}")
        key = (due.company, due.supplier, due.unit if rule == "unit" else 0)
        groups.setdefault(key, []).append(due.key)
    return groups


def spread(total: float, claimed: list[float], unit: float = 0.01) -> list[float]:
    """Share out what was agreed as one sum: by what was claimed, to the cent, no line above its claim.

    >>> spread(50.0, [70.0, 30.0]), spread(100.0, [33.33, 66.67]), spread(0.0, [1.0])
    ([35.0, 15.0], [33.33, 66.67], [0.0])
    >>> spread(0.05, [0.01, 0.04])
    [0.01, 0.04]
    >>> spread(110.0, [70.0, 30.0])
    Traceback (most recent call last):
    ValueError: more than was claimed
    """
    if round_to(total, unit) > round_to(sum(claimed), unit):
        raise ValueError("more than was claimed")
    parts = allocate(total, claimed, unit) if total else [0.0 for __ in claimed]
    over = 0.0
    for index, most in enumerate(claimed):  # a cent of rounding may exceed a small claim: the others take it
        if parts[index] > most:
            over, parts[index] = over + parts[index] - most, most
    for index, most in enumerate(claimed):
        room = min(over, most - parts[index])
        parts[index], over = round_to(parts[index] + room, unit), over - room
    return parts


def answer(lines: Iterable[tuple[float, float]], unit: float = 0.01) -> str:
    """What a supplier's answer comes to, from (claimed, agreed) of each line.

    >>> answer([(70.0, 70.0), (30.0, 30.0)]), answer([(70.0, 70.0), (30.0, 0.0)]), answer([(70.0, 0.0)])
    ('agreed', 'partial', 'refused')
    """
    rows = [(round_to(claimed, unit), round_to(agreed, unit)) for claimed, agreed in lines]
    if not any(agreed for __, agreed in rows):
        return "refused"
    return "agreed" if all(agreed >= claimed for claimed, agreed in rows) else "partial"
