"""Time bands: which price an hour has by weekday, clock time and holiday.

Edges are clock times of the place of work; lengths are real time. A night in which the clock jumps is therefore an
hour shorter or longer, and the sum of the slices is always the time between start and stop.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Rule:
    """Hours of a weekday (0 = Monday, None = every day) or of holidays that belong to a band."""

    dayofweek: int | None
    hour_from: float
    hour_to: float
    holiday: bool = False

    def applies(self, day: date, is_holiday: bool) -> bool:
        """On a holiday only the rules for holidays hold.

        >>> Rule(0, 8, 17).applies(date(2026, 1, 5), False), Rule(0, 8, 17).applies(date(2026, 1, 5), True)
        (True, False)
        """
        if self.holiday != is_holiday:
            return False
        return self.dayofweek is None or self.holiday or self.dayofweek == day.weekday()

    def overlaps(self, other: "Rule") -> bool:
        """Whether both claim the same moment of some day.

        >>> Rule(0, 8, 17).overlaps(Rule(None, 16, 20)), Rule(0, 8, 17).overlaps(Rule(0, 17, 20))
        (True, False)
        >>> Rule(0, 8, 17).overlaps(Rule(1, 8, 17)), Rule(0, 8, 17).overlaps(Rule(None, 0, 24, holiday=True))
        (False, False)
        """
        if (
            self.holiday != other.holiday
            or self.hour_to <= other.hour_from
            or other.hour_to <= self.hour_from
        ):
            return False
        return self.holiday or None in (self.dayofweek, other.dayofweek) or self.dayofweek == other.dayofweek


@dataclass(frozen=True)
class Band:
    """A band without rules takes the time that no other band claims.

    `after` makes it take what is worked beyond so many hours of a day; hours of a band that is overtime already stay
    where they are.
    """

    key: Hashable
    rules: tuple[Rule, ...] = ()
    after: float | None = None
    is_overtime: bool = False


@dataclass(frozen=True)
class Slice:
    """Time of one band on one day of the local calendar; start and stop are UTC."""

    band: Hashable
    date: date
    hours: float
    start: datetime
    stop: datetime


def split(
    start: datetime,
    stop: datetime,
    tz: str | tzinfo,
    bands: Sequence[Band],
    holidays: Iterable[date] = (),
    worked: Mapping[date, float] | None = None,
) -> list[Slice]:
    """Cut a stretch of time at midnight and at the edges of the bands; the first band that claims a moment has it.

    Datetimes without time zone are UTC, as Odoo stores them. `worked` are hours of each day that were worked before,
    for bands that begin after some hours.

    >>> ordinary = Band("ordinary", tuple(Rule(day, 8, 17) for day in range(5)))
    >>> bands = [ordinary, Band("overtime")]
    >>> cut = split(datetime(2026, 1, 5, 13), datetime(2026, 1, 5, 18), "Europe/Rome", bands)
    >>> [(piece.band, piece.hours) for piece in cut]
    [('ordinary', 3.0), ('overtime', 2.0)]
    >>> night = split(datetime(2026, 3, 28, 22), datetime(2026, 3, 29, 3), "Europe/Rome", bands)
    >>> [(str(piece.date), piece.hours) for piece in night]
    [('2026-03-28', 1.0), ('2026-03-29', 4.0)]
    """
    zone = ZoneInfo(tz) if isinstance(tz, str) else tz
    start, stop = _utc(start), _utc(stop)
    holidays = frozenset(holidays)
    slices = []
    day = start.astimezone(zone).date()
    while start < stop:
        day_end = min(_instant(day + timedelta(days=1), 0, zone), stop)
        if day_end > start:
            slices += _split_day(day, start, day_end, zone, bands, day in holidays)
            start = day_end
        day += timedelta(days=1)
    return _over_daily_hours(slices, bands, worked or {})


def _over_daily_hours(slices, bands, worked):
    """Move what is worked beyond the daily hours to the band of overtime, by cutting slices where the hours are full.

    >>> bands = [Band("ordinary", (Rule(None, 0, 24),)), Band("over", after=8.0), Band("double", after=10.0)]
    >>> cut = split(datetime(2026, 1, 5, 6), datetime(2026, 1, 5, 18), "UTC", bands)
    >>> [(piece.band, piece.hours) for piece in cut]
    [('ordinary', 8.0), ('over', 2.0), ('double', 2.0)]
    >>> late = split(datetime(2026, 1, 5, 18), datetime(2026, 1, 5, 19), "UTC", bands, worked={date(2026, 1, 5): 7.5})
    >>> [(piece.band, piece.hours) for piece in late]
    [('ordinary', 0.5), ('over', 0.5)]
    """
    tiers = sorted(
        (band.after, index, band.key) for index, band in enumerate(bands) if band.after is not None
    )
    if not tiers:
        return slices
    fixed = {band.key for band in bands if band.is_overtime or band.after is not None}
    done = defaultdict(float, worked)
    result = []
    for piece in slices:
        before, done[piece.date] = done[piece.date], done[piece.date] + piece.hours
        edges = (
            [after for after, __, __ in tiers if before < after < done[piece.date]]
            if piece.band not in fixed
            else []
        )
        for first, last in _pairs([before, *edges, done[piece.date]]):
            part = replace(
                piece,
                hours=last - first,
                start=piece.start + timedelta(hours=first - before),
                stop=piece.start + timedelta(hours=last - before),
            )
            reached = [key for after, __, key in tiers if after <= first]
            result.append(replace(part, band=reached[-1]) if reached and piece.band not in fixed else part)
    return _joined(result)


def _joined(slices):
    """Neighbours of one band and day as one slice."""
    result = []
    for piece in slices:
        last = result[-1] if result else None
        if last and (last.band, last.date, last.stop) == (piece.band, piece.date, piece.start):
            result[-1] = replace(last, hours=last.hours + piece.hours, stop=piece.stop)
        else:
            result.append(piece)
    return result


def _split_day(day, start, stop, zone, bands, is_holiday):
    """Slices of one local day, neighbours of one band joined."""
    claims = [
        (_instant(day, rule.hour_from, zone), _instant(day, rule.hour_to, zone), band.key)
        for band in bands
        for rule in band.rules
        if rule.applies(day, is_holiday)
    ]
    open_bands = [band for band in bands if not band.rules]
    rest = next((band.key for band in sorted(open_bands, key=lambda band: band.after is not None)), None)
    edges = {edge for first, last, __ in claims for edge in (first, last) if start < edge < stop}
    slices = []
    for first, last in _pairs(sorted(edges | {start, stop})):
        key = next((key for begin, end, key in claims if begin <= first < end), rest)
        if slices and slices[-1][0] == key:
            first = slices.pop()[1]
        slices.append((key, first, last))
    return [
        Slice(
            key,
            day,
            (last - first).total_seconds() / 3600,
            first.replace(tzinfo=None),
            last.replace(tzinfo=None),
        )
        for key, first, last in slices
    ]


def _pairs(edges):
    return zip(edges[:-1], edges[1:], strict=True)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _instant(day: date, hour: float, zone: tzinfo) -> datetime:
    """The moment at which the local clock shows `hour` of `day`, in UTC; 24 is the next midnight."""
    minutes = round(hour * 60)
    local = datetime.combine(day + timedelta(days=minutes // 1440), time(minutes % 1440 // 60, minutes % 60))
    return local.replace(tzinfo=zone).astimezone(UTC)


def days_between(start: datetime, stop: datetime, tz: str | tzinfo) -> list[date]:
    """Local calendar days that a day off covers; one that ends at midnight does not touch the next day.

    >>> days_between(datetime(2026, 12, 24, 23), datetime(2026, 12, 25, 23), "Europe/Rome")
    [datetime.date(2026, 12, 25)]
    """
    zone = ZoneInfo(tz) if isinstance(tz, str) else tz
    first = _utc(start).astimezone(zone).date()
    last = (_utc(stop) - timedelta(seconds=1)).astimezone(zone).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
