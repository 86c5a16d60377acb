"""When a warranty ends: a pure function of its dated events.

Dates are calendar days, and the last one is covered whole. The day on which something happens (a delivery, a
registration, a repair) is only a part of a day: it is covered, but the period is counted from the next one
(Regulation (EEC, Euratom) 1182/71 art. 3, codice civile art. 2963). Two years from the delivery of
10 March 2024 end with 10 March 2026. A cover that begins on a day that was set for it, as an extension on the day after
the cover before, counts this day too: twelve months that follow 29 November 2028 end with 29 November 2029.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

#: Events of one day are read in this order, whatever the order in which they were written down.
KINDS = ("start", "transfer", "suspension", "repair", "extension", "replacement", "waiver", "void")

ENDING = ("waiver", "void")


@dataclass(frozen=True, slots=True)
class Event:
    """A dated cause.

    ``start``: ``days``/``months`` are the duration, which counts the first day when ``whole_day``. ``suspension``: out of use from ``date`` to
    ``date_to``, both included; still open without ``date_to``. ``repair`` and ``extension`` add
    ``days``/``months``. ``replacement``: the cover lasts at least ``days``/``months`` from ``date``.
    ``waiver`` and ``void`` end the cover the day before ``date``. ``transfer`` changes nothing.
    """

    kind: str
    date: date
    date_to: date | None = None
    days: int = 0
    months: int = 0
    whole_day: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """What the events add up to. ``end`` is the last day covered."""

    start: date | None = None
    end: date | None = None
    suspended_since: date | None = None
    ended_by: str | None = None


def add_period(day: date, days: int = 0, months: int = 0) -> date:
    """``day`` moved by whole months, then by days; month ends are kept.

    >>> add_period(date(2024, 2, 29), months=12)
    datetime.date(2025, 2, 28)
    >>> add_period(date(2024, 1, 31), months=1, days=1)
    datetime.date(2024, 3, 1)
    """
    return day + relativedelta(months=months) + timedelta(days=days)


def last_day(first: date, days: int = 0, months: int = 0) -> date:
    """The last day of a period of which ``first`` is the first whole day; never short of a month's end.

    >>> last_day(date(2028, 11, 30), months=12), last_day(date(2027, 3, 1), months=12)
    (datetime.date(2029, 11, 29), datetime.date(2028, 2, 29))
    >>> last_day(date(2027, 1, 31), months=1), last_day(date(2027, 1, 31), days=1)
    (datetime.date(2027, 2, 28), datetime.date(2027, 1, 31))
    """
    day = timedelta(days=1)
    return max(add_period(first - day, days, months), add_period(first, days, months) - day)


def period(duration: int, unit: str) -> tuple[int, int]:
    """A duration as (days, months).

    >>> period(2, "year"), period(6, "month"), period(90, "day")
    ((0, 24), (0, 6), (90, 0))
    """
    return {"day": (duration, 0), "month": (0, duration), "year": (0, 12 * duration)}[unit]


def out_of_use(spans: Iterable[tuple[date, date]]) -> int:
    """Days in the union of spans, both ends included: a day lost twice counts once.

    >>> out_of_use([(date(2024, 3, 1), date(2024, 3, 10)), (date(2024, 3, 5), date(2024, 3, 12))])
    12
    """
    total, reached = 0, date.min
    for first, last in sorted(spans):
        first = max(first, reached)
        if last >= first:
            total += (last - first).days + 1
            reached = last + timedelta(days=1)
    return total


def term_of(events: Iterable[Event]) -> Term:
    """Fold the events into the term of a warranty. The order of ``events`` does not matter.

    An event counts only while there is cover to act upon: neither before the start nor after what
    ended it. Lost days are added after the granted months, once for each day. A replacement opens a
    line of its own beside the first one: later events act on every line, and the longest holds. (One
    line that was moved instead would make a month shorter or longer with the day it is added to, and
    a day lost earlier could cost cover.)

    >>> start = Event("start", date(2024, 3, 10), months=24)
    >>> term_of([start]).end
    datetime.date(2026, 3, 10)
    >>> term_of([start, Event("suspension", date(2025, 1, 1), date(2025, 1, 10))]).end
    datetime.date(2026, 3, 20)
    >>> term_of([Event("void", date(2025, 5, 1)), start])
    Term(start=datetime.date(2024, 3, 10), end=datetime.date(2025, 4, 30), suspended_since=None, ended_by='void')
    >>> term_of([])
    Term(start=None, end=None, suspended_since=None, ended_by=None)
    """
    ordered = sorted(
        events, key=lambda e: (e.date, KINDS.index(e.kind), e.date_to or date.max, e.months, e.days)
    )
    start = next((e for e in ordered if e.kind == "start"), None)
    if start is None:
        ending = next((e for e in ordered if e.kind in ENDING), None)
        return Term(ended_by=ending.kind if ending else None)

    end_of = last_day if start.whole_day else add_period
    lines = [(start.date, end_of(start.date, start.days, start.months))]
    spans, open_since, ended_by, limit = [], None, None, None
    for event in ordered:
        if event.kind in ENDING:
            ended_by, limit = event.kind, event.date - timedelta(days=1)
            break
        if event.date < start.date:
            continue
        if event.kind == "suspension" and event.date <= _longest(lines, spans):
            if event.date_to is None:
                open_since = min(open_since or event.date, event.date)
            else:
                spans.append((event.date, event.date_to))
        elif event.kind in ("repair", "extension"):
            lines = [(since, add_period(base, event.days, event.months)) for since, base in lines]
        elif event.kind == "replacement" and (event.days or event.months):
            lines.append((event.date, add_period(event.date, event.days, event.months)))
    end = _longest(lines, spans)
    if limit is not None:
        end, open_since = min(end, limit), None
    return Term(start.date, end, open_since, ended_by)


def _longest(lines: list[tuple[date, date]], spans: list[tuple[date, date]]) -> date:
    """The last day of the line that ends last. Each is (first day, last day without lost days)."""
    return max(
        base + timedelta(days=out_of_use((max(first, since), last) for first, last in spans if last >= since))
        for since, base in lines
    )


def covers(term: Term, day: date) -> bool:
    """Whether ``day`` is covered. Time stands still while the unit is out of use.

    >>> suspended = Term(date(2024, 1, 1), date(2025, 1, 1), suspended_since=date(2024, 12, 20))
    >>> covers(suspended, date(2025, 2, 1)), covers(Term(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 2, 1))
    (True, False)
    """
    if not term.start or not term.end or day < term.start:
        return False
    return day <= term.end or bool(term.suspended_since)
