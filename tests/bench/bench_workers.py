"""A billing run that two processes share: what a second worker is worth."""

import sys
from datetime import date
from pathlib import Path

from contracts import running

sys.path.append(str(Path(__file__).parents[1]))  # processes of their own are at home with the tests
from processes import Worker, committed, give_accounts

WORK = (
    "Draft the invoices of n contracts in chunks, each chunk committed "
    "(floor: one worker process; ours: two of them share the run)"
)
N = 250


def setup(env):
    give_accounts()


def floor(env, n):
    return _shared_by(1, n)


def ours(env, n):
    return _shared_by(2, n)


def _shared_by(number, n):
    """What the workers do, each ready before the clock runs; the processes cannot see what is not committed."""
    with committed() as env:
        contracts = running(
            env, n, date_start=date(date.today().year, 1, 1), interval_unit="year", visit_plan_ids=[]
        )
        run = env["after.sales.billing.run"].create(
            {"date_to": date.today(), "invoice_date": date.today(), "contract_ids": contracts.ids}
        )
        run._preview()
        assert run.invoice_count == n, f"{run.invoice_count} invoices to make, not {n}"
        run._start()
        run_id = run.id
    workers = [Worker("chunks", run_id).ready() for __ in range(number)]

    def work():
        for worker in workers:
            worker.go()
        for worker in workers:
            worker.result()
        with committed() as env:
            run = env["after.sales.billing.run"].browse(run_id)
            assert run.state == "done" and run.move_count == n, f"{run.move_count} invoices of {n}"

    return work
