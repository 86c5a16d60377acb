"""Months by their first day, and numbers that name a record in a month."""

from collections.abc import Iterator
from datetime import date, timedelta

# rows of a view "per record and month" need one integer id: record * SLOTS + month number
SLOTS = 4096


def first_day(day: date) -> date:
    """
    >>> first_day(date(2024, 2, 29))
    datetime.date(2024, 2, 1)
    """
    return day.replace(day=1)


def last_day(day: date) -> date:
    """
    >>> last_day(date(2024, 2, 5))
    datetime.date(2024, 2, 29)
    """
    return add(day, 1) - timedelta(days=1)


def add(day: date, months: int) -> date:
    """First day of the month that lies *months* after the one of *day*.

    >>> add(date(2024, 1, 31), 1), add(date(2024, 1, 31), -1)
    (datetime.date(2024, 2, 1), datetime.date(2023, 12, 1))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def span(start: date, stop: date) -> Iterator[date]:
    """First days of all months from the one of *start* to the one of *stop*.

    >>> [str(day) for day in span(date(2024, 11, 30), date(2025, 1, 1))]
    ['2024-11-01', '2024-12-01', '2025-01-01']
    """
    day = first_day(start)
    while day <= stop:
        yield day
        day = add(day, 1)
