"""Revenue by days of service: what a period earned, whenever it was invoiced."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from . import months


def days(start: date, stop: date) -> int:
    """Days of service, both ends included.

    >>> days(date(2025, 3, 15), date(2025, 3, 31))
    17
    """
    return max((stop - start).days + 1, 0)


def earned_until(amount: Decimal, start: date, stop: date, day: date, digits: int = 2) -> Decimal:
    """Part of *amount*, for service from *start* to *stop*, that is earned at the end of *day*.

    >>> earned_until(Decimal(1200), date(2025, 3, 15), date(2026, 3, 14), date(2025, 3, 31))
    Decimal('55.89')
    """
    cent = Decimal(1).scaleb(-digits)
    served = days(start, min(day, stop))
    return (amount * served / days(start, stop)).quantize(cent, ROUND_HALF_UP)


def recognise(amount: Decimal, start: date, stop: date, digits: int = 2) -> dict[date, Decimal]:
    """Revenue per month (by its first day); the months sum to *amount* to the cent, because each
    is the difference of two rounded running totals.

    >>> earned = recognise(Decimal(100), date(2025, 1, 31), date(2025, 3, 1))
    >>> [str(value) for value in earned.values()], str(sum(earned.values()))
    (['3.33', '93.34', '3.33'], '100.00')
    """
    result = {}
    for month in months.span(start, stop):
        before = earned_until(amount, start, stop, month - timedelta(days=1), digits)
        result[month] = earned_until(amount, start, stop, months.last_day(month), digits) - before
    return result
