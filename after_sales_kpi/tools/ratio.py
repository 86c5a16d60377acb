"""A figure is kept as numerator and denominator and divided as late as possible.

The value of a period is sum(numerator) / sum(denominator), never an average of
averages; where nothing could be measured it is empty, neither 0 % nor 100 %.
"""

from collections.abc import Iterable
from dataclasses import dataclass

HIGHER = "higher"
LOWER = "lower"

GOOD = "good"
NEAR = "near"
BAD = "bad"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Ratio:
    """
    >>> Ratio(5, 8).value(100)
    62.5
    >>> Ratio(3, 0).value() is None
    True
    >>> (Ratio(1, 1) + Ratio(0, 3)).value(100)
    25.0
    """

    numerator: float = 0.0
    denominator: float = 0.0

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(self.numerator + other.numerator, self.denominator + other.denominator)

    def value(self, factor: float = 1.0) -> float | None:
        return self.numerator * factor / self.denominator if self.denominator else None


def total(ratios: Iterable[Ratio]) -> Ratio:
    """The ratio of several periods, teams or companies together.

    >>> total([Ratio(9, 10), Ratio(0, 90)]).value(100)
    9.0
    """
    return sum(ratios, Ratio())


def judge(value: float | None, target: float | None, direction: str, margin: float = 0.1) -> str:
    """How a value stands against its target; *near* is a miss by at most *margin* of the target.

    >>> judge(62.5, 80, HIGHER), judge(75, 80, HIGHER), judge(80, 80, HIGHER)
    ('bad', 'near', 'good')
    >>> judge(24, 26, LOWER), judge(28, 26, LOWER), judge(40, 26, LOWER)
    ('good', 'near', 'bad')
    >>> judge(None, 80, HIGHER), judge(5, None, LOWER)
    ('none', 'none')
    """
    if value is None or target is None:
        return NONE
    miss = target - value if direction == HIGHER else value - target
    if miss <= 0:
        return GOOD
    return NEAR if miss <= abs(target) * margin else BAD
