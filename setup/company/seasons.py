"""When things happen in the demo company: the months of three years, ending yesterday.

Pure dates, no ORM. The company lives month by month: what a month brings is done in one batch at its end and dated
back to the hour at which it would have happened, so that it takes a minute and not an hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

MONTHS = 36


@dataclass(frozen=True)
class Month:
    """A month of the story, from ``start`` to ``stop`` (both are days of it); ``number`` counts from 0."""

    number: int
    start: date
    stop: date

    @property
    def evening(self) -> datetime:
        return datetime.combine(self.stop, time(18))

    def moment(self, random: Random, hour: int = 9) -> datetime:
        """A moment on a working day of the month, on a quarter of an hour (naive, UTC)."""
        day = self.start + timedelta(days=random.randrange((self.stop - self.start).days + 1))
        while day.weekday() >= 5 and day > self.start:
            day -= timedelta(days=1)
        return datetime(day.year, day.month, day.day, hour, random.choice((0, 15, 30, 45)))


def months(today: date) -> Iterator[Month]:
    """The months of the story; the last one ends the day before ``today``.

    >>> story = list(months(date(2026, 3, 31)))
    >>> len(story), story[0].start, story[-1].start, story[-1].stop
    (36, datetime.date(2023, 4, 1), datetime.date(2026, 3, 1), datetime.date(2026, 3, 30))
    """
    yesterday = today - timedelta(days=1)
    last = yesterday.year * 12 + yesterday.month - 1
    for number in range(MONTHS):
        year, month = divmod(last - MONTHS + 1 + number, 12)
        start = date(year, month + 1, 1)
        following = date(year + month // 11, (month + 1) % 12 + 1, 1)
        yield Month(number, start, min(following - timedelta(days=1), yesterday))
