"""Who is best sent to a call: a pure rule over facts, no ORM."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from .timeline import Stretch, touches

EARTH_KM = 6371.0
FAR_KM = 100.0
"""From here on distance no longer counts."""
KNOWN_VISITS = 3
"""So many visits and a technician knows the customer well."""


@dataclass(frozen=True)
class Facts:
    """What is known of a technician in view of a visit."""

    skills: float
    """Part of the skills needed that he has, 0 to 1."""
    free: bool
    """Over the whole duration."""
    km: float | None = None
    """From where he is that day; None when nobody knows."""
    visits: int = 0
    """Done at this customer."""


def score(facts: Facts) -> float:
    """From 0 to 100; who lacks a skill never comes before who has them all, who is busy never before who is free.

    >>> score(Facts(skills=1, free=True, km=0, visits=3)), score(Facts(skills=1, free=True))
    (100.0, 75.0)
    >>> score(Facts(skills=1, free=False, km=0, visits=9)) < score(Facts(skills=1, free=True, km=500))
    True
    >>> score(Facts(skills=0.5, free=True, km=0, visits=9)) < score(Facts(skills=1, free=False))
    True
    >>> score(Facts(skills=0, free=False, km=500))
    0.0
    """
    near = 0.5 if facts.km is None else 1 - min(facts.km, FAR_KM) / FAR_KM
    known = min(facts.visits, KNOWN_VISITS) / KNOWN_VISITS
    if facts.skills < 1:
        return round(20 * facts.skills * (0.5 + 0.25 * facts.free + 0.15 * near + 0.1 * known), 1)
    return round((70.0 if facts.free else 25.0) + 10 * near + 20 * known * (1 if facts.free else 0.5), 1)


def next_free(
    start: datetime, length: timedelta, visits: Sequence[Stretch], off: Sequence[Stretch], until: datetime
) -> datetime | None:
    """The first moment from ``start`` on at which work of that length collides with no visit and no time off.

    ``off`` is in order and does not overlap; a short pause in it lies inside long work without harm. None when there is
    no such moment before ``until``.

    >>> day = lambda hour: datetime(2026, 3, 11, hour)
    >>> off = [(day(0), day(8)), (day(12), day(13)), (day(17), day(23))]
    >>> free = lambda start, hours, *visits: next_free(day(start), timedelta(hours=hours), visits, off, day(22))
    >>> [moment and moment.hour for moment in (free(9, 1), free(7, 2), free(9, 1, (day(8), day(12))), free(9, 1, (day(9), day(10))))]
    [9, 8, 13, 10]
    >>> free(16, 2) is None, free(8, 9).hour
    (True, 8)
    """
    ends = [stop for __, stop in (*visits, *off) if start < stop < until]
    for moment in sorted({start, *ends}):
        block = (moment, moment + length)
        if not touches(block, off) and not any(begin < block[1] and moment < end for begin, end in visits):
            return moment
    return None


def distance(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Kilometres as the crow flies between two points given as latitude and longitude in degrees.

    >>> round(distance((45.4642, 9.19), (41.9028, 12.4964)))
    477
    >>> distance((45.0, 9.0), (45.0, 9.0))
    0.0
    """
    (lat1, lon1), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (first, second))
    part = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(part)))
