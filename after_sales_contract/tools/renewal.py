"""Terms of a contract: end = start + initial term + k x renewal term, and the last day on which notice can be given.

Every end is counted from the first start, never from the previous end, so a contract from the 31st stays on the 31st.
"""

from datetime import date

from . import periods
from .periods import MONTHS, ONE_DAY


def last_notice_day(end: date, notice: int, unit: str) -> date:
    """Last day on which notice leaves the whole notice period before the end.

    >>> last_notice_day(date(2026, 12, 31), 30, "day"), last_notice_day(date(2026, 12, 31), 1, "month")
    (datetime.date(2026, 12, 1), datetime.date(2026, 11, 30))
    >>> last_notice_day(date(2026, 12, 31), 0, "day")
    datetime.date(2026, 12, 31)
    """
    return periods.add(end + ONE_DAY, -notice, unit) - ONE_DAY


def term_end(
    start: date, initial: int, initial_unit: str, renewal: int, renewal_unit: str, number: int
) -> date:
    """Last day of the term ``number`` (0: the initial one) of a contract that began on ``start``.

    >>> term_end(date(2026, 3, 1), 18, "month", 1, "year", 2)
    datetime.date(2029, 8, 31)
    >>> [str(term_end(date(2026, 1, 31), 1, "month", 1, "month", k)) for k in range(3)]
    ['2026-02-27', '2026-03-30', '2026-04-29']
    """
    if initial_unit in MONTHS and renewal_unit in MONTHS:
        months = MONTHS[initial_unit] * initial + MONTHS[renewal_unit] * renewal * number
        return periods.end_of(start, months, "month")
    return periods.end_of(periods.add(start, initial, initial_unit), renewal * number, renewal_unit)


def next_term(
    origin: date, initial: int, initial_unit: str, renewal: int, renewal_unit: str, number: int, end: date
) -> tuple[date, date]:
    """First and last day of the term after ``number``, whose last day was agreed as ``end``.

    An end that was changed by hand is a fact: the next term is then counted from the day after it.

    >>> next_term(date(2026, 1, 31), 1, "month", 1, "month", 0, date(2026, 2, 27))
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 30))
    >>> next_term(date(2026, 5, 20), 1, "year", 1, "year", 0, date(2026, 12, 31))
    (datetime.date(2027, 1, 1), datetime.date(2027, 12, 31))
    """
    start = end + ONE_DAY
    terms = (origin, initial, initial_unit, renewal, renewal_unit)
    if term_end(*terms, number) == end:
        return start, term_end(*terms, number + 1)
    return start, periods.end_of(start, renewal, renewal_unit)


def next_occurrence(base: date, interval: int, unit: str, day: date) -> date:
    """First day of a rhythm that began on ``base`` which is not before ``day``.

    >>> next_occurrence(date(2026, 3, 31), 6, "month", date(2027, 1, 1))
    datetime.date(2027, 3, 31)
    >>> next_occurrence(date(2026, 3, 31), 1, "month", date(2026, 1, 1))
    datetime.date(2026, 3, 31)
    """
    if day <= base:
        return base
    edges = periods.grid(base, interval, unit, day)
    first, last = next(edges)
    return first if first == day else last + ONE_DAY
