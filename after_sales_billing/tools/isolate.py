"""Bill in batches and find what spoils one, without Odoo.

``attempt`` is whatever either does its work on all items it is given or raises and leaves nothing behind (a
savepoint does that). A batch that fails is halved until the guilty item is alone, so that one bad record never
holds up the others and a good batch costs a single attempt.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut a sequence into pieces of at most ``size``, in order.

    >>> [list(piece) for piece in chunks([1, 2, 3, 4, 5], 2)]
    [[1, 2], [3, 4], [5]]
    """
    if size < 1:
        raise ValueError("size must be at least 1")
    for start in range(0, len(items), size):
        yield items[start : start + size]


def bisect_failures(
    items: Sequence[T],
    attempt: Callable[[Sequence[T]], object],
    caught: type[BaseException] | tuple[type[BaseException], ...] = Exception,
) -> tuple[list[T], list[tuple[T, BaseException]]]:
    """Work on all items; return those done and those that fail alone, each with its error.

    >>> def attempt(batch):
    ...     if "bad" in batch:
    ...         raise ValueError("bad one")
    >>> done, failed = bisect_failures(["a", "b", "bad", "c"], attempt)
    >>> done
    ['a', 'b', 'c']
    >>> [(item, str(error)) for item, error in failed]
    [('bad', 'bad one')]
    """
    done: list[T] = []
    failed: list[tuple[T, BaseException]] = []
    stack = [items] if items else []
    while stack:
        batch = stack.pop()
        try:
            attempt(batch)
        except caught as error:
            if len(batch) == 1:
                failed.append((batch[0], error))
                continue
            middle = len(batch) // 2
            stack.append(batch[middle:])
            stack.append(batch[:middle])
        else:
            done.extend(batch)
    return done, failed


def find_guilty(
    items: Sequence[T],
    probe: Callable[[Sequence[T]], object],
    caught: type[BaseException] | tuple[type[BaseException], ...] = Exception,
) -> list[tuple[T, BaseException]]:
    """Return the items without which the rest goes through, each with its error.

    ``probe`` raises when the items cannot be worked on together, and never leaves anything behind. When every item
    is fine alone but they are not together, or when what remains still fails, all of them are guilty.

    >>> def probe(batch):
    ...     if sum(batch) > 10:
    ...         raise ValueError("too much")
    >>> [item for item, __ in find_guilty([1, 20, 3], probe)]
    [20]
    >>> [item for item, __ in find_guilty([6, 7], probe)]
    [6, 7]
    """
    try:
        probe(items)
    except caught as error:
        whole = error
    else:
        return []
    __, guilty = bisect_failures(items, probe, caught)
    bad = {id(item) for item, __ in guilty}
    rest = [item for item in items if id(item) not in bad]
    if guilty and rest:
        try:
            probe(rest)
        except caught as error:
            whole = error
        else:
            return guilty
    errors = {id(item): error for item, error in guilty}
    return [(item, errors.get(id(item), whole)) for item in items]
