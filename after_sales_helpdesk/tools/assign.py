"""Who of a team gets the next call: pure rules, no ORM."""

from collections.abc import Iterable, Mapping, Sequence


def take_turns(members: Sequence[int], last: Mapping[int, int], number: int) -> list[int]:
    """Members for `number` calls, who waited longest first; `last` gives each one's latest call (a rising number).

    >>> take_turns([7, 8, 9], {7: 30, 8: 10}, 4)
    [9, 8, 7, 9]
    >>> take_turns([], {}, 2)
    []
    """
    order = sorted(members, key=lambda member: last.get(member, 0))
    return [order[index % len(order)] for index in range(number)] if order else []


def level_out(members: Sequence[int], load: Mapping[int, int], number: int) -> list[int]:
    """Members for `number` calls, who has the fewest open ones first; each call given counts at once.

    >>> level_out([7, 8, 9], {7: 2, 8: 1, 9: 1}, 4)
    [8, 9, 7, 8]
    >>> level_out([], {}, 1)
    []
    """
    open_calls, chosen = {member: load.get(member, 0) for member in members}, []
    for __ in range(number if members else 0):
        member = min(members, key=lambda m: open_calls[m])
        open_calls[member] += 1
        chosen.append(member)
    return chosen


def covers(spans: Iterable[tuple], start, stop) -> bool:
    """Whether the spans, sorted, leave nothing free between start and stop.

    >>> covers([(0, 4), (4, 9)], 1, 8), covers([(0, 4), (5, 9)], 1, 8), covers([], 1, 8)
    (True, False, False)
    """
    for begin, end in spans:
        if begin > start:
            return False
        start = max(start, end)
    return start >= stop
