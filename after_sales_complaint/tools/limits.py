"""Who may grant a remedy of which value alone, and who must approve above it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

# From the narrowest to the widest mandate.
ROLES = ("technician", "agent", "reviewer", "manager")


@dataclass(frozen=True)
class Limit:
    """A role may grant up to `amount` (in the company's currency); unlimited when `amount` is infinite."""

    role: str
    amount: float


def ceiling(roles: Iterable[str], limits: Iterable[Limit]) -> float | None:
    """The highest value that a person with these roles may grant; None when he may grant nothing.

    >>> from math import inf
    >>> rows = [Limit("agent", 50), Limit("reviewer", 500), Limit("manager", inf)]
    >>> ceiling({"agent"}, rows), ceiling({"agent", "reviewer"}, rows), ceiling({"technician"}, rows)
    (50, 500, None)
    """
    roles = set(roles)
    return max((limit.amount for limit in limits if limit.role in roles), default=None)


def may_grant(amount: float, roles: Iterable[str], limits: Iterable[Limit]) -> bool:
    """
    >>> from math import inf
    >>> rows = [Limit("agent", 50), Limit("manager", inf)]
    >>> may_grant(50, {"agent"}, rows), may_grant(50.01, {"agent"}, rows), may_grant(0, {"technician"}, rows)
    (True, False, False)
    """
    top = ceiling(roles, limits)
    return top is not None and amount <= top


def required_role(amount: float, limits: Iterable[Limit]) -> str | None:
    """The narrowest role whose limit suffices; None when nobody may grant it.

    >>> rows = [Limit("agent", 50), Limit("reviewer", 500)]
    >>> required_role(20, rows), required_role(50.5, rows), required_role(501, rows)
    ('agent', 'reviewer', None)
    """
    limits = list(limits)
    return next((role for role in ROLES if may_grant(amount, {role}, limits)), None)
