"""Which charges share an invoice. No Odoo here."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

RULES = ("contract", "call", "site", "all")


@dataclass(frozen=True)
class Facts:
    """The facts of one charge that decide its invoice."""

    key: Hashable
    partner: int
    company: int
    currency: int
    payment_term: int = 0
    contract: int = 0
    call: int = 0
    intervention: int = 0
    site: int = 0
    extra: tuple = field(default=())


def group_key(facts: Facts, rule: str) -> tuple:
    """The invoice a charge belongs to.

    Company, customer, currency and payment term always part invoices. By ``contract``: each contract has its own, and
    what is outside of any contract shares one. By ``call``: each call has its own (a visit without a call too), and
    what belongs to no call goes by contract. By ``site``: each place of work has its own, and what has none goes by
    contract. With ``all`` nothing else parts them.

    >>> visit = Facts("c", partner=1, company=1, currency=1, contract=7, call=3)
    >>> group_key(visit, "contract")
    (1, 1, 1, 0, (), 'contract', 7)
    >>> group_key(visit, "call")
    (1, 1, 1, 0, (), 'call', 3)
    >>> group_key(visit, "site"), group_key(Facts("c", 1, 1, 1, contract=7, site=9), "site")
    ((1, 1, 1, 0, (), 'contract', 7), (1, 1, 1, 0, (), 'site', 9))
    >>> group_key(visit, "all")
    (1, 1, 1, 0, (), 'all', 0)
    """
    if rule not in RULES:
        raise ValueError(f"unknown rule {rule!r}")
    base = (facts.company, facts.partner, facts.currency, facts.payment_term, facts.extra)
    if rule == "call" and facts.call:
        return (*base, "call", facts.call)
    if rule == "call" and facts.intervention:
        return (*base, "intervention", facts.intervention)
    if rule == "site" and facts.site:
        return (*base, "site", facts.site)
    if rule == "all":
        return (*base, "all", 0)
    return (*base, "contract", facts.contract)


def group(rows: Iterable[tuple[Facts, str]]) -> dict[tuple, list[Hashable]]:
    """Part the charges by invoice, each under its customer's rule, in the order they come.

    >>> rows = [(Facts(1, 1, 1, 1, contract=7), "contract"), (Facts(2, 2, 1, 1), "all"),
    ...         (Facts(3, 1, 1, 1, contract=7, call=5), "contract")]
    >>> list(group(rows).values())
    [[1, 3], [2]]
    """
    groups: dict[tuple, list[Hashable]] = {}
    for facts, rule in rows:
        groups.setdefault(group_key(facts, rule), []).append(facts.key)
    return groups
