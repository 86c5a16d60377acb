"""Where the blocks of one row lie on a timeline: in which lane, and what they collide with."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime

Stretch = tuple[datetime, datetime]


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


def touches(block: Stretch, off: Sequence[Stretch]) -> bool:
    """Whether a block shares time with one of ``off``: stretches in order that do not overlap.

    >>> day = lambda hour: datetime(2026, 3, 11, hour)
    >>> off = [(day(0), day(8)), (day(17), day(23))]
    >>> touches((day(8), day(17)), off), touches((day(7), day(9)), off), touches((day(16), day(18)), off)
    (False, True, True)
    """
    start, stop = block
    index = bisect_left(off, start, key=lambda stretch: stretch[1])
    if index < len(off) and off[index][1] <= start:
        index += 1
    return index < len(off) and off[index][0] < stop
