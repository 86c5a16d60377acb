"""Post the drafts of a billing run, two lines each, 50 at a time as the run does, beside drafts that core alone knows of."""

from datetime import date

from billing import bare_drafts, drafts_of_run, in_chunks, ready_company
from contracts import running

WORK = "Posting the n drafts of a billing run (floor: posting bare invoices of the same lines)"
N = 100
REPEAT = 2
setup = ready_company


def floor(env, n):
    _due(env, n)
    moves = bare_drafts(env)
    return in_chunks(env, moves, lambda batch: batch.action_post())


def ours(env, n):
    _due(env, n)
    run, moves = drafts_of_run(env, n)
    return in_chunks(env, moves, run._post_invoices)


def _due(env, n):
    """Each contract owes the instalments of this year, one for each price."""
    start = date(date.today().year, 1, 1)
    running(env, n, date_start=start, interval_unit="year", visit_plan_ids=[])
