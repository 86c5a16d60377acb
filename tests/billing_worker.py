"""A process of its own that bills, as a person's click or the scheduled job would; tests/test_processes.py starts it.

Usage: billing_worker.py CONFIG DATABASE HOW RUN, where RUN is the id of a billing run and HOW is
``click`` (preview and bill in one request), ``bill`` (a run that has its preview), ``chunks`` (a run in progress, each
chunk a transaction) or ``cron``. It says READY, waits for a line, works, and says what became of it as its last line.
"""

import logging
import sys
from functools import partial

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying


def main(config, database, how, run_id):
    odoo.tools.config.parse_config(["-c", config, "-d", database, "--log-level", "warn"])
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)  # a lost race is what these tests are about
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        run = env["after.sales.billing.run"].browse(int(run_id))
        work = {"click": run.action_bill, "bill": run.action_bill}.get(how)
        cr.commit()
        print("READY", flush=True)
        sys.stdin.readline()
        try:
            if work:
                retrying(partial(work), env)
            elif how == "chunks":
                run._work_in_chunks()
            else:
                run._cron_bill()
        except UserError as error:
            cr.rollback()
            print(f"refused: {error}")
        else:
            print("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
