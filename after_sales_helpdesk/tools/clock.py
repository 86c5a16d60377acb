"""Service-level clocks in working time: pure functions, no ORM.

A span is a half-open stretch of absolute time, so daylight saving cannot bend it: a calendar turns its hours on the
wall into spans once, everything after that adds and subtracts real durations. In a pause no clock runs.

Eight working hours, 9-13 and 14-18, from Friday 16:00; then the same with a pause on Monday from 10 to 12:

>>> friday, monday = datetime(2026, 3, 6, 16), datetime(2026, 3, 9)
>>> shifts = [(6, 9, 13), (6, 14, 18), (9, 9, 13), (9, 14, 18)]
>>> spans = [Span(datetime(2026, 3, day, start), datetime(2026, 3, day, stop)) for day, start, stop in shifts]
>>> work = lambda start, stop: spans
>>> deadline(friday, hours(8), work)
datetime.datetime(2026, 3, 9, 16, 0)
>>> deadline(friday, hours(8), work, pauses=[Span(monday + hours(10), monday + hours(12))])
datetime.datetime(2026, 3, 9, 18, 0)
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

ZERO = timedelta(0)
CHUNK = timedelta(days=28)
"""How much of a calendar is read at a time: most targets are met within one chunk."""
HORIZON = 65
"""Chunks after which a calendar counts as one without hours (about five years)."""


@dataclass(frozen=True, order=True)
class Span:
    """A half-open stretch of time in naive UTC."""

    start: datetime
    stop: datetime

    @property
    def duration(self) -> timedelta:
        return max(self.stop - self.start, ZERO)

    def clip(self, start: datetime, stop: datetime) -> "Span":
        return Span(max(self.start, start), min(self.stop, stop))


Work = Callable[[datetime, datetime], Iterable[Span]]
"""Working time between two instants; `always` when there is no calendar."""


def hours(value: float) -> timedelta:
    return timedelta(hours=value)


def in_hours(value: timedelta) -> float:
    """
    >>> in_hours(timedelta(minutes=90))
    1.5
    """
    return value.total_seconds() / 3600


def always(start: datetime, stop: datetime) -> list[Span]:
    """Round the clock: the calendar of elapsed time."""
    return [Span(start, stop)]


def earliest(*moments: datetime | bool | None) -> datetime | None:
    """The first of the moments that have come; None when none has.

    >>> answered, assigned = datetime(2026, 3, 6, 16), datetime(2026, 3, 6, 12)
    >>> earliest(answered, assigned), earliest(answered, False), earliest(None, False)
    (datetime.datetime(2026, 3, 6, 12, 0), datetime.datetime(2026, 3, 6, 16, 0), None)
    """
    return min((moment for moment in moments if moment), default=None)


def merge(spans: Iterable[Span]) -> list[Span]:
    """Sorted, without overlap and without empty spans.

    >>> at = lambda hour: datetime(2026, 1, 1, hour)
    >>> [(s.start.hour, s.stop.hour) for s in merge([Span(at(5), at(7)), Span(at(1), at(3)), Span(at(3), at(4))])]
    [(1, 4), (5, 7)]
    """
    merged: list[Span] = []
    for span in sorted(span for span in spans if span.stop > span.start):
        if merged and span.start <= merged[-1].stop:
            merged[-1] = Span(merged[-1].start, max(merged[-1].stop, span.stop))
        else:
            merged.append(span)
    return merged


def subtract(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """What is left of the spans outside the holes; time in two holes at once is taken away once.

    >>> at = lambda hour: datetime(2026, 1, 1, hour)
    >>> left = subtract([Span(at(8), at(18))], [Span(at(9), at(11)), Span(at(10), at(12)), Span(at(17), at(20))])
    >>> [(s.start.hour, s.stop.hour) for s in left]
    [(8, 9), (12, 17)]
    """
    left = []
    holes = merge(holes)
    for span in merge(spans):
        cursor = span.start
        for hole in holes:
            if hole.stop <= cursor:
                continue
            if hole.start >= span.stop:
                break
            if hole.start > cursor:
                left.append(Span(cursor, hole.start))
            cursor = max(cursor, hole.stop)
        if cursor < span.stop:
            left.append(Span(cursor, span.stop))
    return left


def elapsed(start: datetime, stop: datetime, work: Work = always, pauses: Iterable[Span] = ()) -> timedelta:
    """Working time from start to stop without the pauses.

    Reported Monday 09:00, waiting for the customer from Monday 12:00 to Tuesday 12:00, resolved Wednesday 11:00:

    >>> monday, wednesday = datetime(2026, 3, 2, 9), datetime(2026, 3, 4, 11)
    >>> in_hours(elapsed(monday, wednesday))
    50.0
    >>> in_hours(elapsed(monday, wednesday, pauses=[Span(datetime(2026, 3, 2, 12), datetime(2026, 3, 3, 12))]))
    26.0
    """
    if stop <= start:
        return ZERO
    spans = [span.clip(start, stop) for span in work(start, stop)]
    return sum((span.duration for span in subtract(spans, pauses)), ZERO)


def deadline(
    start: datetime, target: timedelta, work: Work = always, pauses: Iterable[Span] = ()
) -> datetime | None:
    """The instant at which `target` working time has passed since start, or None when it never does.

    None is an answer (a calendar without hours, a target without hours), never a date to compare with.

    >>> deadline(datetime(2026, 3, 6, 16), hours(2))
    datetime.datetime(2026, 3, 6, 18, 0)
    >>> deadline(datetime(2026, 3, 6, 16), hours(8), lambda start, stop: []) is None
    True
    """
    if target <= ZERO:
        return None
    pauses, left = merge(pauses), target
    for __ in range(HORIZON):
        stop = start + CHUNK
        spans = [span.clip(start, stop) for span in work(start, stop)]
        for span in subtract(spans, pauses):
            if span.duration >= left:
                return span.start + left
            left -= span.duration
        start = stop
    return None


class Blocks:
    """A calendar that is read once per block of time, however many clocks ask.

    >>> reads = []
    >>> def read(start, stop):
    ...     reads.append(start)
    ...     return [Span(start, stop)]
    >>> work = Blocks(read)
    >>> for target in range(1, 9):
    ...     done = deadline(datetime(2026, 3, 6, 16), hours(target), work)
    >>> done, len(reads)
    (datetime.datetime(2026, 3, 7, 0, 0), 1)
    >>> for minute in range(50):
    ...     done = deadline(datetime(2026, 3, 6, 16, minute), hours(8), work)
    >>> done, len(reads)
    (datetime.datetime(2026, 3, 7, 0, 49), 2)
    """

    def __init__(self, read: Work):
        self._read = read
        self._epoch: datetime | None = None
        self._blocks: dict[int, list[Span]] = {}

    def __call__(self, start: datetime, stop: datetime) -> Iterator[Span]:
        """Blocks count from the first moment asked for: most clocks of a batch end within its block."""
        epoch = self._epoch = self._epoch or start
        for index in range((start - epoch) // CHUNK, -((epoch - stop) // CHUNK)):
            if index not in self._blocks:
                block = epoch + index * CHUNK
                self._blocks[index] = list(self._read(block, block + CHUNK))
            yield from self._blocks[index]
