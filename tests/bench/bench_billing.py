"""Bill n contracts of two prices: preview, then 50 draft invoices at a time, as the scheduled job does."""

from datetime import date

from billing import bare_create, ready_company, whole_run
from contracts import running

WORK = (
    "Billing run over the instalments of n contracts with 2 lines each, to draft invoices "
    "(floor: the same invoices in one batch create)"
)
N = 250
REPEAT = 2
setup = ready_company


def floor(env, n):
    _due(env, n)
    return bare_create(env, n)


def ours(env, n):
    _due(env, n)
    return whole_run(env, n)


def _due(env, n):
    """Each contract owes the instalments of this year, one for each price."""
    start = date(date.today().year, 1, 1)
    running(env, n, date_start=start, interval_unit="year", visit_plan_ids=[])
