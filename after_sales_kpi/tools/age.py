"""Age bands of open calls, in days since the call was reported (not since its last change)."""

# code (in order when sorted as text), from day, to day (both included)
BANDS = (
    ("00", 0, 2),
    ("03", 3, 7),
    ("08", 8, 14),
    ("15", 15, 30),
    ("31", 31, None),
)
OLD = "31"


def band(days: int) -> str:
    """
    >>> [band(days) for days in (0, 2, 3, 14, 15, 30, 31, 400)]
    ['00', '00', '03', '08', '15', '15', '31', '31']
    >>> band(-1)  # reported by a clock that runs ahead
    '00'
    """
    code = BANDS[0][0]
    for name, first, __ in BANDS:
        if days >= first:
            code = name
    return code
