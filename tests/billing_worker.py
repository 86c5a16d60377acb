"""A process of its own that bills, as a person's click or the scheduled job would; tests/processes.py starts it.

Usage: billing_worker.py CONFIG DATABASE HOW WHAT, where HOW and WHAT are
``click`` and the id of a billing run: preview and bill in one request;
``bill`` and the id of a run that has its preview;
``chunks`` and the id of a run in progress: each chunk is a transaction;
``cron`` and anything: the scheduled job that bills;
``post`` and the ids of charges, with commas: their cost goes to the cost accounts;
``cost`` and a number: the scheduled job that posts costs, so many charges in a transaction;
``late`` and a number: the same, but it waits after it has looked for what is due and before it takes it.
It says READY, waits for a line, works, and says what became of it as its last line.
"""

import logging
import sys
from functools import partial

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying


def main(config, database, how, what):
    odoo.tools.config.parse_config(["-c", config, "-d", database, "--log-level", "warn"])
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)  # a lost race is what these tests are about
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        work = WORK[how](env, what)
        cr.commit()
        if how != "late":
            wait()
        try:
            if how in REQUESTS:
                retrying(work, env)
            else:
                work()
        except UserError as error:
            cr.rollback()
            print(f"refused: {error}")
        else:
            print("done")


def wait():
    print("READY", flush=True)
    sys.stdin.readline()


def late(env, batch_size):
    posting = env["after.sales.cost.posting"]
    make = type(posting)._make_moves

    def make_after_a_while(posting, charges):
        type(posting)._make_moves = make
        wait()
        return make(posting, charges)

    type(posting)._make_moves = make_after_a_while
    return partial(posting._cron_post, batch_size=int(batch_size))


def run(env, run_id):
    return env["after.sales.billing.run"].browse(int(run_id))


def charges(env, ids):
    return env["after.sales.charge"].browse(map(int, ids.split(",")))


#: What is tried again when another transaction was faster, as every request of a person is.
REQUESTS = ("click", "bill", "post")
WORK = {
    "click": lambda env, what: run(env, what).action_bill,
    "bill": lambda env, what: run(env, what).action_bill,
    "chunks": lambda env, what: run(env, what)._work_in_chunks,
    "cron": lambda env, what: env["after.sales.billing.run"]._cron_bill,
    "post": lambda env, what: charges(env, what).action_post_cost,
    "cost": lambda env, what: partial(env["after.sales.cost.posting"]._cron_post, batch_size=int(what)),
    "late": late,
}


if __name__ == "__main__":
    main(*sys.argv[1:])
