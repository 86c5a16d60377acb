"""Minimum and rounding of what a tariff charges."""

from decimal import ROUND_CEILING, Decimal


def billable(quantity: float, minimum: float = 0.0, step: float = 0.0) -> float:
    """Quantity to charge: nothing for nothing, else at least the minimum, and what exceeds it in whole steps.

    >>> billable(0.4, minimum=1, step=0.25), billable(1.1, minimum=1, step=0.25), billable(0, minimum=1)
    (1.0, 1.25, 0.0)
    >>> billable(0.1 + 0.2, step=0.1)
    0.3
    """
    asked = _decimal(quantity)
    if asked <= 0:
        return 0.0
    floor = max(_decimal(minimum), Decimal(0))
    if asked <= floor:
        return float(floor)
    if step > 0:
        unit = _decimal(step)
        asked = floor + ((asked - floor) / unit).to_integral_value(ROUND_CEILING) * unit
    return float(asked)


def _decimal(value: float) -> Decimal:
    """Six digits are finer than any clock or odometer and hide the noise of binary floats."""
    return Decimal(str(round(value, 6)))
