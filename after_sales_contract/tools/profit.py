"""The result of a contract: what it earned and cost until today, and what it will have earned and cost at its end."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from . import periods


@dataclass(frozen=True)
class Result:
    revenue: float
    cost: float

    @property
    def margin(self) -> float:
        return self.revenue - self.cost

    @property
    def rate(self) -> float | None:
        """Margin in percent of the revenue; None where nothing was earned, which is neither 0 nor 100.

        >>> Result(200, 150).rate, Result(0, 10).rate
        (25.0, None)
        """
        return round(100 * self.margin / self.revenue, 2) if self.revenue else None


def forecast(cost: float, start: date, stop: date, today: date) -> float:
    """Cost of the whole term if the days to come cost what the days until today did, on average.

    >>> forecast(100, date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 14))
    500.0
    >>> forecast(100, date(2026, 1, 1), date(2026, 12, 31), date(2027, 3, 1))
    100.0
    >>> forecast(0, date(2026, 1, 1), date(2026, 12, 31), date(2025, 3, 1))
    0.0
    """
    days = (stop - start).days + 1
    served = min((today - start).days + 1, days)
    return round(cost * days / served, 2) if served > 0 else float(cost)


def earned_until(amount: Decimal, start: date, stop: date, day: date, digits: int = 2) -> Decimal:
    """Part of *amount*, for service from *start* to *stop*, that is earned at the end of *day*, rounded to *digits*
    (CT-26, kpi.md revenue by days of service).

    >>> earned_until(Decimal(1200), date(2025, 3, 15), date(2026, 3, 14), date(2025, 3, 31))
    Decimal('55.89')
    """
    served = max((min(day, stop) - start).days + 1, 0)
    return (amount * served / ((stop - start).days + 1)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def recognise(amount: Decimal, start: date, stop: date, digits: int = 2) -> dict[date, Decimal]:
    """Revenue per month (by its first day); the months sum to *amount* to the cent, because each is the difference of
    two rounded running totals. The profit view does the same in SQL.

    >>> earned = recognise(Decimal(100), date(2025, 1, 31), date(2025, 3, 1))
    >>> [str(value) for value in earned.values()], str(sum(earned.values()))
    (['3.33', '93.34', '3.33'], '100.00')
    """
    before, earned = Decimal(0), {}
    for period in periods.split(start, stop, 1, "month", periods.calendar_anchor(start, "month")):
        total = earned_until(amount, start, stop, period.stop, digits)
        earned[period.start.replace(day=1)] = total - before
        before = total
    return earned
