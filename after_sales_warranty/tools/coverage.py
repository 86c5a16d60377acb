"""Who pays for a line of work: the ranking of candidates, as a pure function.

Addons contribute candidates; they are ranked here, once, so that the result never depends on the
order in which addons were loaded.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

COST_CLASSES = ("part", "labour", "travel", "call_out", "per_diem", "expense")

#: Order in which payers take their part; what is left is the customer's.
PAYERS = ("warranty", "contract", "pool", "goodwill", "customer")

#: Shares are counted in whole parts of this size, so that they add up exactly.
PARTS = 1_000_000


@dataclass(frozen=True, slots=True)
class CoverageRequest:
    """One line of work whose payer is to be decided. Ids are database ids, False when unknown.

    The payer is decided as of ``date``, e.g. the day of the call; ``worked_on`` is the day of the work, when it is another
    one: under that day the ledgers write down what it took.
    """

    key: Hashable
    company_id: int
    partner_id: int | bool
    unit_id: int | bool
    product_id: int | bool
    cost_class: str
    date: object
    fault_id: int | bool = False
    quantity: float = 1.0
    contract_id: int | bool = False
    worked_on: object = None
    claim_id: int | bool = False

    @property
    def booked_on(self) -> object:
        return self.worked_on or self.date


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may pay for the request of the same key.

    A candidate of share 0 still applies: it says under which regime the work is done, at which
    tariff and why it is not paid. ``quantity`` limits how much of the request it can take.
    """

    key: Hashable
    payer: str
    source: tuple
    share: float
    regime: str
    rule: str
    reason: str
    quantity: float | None = None
    tariff: tuple | None = None
    priority: int = 10


@dataclass(frozen=True, slots=True)
class Allocation:
    payer: str
    share: float
    quantity: float
    source: tuple | None
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    key: Hashable
    allocations: tuple
    regime: str
    rule: str
    reason: str
    tariff: tuple | None = None

    @property
    def customer_share(self):
        return sum((a.share for a in self.allocations if a.payer == "customer"), 0.0)

    @property
    def covered_share(self):
        return round(1.0 - self.customer_share, 6)

    @property
    def main_payer(self):
        """Who pays most; the earlier payer wins a tie."""
        return max(self.allocations, key=lambda a: (a.share, -PAYERS.index(a.payer))).payer


def _parts(candidate: Candidate, request: CoverageRequest) -> int:
    """What the candidate can take of the request, in whole parts.

    >>> request = CoverageRequest(1, 1, 1, 1, 1, "labour", None, quantity=4.0)
    >>> _parts(Candidate(1, "pool", ("x", 1), 1.0, "contract", "pool", ""), request)
    1000000
    >>> _parts(Candidate(1, "pool", ("x", 1), 1.0, "contract", "pool", "", quantity=1.0), request)
    250000
    >>> _parts(Candidate(1, "pool", ("x", 1), 1.7, "contract", "pool", ""), request)
    1000000
    """
    share = min(max(candidate.share, 0.0), 1.0)
    if candidate.quantity is not None and request.quantity > 0:
        share = min(share, max(candidate.quantity, 0.0) / request.quantity)
    return round(share * PARTS)


def _best(candidates: list, request: CoverageRequest):
    """The candidate that speaks for its kind of payer: most share, then priority, then oldest source."""
    return min(candidates, key=lambda c: (-_parts(c, request), c.priority, c.source))


def decide(
    request: CoverageRequest,
    candidates: Iterable[Candidate],
    default_regime: str = "on_demand",
    default_reason: str = "",
) -> Decision:
    """Share the request among its payers; the shares always add up to one.

    >>> request = CoverageRequest("l1", 1, 1, 1, 1, "part", None)
    >>> nobody = decide(request, [])
    >>> [(a.payer, a.share) for a in nobody.allocations], nobody.regime
    ([('customer', 1.0)], 'on_demand')
    >>> half = Candidate("l1", "warranty", ("w", 1), 0.5, "warranty", "term", "half of the parts")
    >>> rest = Candidate("l1", "contract", ("c", 1), 0.8, "contract", "inclusion", "parts included")
    >>> both = decide(request, [rest, half])
    >>> [(a.payer, a.share) for a in both.allocations], both.regime, both.customer_share
    ([('warranty', 0.5), ('contract', 0.5)], 'warranty', 0.0)
    """
    candidates = [c for c in candidates if c.key == request.key]
    by_payer = {payer: [c for c in candidates if c.payer == payer] for payer in PAYERS}
    speakers = [_best(group, request) for group in by_payer.values() if group]

    allocations, remaining = [], PARTS
    for candidate in speakers:
        taken = min(_parts(candidate, request), remaining)
        if taken and candidate.payer != "customer":
            remaining -= taken
            allocations.append((candidate.payer, taken, candidate.source, candidate.rule, candidate.reason))
    if remaining:
        why = [c for c in speakers if c.payer == "customer" or not _parts(c, request)] or speakers
        allocations.append(
            ("customer", remaining, why[0].source, why[0].rule, why[0].reason)
            if why
            else ("customer", remaining, None, "nothing", default_reason)
        )
    allocations = tuple(
        Allocation(payer, parts / PARTS, request.quantity * parts / PARTS, source, rule, reason)
        for payer, parts, source, rule, reason in allocations
    )
    tariffs = [c.tariff for c in speakers if c.tariff]
    return Decision(
        key=request.key,
        allocations=allocations,
        regime=speakers[0].regime if speakers else default_regime,
        rule=speakers[0].rule if speakers else "nothing",
        reason=" ".join(dict.fromkeys(c.reason for c in speakers if c.reason)) or default_reason,
        tariff=tariffs[0] if tariffs else None,
    )
