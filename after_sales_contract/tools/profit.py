"""The result of a contract: what it earned and cost until today, and what it will have earned and cost at its end."""

from dataclasses import dataclass
from datetime import date


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
