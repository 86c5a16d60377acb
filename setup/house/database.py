"""Databases: templates that hold the dependency closure, clones of them, the demo database.

Installing the closure takes minutes, cloning it seconds. A template is kept twice: in the server, to clone from, and
as a dump in the state folder, from which any other server (and the memory of a restarted machine) gets it back.
"""

import contextlib
import json
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import count

from . import addons, state
from .console import Stop, run, say, step
from .python import environ

LANGUAGES = ("en_US", "it_IT", "ru_RU")  # Odoo switches English off when it is not named
DEMO_MODULES = ("l10n_it", "l10n_it_stock_ddt", "sale_management")  # the last one shows the Sales menu
KEPT_DUMPS = (
    18  # those of the demo, of the tests, of the neighbours and of glue, and two for each addon of the matrix
)
FORM = 2  # raise it when templates are made differently
PREGENERATE = 'env["ir.qweb"]._pregenerate_assets_bundles()\nenv.cr.commit()\n'
COMPANY = f"import sys\nsys.path.insert(0, {str(state.CHECKOUT / 'setup')!r})\nfrom company.story import build\nbuild(env)\n"
_number = count()


@dataclass(frozen=True)
class Recipe:
    """What a template database holds."""

    modules: tuple
    demo: bool = False
    languages: tuple = ()
    auto_install: bool = False

    @property
    def words(self):
        """Return the words of Odoo's command line that make it."""
        return [
            *(["--with-demo"] if self.demo else []),
            *([] if self.auto_install else ["--skip-auto-install"]),
            *(["--load-language", ",".join(self.languages)] if self.languages else []),
        ]


def test_recipe(names, auto_install=False):
    return Recipe(tuple(addons.closure(names)), auto_install=auto_install)


def demo_recipe(names):
    """Return the recipe of the demo database, for setup/demo and setup/test alike."""
    return Recipe(tuple(sorted({*addons.closure(names), *DEMO_MODULES})), demo=True, languages=LANGUAGES)


