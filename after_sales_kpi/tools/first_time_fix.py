"""First-time fix: the repair that was solved at the first visit and stayed solved.

A repair job (call) counts as fixed at the first visit when it needed one visit only and no new
repair job on the same unit and the same fault family was reported within the window. Jobs solved
without a visit are no visits to judge: they count in the remote fix rate. A job where the customer
was absent is left out. An unknown fault is of every family: what cannot be told apart is a repeat.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WINDOW = 30

REMOTE = "remote"
ABSENT = "absent"
OTHER = "other"
FOLLOW_UP = "follow_up"
REPEATED = "repeated"
FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Job:
    """A repair job that was closed: visits that reached the customer, and whether one did not."""

    key: int
    unit: int | None
    family: int | None
    reported: date
    done: date | None
    visits: int = 1
    absent: bool = False
    repair: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    reason: str
    provisional: bool = False

    @property
    def measured(self) -> bool:
        return self.reason in (FOLLOW_UP, REPEATED, FIXED)

    @property
    def fixed(self) -> bool:
        return self.reason == FIXED


def repeats(job: Job, later: Job, window: int = WINDOW) -> bool:
    """Is *later* a new case of what *job* had solved?

    >>> one = Job(1, 7, 3, date(2025, 1, 1), date(2025, 1, 5))
    >>> two = Job(2, 7, 3, date(2025, 2, 4), date(2025, 2, 6))
    >>> repeats(one, two, 30), repeats(one, two, 29), repeats(two, one)
    (True, False, False)
    >>> repeats(one, Job(3, 7, 4, date(2025, 1, 9), date(2025, 1, 9)))
    False
    >>> repeats(one, Job(4, 7, None, date(2025, 1, 9), date(2025, 1, 9)))
    True
    """
    if not later.repair or later.key == job.key or not job.unit or job.unit != later.unit:
        return False
    if job.family and later.family and job.family != later.family:
        return False
    same_day_later = later.reported == job.done and later.key > job.key
    return same_day_later or job.done < later.reported <= job.done + timedelta(days=window)


def judge(job: Job, others: Iterable[Job], today: date, window: int = WINDOW) -> Verdict:
    """
    >>> job = Job(1, 7, 3, date(2025, 1, 1), date(2025, 1, 5))
    >>> judge(job, [], date(2025, 3, 1))
    Verdict(reason='fixed', provisional=False)
    >>> judge(job, [], date(2025, 1, 20))
    Verdict(reason='fixed', provisional=True)
    """
    if not job.repair:
        return Verdict(OTHER)
    if job.absent:
        return Verdict(ABSENT)
    if not job.visits:
        return Verdict(REMOTE)
    if job.visits > 1:
        return Verdict(FOLLOW_UP)
    if any(repeats(job, other, window) for other in others):
        return Verdict(REPEATED)
    return Verdict(FIXED, provisional=today <= job.done + timedelta(days=window))
