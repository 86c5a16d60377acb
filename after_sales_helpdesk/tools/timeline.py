"""Where the blocks of one row lie on a timeline: in which lane, and what they collide with."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

Stretch = tuple[datetime, datetime]

PAUSE = timedelta(hours=2)
"""Up to how long a break of work is a pause, not time off."""


def lanes(blocks: Sequence[Stretch]) -> list[int]:
    """The lane of each block, so that blocks of one lane never overlap; as few lanes as blocks that overlap at once.

    Blocks come ordered by their start. One that ends as the next begins leaves it the lane.

    >>> day = lambda hour: datetime(2026, 3, 11, hour)
    >>> lanes([(day(8), day(12)), (day(9), day(10)), (day(10), day(11)), (day(12), day(13))])
    [0, 1, 1, 0]
    >>> lanes([])
    []
    """
    ends: list[datetime] = []
    result = []
    for start, stop in blocks:
        lane = next((index for index, end in enumerate(ends) if end <= start), len(ends))
        ends[lane : lane + 1] = [max(start, stop)]
        result.append(lane)
    return result


def overlapping(blocks: Sequence[Stretch]) -> list[bool]:
    """Whether each block shares time with another one; blocks come ordered by their start.

    >>> day = lambda hour: datetime(2026, 3, 11, hour)
    >>> overlapping([(day(8), day(12)), (day(9), day(10)), (day(12), day(13))])
    [True, True, False]
    """
    result = [False] * len(blocks)
    last = None
    for index, (start, stop) in enumerate(blocks):
        if last is not None and start < blocks[last][1]:
            result[index] = result[last] = True
        if last is None or stop > blocks[last][1]:
            last = index
    return result


def touches(block: Stretch, off: Sequence[Stretch], pause: timedelta = PAUSE) -> bool:
    """Whether a block runs into one of ``off``: stretches in order that do not overlap.

    A short pause with work before and after it, as for lunch, lies inside a long block without harm.

    >>> day = lambda hour: datetime(2026, 3, 11, hour)
    >>> off = [(day(0), day(8)), (day(12), day(13)), (day(17), day(23))]
    >>> [touches((day(start), day(stop)), off) for start, stop in [(8, 17), (7, 9), (16, 18), (12, 14), (9, 12)]]
    [False, True, True, True, False]
    """
    start, stop = block
    return any(
        not (start < off_start and off_stop < stop and off_stop - off_start <= pause)
        for off_start, off_stop in off[bisect_right(off, start, key=lambda stretch: stretch[1]) :]
        if off_start < stop
    )
