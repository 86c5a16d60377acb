"""Serial numbers in the order a person reads them: B-9 before B-0010 before B-120."""

import re

PART = re.compile(r"(\d+)")


def natural_key(serial: str) -> tuple:
    """Sort key that compares the figures in a serial as numbers and the rest without case.

    >>> sorted(["B-120", "b-0010", "B-9", "A-500", "B-9a"], key=natural_key)
    ['A-500', 'B-9', 'B-9a', 'b-0010', 'B-120']
    >>> natural_key("B-0009") == natural_key("b-9")
    True
    """
    parts = PART.split(serial.strip().casefold())
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part)


def in_range(serial: str, first: str = "", last: str = "") -> bool:
    """Whether a serial lies between two others, both included; an empty end is open.

    >>> [s for s in ("B-8", "B-0009", "B-100", "B-120", "B-0121", "C-50", "") if in_range(s, "B-0009", "B-0120")]
    ['B-0009', 'B-100', 'B-120']
    >>> in_range("B-7", last="B-0009"), in_range("B-10", first="B-0009"), in_range("B-8", first="B-0009")
    (True, True, False)
    """
    if not serial or not serial.strip():
        return False
    key = natural_key(serial)
    return (not first or natural_key(first) <= key) and (not last or key <= natural_key(last))


def common_start(first: str, last: str) -> str:
    """The text before the figures that every serial of the range begins with, for a search by index.

    >>> common_start("B-0009", "b-0120"), common_start("B-1", "C-1"), common_start("100", "200")
    ('b-', '', '')
    """
    starts = {PART.split(end.strip().casefold())[0] for end in (first, last)}
    return starts.pop() if len(starts) == 1 else ""
