"""Work on many rows of which one may be bad."""

from collections.abc import Callable, Sequence
from typing import Any


def halve(
    rows: Sequence, attempt: Callable[[Sequence], Exception | None], give_up: Callable[[Any, Exception], None]
):
    """Work on all rows at once; where that fails on ever smaller halves, until what cannot be done is alone.

    ``attempt`` does the work or undoes it and returns the exception; ``give_up`` is told each row that fails alone.

    >>> done, bad = [], []
    >>> def attempt(rows):
    ...     return ValueError() if 3 in rows else done.extend(rows)
    >>> halve([1, 2, 3, 4], attempt, lambda rows, error: bad.extend(rows))
    >>> done, bad
    ([1, 2, 4], [3])
    """
    if not rows or (error := attempt(rows)) is None:
        return
    if len(rows) == 1:
        give_up(rows, error)
        return
    half = len(rows) // 2
    halve(rows[:half], attempt, give_up)
    halve(rows[half:], attempt, give_up)
