"""By when a step of a complaint is due. Pure: dates in, dates out.

A promise is a row of settings ("the answer, within 10 working days, for consumers in Russia"). Of all promises that fit
a case the most specific one is ours; a promise made by law can only shorten it, never lengthen it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# A calendar that never opens must not loop for ever: after these days the plain date is taken.
HORIZON = 3660


@dataclass(frozen=True)
class Promise:
    """Days within which a step is promised; `rank` says how specific the row is, `legal` that a law asks for it."""

    key: int
    days: int
    working: bool = False
    legal: bool = False
    rank: int = 0


def due_date(start: date, days: int, working: bool, is_open: Callable[[date], bool]) -> date:
    """Day on which a period of `days` ends; the day of the event itself does not count.

    >>> weekday = lambda day: day.weekday() < 5
    >>> due_date(date(2025, 3, 7), 1, True, weekday)      # Friday, one working day
    datetime.date(2025, 3, 10)
    >>> due_date(date(2025, 3, 7), 10, True, weekday)
    datetime.date(2025, 3, 21)
    >>> due_date(date(2025, 3, 7), 10, False, weekday)    # calendar days
    datetime.date(2025, 3, 17)
    >>> due_date(date(2025, 3, 8), 0, True, weekday)      # at once, received on a Saturday
    datetime.date(2025, 3, 10)
    >>> due_date(date(2025, 3, 7), 3, True, lambda day: False)
    datetime.date(2025, 3, 10)
    """
    if not working:
        return start + timedelta(days=days)
    day, left = start, days
    for __ in range(HORIZON):
        if left <= 0 and is_open(day):
            return day
        day += timedelta(days=1)
        if is_open(day):
            left -= 1
    return start + timedelta(days=days)


def half_time(start: date, due: date) -> date:
    """The day of the reminder: half of the time has gone, but never before the day after the start.

    >>> half_time(date(2025, 3, 1), date(2025, 3, 11))
    datetime.date(2025, 3, 6)
    >>> half_time(date(2025, 3, 1), date(2025, 3, 2))
    datetime.date(2025, 3, 2)
    >>> half_time(date(2025, 3, 1), date(2025, 3, 1))
    datetime.date(2025, 3, 1)
    """
    if due <= start:
        return due
    return start + timedelta(days=max(1, (due - start).days // 2))


def deadline(
    start: date, promises: Iterable[Promise], is_open: Callable[[date], bool]
) -> tuple[date, Promise] | None:
    """The deadline and the promise it comes from; None when nothing is promised.

    >>> weekday = lambda day: day.weekday() < 5
    >>> house = Promise(1, 20, working=True)
    >>> team = Promise(2, 5, working=True, rank=4)
    >>> law = Promise(3, 10, legal=True, rank=1)
    >>> deadline(date(2025, 3, 7), [house], weekday)[0]
    datetime.date(2025, 4, 4)
    >>> deadline(date(2025, 3, 7), [house, team], weekday)[1].key
    2
    >>> deadline(date(2025, 3, 7), [house, law], weekday)[1].key
    3
    >>> deadline(date(2025, 3, 7), [house, team, law], weekday)[1].key
    2
    >>> deadline(date(2025, 3, 7), [], weekday)
    """

    def due(promise):
        return due_date(start, promise.days, promise.working, is_open)

    promises = list(promises)
    own = sorted((p for p in promises if not p.legal), key=lambda p: (-p.rank, p.key))[:1]
    legal = [p for p in promises if p.legal]
    best = min(own + legal, key=lambda p: (due(p), not p.legal, p.key), default=None)
    return best and (due(best), best)
