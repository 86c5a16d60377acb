"""Hour pools: which pool pays which hours, when a threshold is crossed, what is carried over.

Hours of work and hours of a pool differ by a weight: a night hour of weight 1.5 takes one hour and a half.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from odoo.addons.after_sales_warranty.tools.coverage import CoverageRequest

#: Finer than the ledger counts; hides the noise of binary floats.
TINY = 1e-6


@dataclass(frozen=True, slots=True)
class WorkRequest(CoverageRequest):
    """A coverage request that knows its activity and time band, so that a pool can weigh it."""

    kind: str = "labour"
    band_id: int | bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A pool in the order in which pools are used: what is left of it, and what an hour of this work takes."""

    key: Hashable
    left: float
    weight: float = 1.0

    @property
    def hours(self) -> float:
        """Hours of this work that the pool still pays."""
        return max(self.left, 0.0) / self.weight


@dataclass(frozen=True, slots=True)
class Fill:
    """Hours of work that a pool pays, and what they take of it."""

    key: Hashable
    hours: float
    taken: float


def take(wanted: float, sources: Sequence[Source]) -> tuple[list[Fill], float]:
    """Fill the wanted hours from the pools in their order; return the fills and the hours that no pool pays.

    >>> take(4, [Source("old", 1), Source("new", 10, 1.5)])
    ([Fill(key='old', hours=1.0, taken=1.0), Fill(key='new', hours=3.0, taken=4.5)], 0.0)
    >>> take(2, [Source("empty", 0)])
    ([], 2)
    """
    fills = []
    for source in sources:
        hours = min(wanted, source.hours)
        if hours > TINY:
            fills.append(Fill(source.key, hours, hours * source.weight))
            wanted -= hours
        if wanted <= TINY:
            return fills, 0.0
    return fills, wanted


def rate(used: float, bought: float) -> float:
    """Percent of the bought hours that are used; more than 100 only where bought hours were taken back.

    >>> rate(8, 10), rate(13, 10), rate(0, 0), rate(1, 0)
    (80.0, 130.0, 0.0, 100.0)
    """
    if bought <= TINY:
        return 100.0 if used > TINY else 0.0
    return round(100.0 * used / bought, 2)


def rate_with_beyond(used: float, beyond: float, bought: float) -> float:
    """The percentage that thresholds are held against: more than 100 where work went beyond an empty pool. Once there
    are hours to use again, what went beyond is settled and says nothing of them.

    >>> rate_with_beyond(8, 0, 10), rate_with_beyond(10, 4, 10), rate_with_beyond(10, 4, 15), rate_with_beyond(0, 1, 0)
    (80.0, 140.0, 66.67, 100.0)
    """
    return rate(used if bought - used > TINY else used + beyond, bought)


def is_near_end(days_left: int, days: int, limit: int) -> bool:
    """Whether so few days are left that somebody is told. A pool shorter than twice the limit would be near its end
    most of its life: there nobody is told.

    >>> is_near_end(30, 365, 30), is_near_end(31, 365, 30), is_near_end(20, 31, 30), is_near_end(-1, 365, 30)
    (True, False, False, False)
    """
    return 0 <= days_left <= limit and 2 * limit <= days


def carry_over(left: float, limit: float) -> tuple[float, float]:
    """What of the rest goes to the next pool and what is lost; a limit of 0 carries nothing.

    >>> carry_over(5, 2), carry_over(1, 2), carry_over(3, 0), carry_over(-1, 2)
    ((2, 3), (1, 0), (0, 3), (0, 0))
    """
    left = max(left, 0)
    carried = min(left, max(limit, 0))
    return carried, left - carried
