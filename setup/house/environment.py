"""Everything made ready in order: Odoo, Python (which we then run in), the server, our addons."""

import argparse
import contextlib
import shutil
from ctypes.util import find_library

from . import addons, machine, odoo_tree, postgres, python
from .console import Stop, say
from .database import Databases
from .runner import Runner


def parser(description):
    """Return a parser with the options that name what a person already has."""
    result = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    group = result.add_argument_group("what you already have")
    group.add_argument("--odoo", metavar="PATH", help="an Odoo 19.0 tree to use instead of fetching one")
    group.add_argument(
        "--db-host", metavar="HOST", help="a PostgreSQL server to use instead of a private one"
    )
    group.add_argument("--db-port", metavar="PORT", type=int)
    group.add_argument("--db-user", metavar="NAME", help="a user who may create databases")
    group.add_argument("--db-password", metavar="WORD", help="or set PGPASSWORD")
    return result


class House:
    """What is ready: the record that scripts and stages work with."""

    def __init__(self, options, odoo, interpreter):
        self.options, self.odoo, self.python = options, odoo, interpreter
        names = addons.available(odoo)
        self.glue = [name for name in names if addons.is_glue(name)]  # each tested on its own closure
        self.addons = [name for name in names if name not in self.glue]

    @contextlib.contextmanager
    def databases(self, durable=False, embedded=False):
        """Give the databases of the person's server, or of a private one that runs as long as this lasts."""
        given = postgres.given(self.options)
        with contextlib.ExitStack() as stack:
            server = (
                given
                if given and not embedded
                else stack.enter_context(postgres.durable() if durable else postgres.fast(embedded))
            )
            yield Databases(Runner(self.python, self.odoo, server))


def prepare(options):
    """Provide Odoo and Python, continue in that Python, and return the house."""
    odoo = odoo_tree.get(options.odoo)
    interpreter = python.get(odoo)
    python.enter(interpreter)
    for found, package, lost in (
        (lambda: shutil.which("wkhtmltopdf"), "wkhtmltopdf", "no PDF can be printed"),
        (lambda: find_library("cairo"), "libcairo2", "no barcode can be drawn"),
    ):
        try:
            machine.require(found, package, package)
        except Stop as stop:  # all but this works without
            say(f"{lost}: {stop}")
    return House(options, odoo, interpreter)
