"""An Odoo process: its configuration file, its command line, what its log says about progress."""

import contextlib
import errno
import re
import socket
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from . import log_check, state
from .console import Stop, run
from .odoo_tree import Odoo
from .postgres import Server
from .python import environ

LOADING = re.compile(
    r"(Loading module|Module) (\w+) \((\d+/\d+)\)|(Starting) (\w+\.\w+)|company: Living (\w+ \d+)"
)


@dataclass(frozen=True)
class Runner:
    """Odoo on one server: everything a process of it needs to know."""

    python: Path
    odoo: Odoo
    server: Server
    libraries: Path | None = None  # what the add-ons of others import

    @property
    def environ(self):
        return environ() | ({"PYTHONPATH": str(self.libraries)} if self.libraries else {})

    @property
    def data(self):
        """Return the data folder; the file stores of the databases of this server are in it."""
        return state.HOME / "data" / self.server.name

    def config(self, **extra):
        """Write a configuration of our own, so that no ``~/.odoorc`` has a say; return its path."""
        self.data.mkdir(parents=True, exist_ok=True)
        addons = [str(path) for path in self.odoo.addons]
        if list(state.CHECKOUT.glob("*/__manifest__.py")):
            addons.append(str(state.CHECKOUT))
        values = (
            {
                "addons_path": ",".join(addons),
                "data_dir": self.data,
                "db_host": self.server.host,
                "db_port": self.server.port,
                "db_user": self.server.user,
                "http_interface": "127.0.0.1",
                "list_db": False,
                "max_cron_threads": 0,
                "screenshots": state.HOME / "screenshots",
            }
            | ({"db_password": self.server.password} if self.server.password else {})
            | extra
        )
        text = "[options]\n" + "".join(f"{name} = {value}\n" for name, value in values.items())
        path = state.HOME / "conf" / f"{self.server.name}-{state.key(text)}.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        state.keep_latest(path.parent, f"{self.server.name}-*.conf")
        path.touch(mode=0o600)
        path.write_text(text)
        return path

    def command(self, *words, **config):
        """Return the command line of an Odoo subcommand or server."""
        sub = list(takewhile(lambda word: not str(word).startswith("-"), words))
        return [
            str(w) for w in (self.python, "-m", "odoo", *sub, "-c", self.config(**config), *words[len(sub) :])
        ]

    def run(self, database, *words, log, progress=None, check=True, **config):
        """Run Odoo on a database until it ends; return the exit code."""
        config.setdefault("http_port", free_port())
        command = self.command("-d", database, "--stop-after-init", *words, **config)
        code = run(command, log, progress, watch, check=False, env=self.environ, cwd=state.HOME)
        if code and check:
            trouble = [
                line for line in log_check.findings(log) if line.startswith(("ERROR", "CRITICAL"))
            ] or ["no reason given"]
            raise Stop(
                f"Odoo failed: {trouble[-1].splitlines()[0]} ... {trouble[-1].splitlines()[-1].strip()} (log: {log})"
            )
        return code

    def script(self, database, code, log, progress=None, **config):
        """Run Python in an Odoo shell (``env`` is there); a traceback is a `Stop`."""
        script = state.HOME / "conf" / f"script-{state.key(code)}.py"
        state.keep_latest(script.parent, "script-*.py")
        script.write_text(code)
        command = self.command("shell", "-d", database, "--no-http", **config)
        with script.open() as stdin:
            run(command, log, progress, watch, env=self.environ, cwd=state.HOME, stdin=stdin)


def watch(line):
    """Return what an Odoo log line says about progress."""
    found = LOADING.search(line)
    return found and (f"{found[2]} ({found[3]})" if found[2] else found[5] or found[6])


def free_port():
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def claim_port(port):
    """Stop with one clear line unless the port is free."""
    with contextlib.closing(socket.socket()) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) != errno.EADDRINUSE:
                raise Stop(f"port {port} cannot be used ({error}); choose another: --port 8069") from error
            raise Stop(f"port {port} is in use; choose another: --port {port + 1}") from error
