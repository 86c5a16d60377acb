"""Processes of their own on a real database: how the tests named test_processes* start, stop and kill them.

What they do is committed, so setup/test gives those files a database of their own.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

WORKER = Path(__file__).with_name("billing_worker.py")


@contextmanager
def committed():
    """An environment whose work is committed at the end."""
    with Registry(get_db_name()).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def give_accounts():
    """The company gets a chart of accounts, unless it has one."""
    with committed() as env, mute_logger("odoo.addons.account.models.chart_template"):
        if not env.company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", env.company, install_demo=False)


class Worker:
    """A process that is ready to work when told to: what billing_worker.py can do, and on what."""

    def __init__(self, how, what):
        command = [
            sys.executable,
            str(WORKER),
            odoo.tools.config["config"],
            get_db_name(),
            how,
            str(what),
        ]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def ready(self):
        said = []
        while (line := self.process.stdout.readline()) and line != "READY\n":
            said.append(line)
        assert line, "".join(said)
        return self

    def go(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def result(self):
        said = self.process.communicate()[0]
        assert not self.process.returncode, said
        return said.splitlines()[-1]

    def kill(self):
        """End it as a power cut would, and wait until the server has noticed."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        while in_transaction():
            time.sleep(0.2)


def in_transaction():
    """Whether another process is still at work in the database."""
    with committed() as env:
        env.cr.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid != pg_backend_pid() AND state != 'idle'"
        )
        return env.cr.fetchone()[0]


def at_once(*workers):
    """Let processes work side by side; return what each said."""
    for worker in [worker.ready() for worker in workers]:
        worker.go()
    return [worker.result() for worker in workers]