class Databases:
    """The databases of one server."""

    def __init__(self, runner):
        self.runner, self.server = runner, runner.server

    # --- primitives -----------------------------------------------------------------------------------------------

    def exists(self, name):
        return bool(self.server.rows("SELECT 1 FROM pg_database WHERE datname = %s", [name]))

    def drop(self, name):
        self.server.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        self.server.rows(f'DROP DATABASE IF EXISTS "{name}"')
        shutil.rmtree(self._files(name), ignore_errors=True)

    def create(self, name):
        """Make an empty database as Odoo would, with the extensions that forgiving searches want."""
        self.drop(name)
        self.server.rows(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0")
        present = "SELECT name FROM pg_available_extensions WHERE name IN ('pg_trgm', 'unaccent')"
        for (extension,) in self.server.rows(present):
            self.server.rows(f"CREATE EXTENSION IF NOT EXISTS {extension}", database=name)
            if extension == "unaccent":  # only an immutable function serves an index; no dump keeps that
                try:
                    self.server.rows("ALTER FUNCTION unaccent(text) IMMUTABLE", database=name)
                except (
                    self.server.error
                ):  # a superuser's right; Odoo does well without it, but warns of half of it
                    self.server.rows("DROP EXTENSION unaccent", database=name)

    def copy(self, source, name):
        """Clone a database and its file store (hard links: Odoo never writes into a stored file)."""
        with state.lock(f"copy-{source}"):  # a database that is being cloned takes no second connection
            self.server.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source]
            )
            fast = "STRATEGY file_copy" if self._version >= 15 else ""
            self.server.rows(f'CREATE DATABASE "{name}" TEMPLATE "{source}" {fast}')
        _link(self._files(source), self._files(name))

    def rename(self, name, new):
        self.drop(new)
        self.server.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        self.server.rows(f'ALTER DATABASE "{name}" RENAME TO "{new}"')
        if self._files(name).exists():
            self._files(name).rename(self._files(new))

    def _files(self, name):
        return self.runner.data / "filestore" / name

    @cached_property
    def _version(self):
        return self.server.version

    # --- templates ------------------------------------------------------------------------------------------------

    def template(self, recipe):
        """Return the name of the template database of a recipe, made at the first call."""
        record = asdict(recipe) | {
            "form": FORM,
            "odoo": self.runner.odoo.origin,
            "python": self.runner.python.parents[1].name,
        }
        name = f"after_sales_template_{state.key(record)}"
        with state.lock(f"{self.server.name}-{name}"):
            if not self.exists(name):
                part = f"{name}_part"
                if not self._restore(name, part):
                    self._make(recipe, record, part)
                    self._dump(part, name, record)
                self.rename(part, name)
        return name

    def _make(self, recipe, record, name):
        log, base = state.log("template"), self._smaller(record)
        what = f"{len(recipe.modules)} modules of Odoo{' with demo data' if recipe.demo else ''}"
        with step(f"Installing {what} into a template database") as progress:
            if base:
                self.drop(name)
                self.copy(base, name)
            else:
                self.create(name)
            self.runner.run(name, "-i", ",".join(recipe.modules), *recipe.words, log=log, progress=progress)
            progress.detail = "asset bundles"
            self.runner.script(name, PREGENERATE, log)

    def _smaller(self, record):
        """Return the largest template here that only lacks modules: installing the rest is quicker than all."""
        best, size = None, 0
        for path in (state.HOME / "templates").glob("*/.ready"):
            other, name = json.loads(path.read_text()), path.parent.name.rpartition("-")[0]
            same = all(other.get(k) == _plain(v) for k, v in record.items() if k != "modules")
            if (
                same
                and set(other["modules"]) < set(record["modules"])
                and len(other["modules"]) > size
                and self.exists(name)
            ):
                best, size = name, len(other["modules"])
        return best

    def _dump(self, database, name, record):
        program = self.server.program("pg_dump")
        if not program:
            return

        def make(folder):
            with step("Keeping a dump of the template"):
                command = [program, "-Fc", "-Z1", "-f", str(folder / "database.dump"), database]
                run(command, state.log("dump"), env=environ() | self.server.environ())
                _link(self._files(database), folder / "filestore", link=False)
            return _plain(record)

        try:
            state.build(f"templates/{name}-{self._version}", make, gigabytes=1)
        except Stop as stop:  # say, a server newer than the pg_dump of the machine
            say(f"no dump is kept: {stop}")
        dumps = sorted((state.HOME / "templates").glob("*/.ready"), key=os.path.getmtime, reverse=True)
        for old in dumps[KEPT_DUMPS:]:
            self.drop(old.parent.name.rpartition("-")[0])
            shutil.rmtree(old.parent)

    def _restore(self, name, part):
        folder, program = (
            state.HOME / "templates" / f"{name}-{self._version}",
            self.server.program("pg_restore"),
        )
        if not program or not (folder / ".ready").exists():
            return False
        os.utime(folder / ".ready")
        with step("Restoring a template database from its dump"):
            self.create(part)
            command = [program, "-j2", "--no-owner", "-d", part, str(folder / "database.dump")]
            if run(command, state.log("restore"), check=False, env=environ() | self.server.environ()):
                self.drop(part)
                return False
            _link(folder / "filestore", self._files(part), link=False)
            self.server.rows("ANALYZE", database=part)
        return True

    # --- clones ---------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def clone(self, source):
        """Give a database of this run; it is gone afterwards."""
        self._sweep()
        name = f"after_sales_run_{os.getpid()}_{next(_number)}"
        self.copy(source, name)
        try:
            yield name
        finally:
            self.drop(name)

    def _sweep(self):
        """Drop what runs that were killed left."""
        for (name,) in self.server.rows(
            "SELECT datname FROM pg_database WHERE datname LIKE 'after\\_sales\\_run\\_%%'", []
        ):
            pid = re.match(r"after_sales_run_(\d+)_", name)
            if pid and not os.path.exists(f"/proc/{pid[1]}"):
                self.drop(name)

    # --- the demo database ------------------------------------------------------------------------------------------

    def demo(self, names, reset=False):
        """Return the demo database of this checkout: template plus our addons, brought up to the code of now."""
        name = f"after_sales_demo_{state.key(str(state.CHECKOUT))[:6]}"
        recipe = demo_recipe(names)
        names = [*names, *addons.glue_beside(names, recipe.modules)]
        with state.lock(name):
            if reset:
                self.drop(name)
            wanted = {addon: state.content_key(state.CHECKOUT / addon) for addon in names} | {
                "base": self.runner.odoo.origin
            }
            if not self.exists(name):
                part = f"{name}_part"
                self.drop(part)
                self.copy(self.template(recipe), part)
                self.bring_up(part, wanted, {"base": wanted["base"]})
                with self._meanwhile(part, PREGENERATE):
                    self.live(part)
                self.rename(part, name)
            elif self.bring_up(name, wanted, self._record(name)):
                with step("Making the asset bundles"):
                    self.runner.script(name, PREGENERATE, state.log("demo-bundles"))
        return name

    @contextlib.contextmanager
    def _meanwhile(self, name, code):
        """Run a script beside what the body does: the machine has more than one core, Odoo uses one."""
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(self.runner.script, name, code, state.log("demo-bundles"))
            yield
            done.result()

    def bring_up(self, name, wanted, present):
        """Install and update our addons (all of Odoo, when it is another one); return whether anything was stale.

        The comment on the database records the code of now.
        """
        stale = [addon for addon, code in wanted.items() if present.get(addon) != code]
        if not stale:
            return False
        installed = "SELECT name FROM ir_module_module WHERE state = 'installed' AND name = ANY(%s)"
        old = [row[0] for row in self.server.rows(installed, [stale], name)]
        new = [addon for addon in stale if addon not in old]
        words = (["-i", ",".join(new)] if new else []) + (["-u", ",".join(old)] if old else [])
        log = state.log("demo-install")
        with step(f"{'Updating' if old else 'Installing'} {len(stale)} addons with demo data") as progress:
            self.runner.run(name, *words, "--with-demo", "--skip-auto-install", log=log, progress=progress)
        self.server.rows(f'COMMENT ON DATABASE "{name}" IS %s', [json.dumps(wanted)])
        return True

    def live(self, name, log=None):
        """Make the demo company in a database with our addons."""
        with step("Making the demo company") as progress:
            self.runner.script(name, COMPANY, log or state.log("company"), progress)

    def set_url(self, name, url):
        """Tell the database under which address it is reached: printing, mails and QR codes ask for it."""
        self.server.rows("UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'", [url], name)

    def _record(self, name):
        sql = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        return json.loads(self.server.rows(sql, [name])[0][0] or "{}")


def _plain(value):
    return json.loads(json.dumps(value))


def _link(source, target, link=True):
    if source.exists():
        try:
            shutil.copytree(
                source, target, copy_function=os.link if link else shutil.copy2, dirs_exist_ok=True
            )
        except (OSError, shutil.Error):  # another file system
            shutil.copytree(source, target, dirs_exist_ok=True)
