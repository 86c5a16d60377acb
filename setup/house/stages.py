"""What setup/test runs, one function a stage. A stage returns an `Outcome`; a stage that cannot run has failed."""

import os
import re
import subprocess
import threading
import time
import traceback
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field

from . import addons, browser, database, leftovers, log_check, state
from .console import Stop, run, say, step
from .python import environ
from .selection import http_tests, tags

SUMMARY = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
SKIPPED = re.compile(r" skipped (\S+) : (.*)")
TIMES = re.compile(r"odoo\.tests\.stats: (\w+): (\d+) tests ([\d.]+)s")
SHOWN = 40  # lines of trouble a stage shows; the log has all
STATIC_TESTS = "tests/test_house.py"
BROWSER_TESTS = "tests/test_browser.py"  # in the addons: the classes tagged ``browser``
NEIGHBOURS = ("point_of_sale", "sale_mrp", "stock_dropshipping")
NEIGHBOUR_TESTS = "tests/neighbours.py"
# All of test_lint but what needs eslint or a pylint of its own (our odoo_style stage is a stricter pylint).
LINT_TAGS = "/test_lint," + ",".join(
    f"-/test_lint:{name}"
    for name in ("TestGetTextLint", "TestSqlLint", "TestI18nChecks", "TestESLint", "TestPyLint")
)


@dataclass
class Outcome:
    passed: int = 0
    failed: int = 0
    notes: list = field(default_factory=list)
    times: list = field(default_factory=list)  # (part, tests, seconds), where a stage has parts


@dataclass
class Context:
    """What the stages share: the house, the databases of the test server, our addons."""

    house: object
    databases: object
    names: list
    # With demo data or not: a database with all our addons, once there is one, and who may make it.
    kept: dict = field(default_factory=dict)
    locks: dict = field(default_factory=lambda: {demo: threading.Lock() for demo in (False, True)})

    @property
    def runner(self):
        return self.databases.runner


# --- without a database ---------------------------------------------------------------------------------------------


def style(context):
    """ruff: its formatter, then the rules of pyproject.toml."""
    ruff = context.house.python.parent / "ruff"
    formatted = _tool(context, "ruff", [ruff, "format", "--quiet", "--diff", "."])
    checked = _tool(context, "ruff", [ruff, "check", "--quiet", "--output-format", "concise", "."])
    return formatted if formatted.failed else checked


def odoo_style(context):
    """pylint-odoo, its mandatory set."""
    names = [*context.names, *context.house.glue]
    return _tool(context, "pylint", [context.house.python, "-m", "pylint", "--rcfile=pyproject.toml", *names])


def guard(context):
    """The architecture guard and every other test that needs no database."""
    return _pytest(context, "guard", [STATIC_TESTS, "-p", "no:odoo"])


# --- with one -------------------------------------------------------------------------------------------------------


def together(context):
    """Install our addons together, with demo data, and run the tests that belong to the installation of each."""
    template = context.databases.template(database.demo_recipe(context.names))
    with context.locks[True], context.databases.clone(template) as name:
        words = ["-i", ",".join(context.names), "--with-demo", "--test-tags", tags(context.names)]
        words[-1] = "at_install" + words[-1].replace(",", ",at_install")
        outcome = _odoo(context, name, "together", *words)
        _remember(context, name, demo=True)
    return outcome


def beside_the_others(addon):
    """Return the stage that runs an addon's tests in a database with all our addons and demo data.

    Those of its installation ran in `together`; Odoo would repeat them here, without the addons above in its registry.
    """

    def tests(context):
        with context.databases.clone(_installed(context, demo=True)) as name:
            words = ["--test-tags", f"post_install/{addon},-browser"]
            return _odoo(context, name, f"tests-{addon}", *words, tested=[addon])

    tests.__name__ = addon
    return tests


def in_browser(context):
    """What Chromium does: the tours of the addons, and the pages a person sees first."""
    with context.databases.clone(_installed(context, demo=True)) as name:
        words = ["--test-tags", "browser" + tags(context.names).replace(",", ",browser")]
        tours = _odoo(context, name, "tours", *words)
    with context.databases.clone(_installed(context)) as name:
        pages = _root_tests(context, name, [BROWSER_TESTS])
    return Outcome(tours.passed + pages.passed, tours.failed + pages.failed, tours.notes + pages.notes)


in_browser.exclusive = True  # a loaded machine makes it time out


def upgrade(context):
    """Update every addon (-u) in the database with all of them."""
    with context.databases.clone(_installed(context)) as name:
        return _odoo(context, name, "upgrade", "-u", ",".join(context.names))


def uninstall(context):
    """Uninstall every addon, leaves first, and find nothing left behind."""
    with context.databases.clone(context.databases.template(database.test_recipe(context.names))) as bare:
        before = leftovers.snapshot(context.databases.server, bare)
    with context.databases.clone(_installed(context)) as name:
        return _uninstalled(context, name, context.names, before)


def life_of_glue(context):
    """Add our glue addons to a company that works with the others, update them (-u), take them away again."""
    server, glue = context.databases.server, context.house.glue
    names = addons.with_ours(glue)
    with context.databases.clone(context.databases.template(database.test_recipe(names))) as name:
        others = ",".join(addon for addon in names if addon not in glue)
        context.runner.run(name, "-i", others, "--skip-auto-install", log=state.log("glue-others"))
        before = leftovers.snapshot(server, name)
        added = _odoo(context, name, "glue-install", "-i", ",".join(glue))
        updated = _odoo(context, name, "glue-upgrade", "-u", ",".join(glue))
        removed = _uninstalled(context, name, glue, before)
    results = (added, updated, removed)
    return Outcome(
        sum(result.passed for result in results),
        sum(result.failed for result in results),
        [note for result in results for note in result.notes],
    )


def lint(context):
    """Odoo's own test_lint on a database with our addons."""
    with context.databases.clone(_installed(context)) as name:
        return _odoo(context, name, "lint", "-i", "test_lint", "--test-tags", LINT_TAGS, http=False)


def flows(context):
    """The root tests: flows through all addons, HTTP, crashes."""
    with context.databases.clone(_installed(context)) as name:
        return _root_tests(context, name, ["tests", f"--ignore={STATIC_TESTS}", f"--ignore={BROWSER_TESTS}"])


def demo(context):
    """The demo company, as setup/demo makes it."""
    with context.databases.clone(_installed(context, demo=True)) as name:
        log = state.log("company")
        context.databases.live(name, log)
    return _counted(Outcome(notes=log_check.findings(log)))


style.static = odoo_style.static = guard.static = True  # these need no database


def full(names, glue):
    """Return every stage, in the order in which two lanes waste least: what others wait for, then the longest."""
    first = [together, style, odoo_style, guard, upgrade]
    tests = [*(beside_the_others(name) for name in names), *([alone(glue)] if glue else [])]
    return [*first, *tests, demo, uninstall, lint, flows, in_browser]


# --- a part, and the matrix -----------------------------------------------------------------------------------------


def chosen(names, selection):
    """Return the stage that tests these addons (and installs those below them)."""

    def part(context):
        template = context.databases.template(database.test_recipe(context.house.addons))
        with context.databases.clone(template) as name:
            words = ["-i", ",".join(addons.with_ours(names)), "--test-tags", selection]
            return _odoo(context, name, "part", *words, tested=names)

    part.__name__ = " ".join(names) if len(names) < 3 else f"{len(names)} addons"
    return part


def root_files(paths, words=()):
    """Return the stage that runs these files of tests/ (with a database only where one is needed)."""

    def files(context):
        if files.static:
            return _pytest(context, "files", [*paths, "-p", "no:odoo", *words])
        with context.databases.clone(_installed(context)) as name:
            return _root_tests(context, name, [*paths, *words])

    files.__name__ = " ".join(paths)
    files.static = all(path.startswith(STATIC_TESTS) for path in paths)
    return files


def alone(tested, auto_install=False):
    """Return the stage that tests one addon on its own closure, or some on the one that they share."""
    title = ", ".join(tested)

    def single(context):
        names = addons.with_ours(tested)
        template = context.databases.template(database.test_recipe(names, auto_install))
        with context.databases.clone(template) as name:
            words = ["-i", ",".join(names), "--test-tags", tags(tested)]
            log_name = "alone-" + "-".join(tested)
            return _odoo(context, name, log_name, *words, tested=tested, auto_install=auto_install)

    single.__name__ = f"{title} alone{' with auto-installed modules' if auto_install else ''}"
    return single


def neighbours(context):
    """Test what our addons follow without depending on it: the till, kits of manufacturing, dropshipping."""
    modules = {*addons.closure(["after_sales_warranty"]), *NEIGHBOURS}
    template = context.databases.template(database.Recipe(tuple(sorted(modules))))
    with context.databases.clone(template) as name:
        words = ["-i", "after_sales_warranty", "--skip-auto-install"]
        context.runner.run(name, *words, log=state.log("neighbours"))
        return _root_tests(context, name, [NEIGHBOUR_TESTS])


# --- how a stage is run ---------------------------------------------------------------------------------------------


def run_stage(stage, context):
    """Run one stage; return (title, outcome, seconds)."""
    title, since = stage.__name__, time.time()
    say(f"--- {title}")
    try:
        outcome = stage(context)
    except Stop as stop:
        outcome = Outcome(failed=1, notes=[str(stop)])
    except Exception:  # a fault of ours in one stage hides no result of the others
        outcome = Outcome(failed=1, notes=[traceback.format_exc()])
    for note in outcome.notes[:SHOWN]:
        print("    " + note.replace("\n", "\n    "))
    if len(outcome.notes) > SHOWN:
        print(f"    ... and {len(outcome.notes) - SHOWN} more")
    say(f"--- {title}: {outcome.passed} passed, {outcome.failed} failed")
    return title, outcome, time.time() - since


def _counted(outcome):
    """A check without tests of its own is one test; trouble beside passed tests is one failure."""
    if outcome.notes and not outcome.failed:
        outcome.failed = 1
    if not outcome.passed and not outcome.failed:
        outcome.passed = 1
    return outcome


def _uninstalled(context, name, names, before):
    """Uninstall addons, leaves first, and compare the database with what it was before them."""
    log = state.log("uninstall")
    with step("Uninstalling our addons one by one") as progress:
        try:
            context.runner.script(name, leftovers.uninstall_script(names), log, progress)
        except Stop as stop:
            return Outcome(failed=1, notes=[str(stop)])
    after = leftovers.snapshot(context.databases.server, name)
    return _counted(Outcome(notes=log_check.findings(log) + leftovers.differences(before, after)))


def _tool(context, title, command):
    done = subprocess.run(
        [str(c) for c in command], cwd=state.CHECKOUT, env=environ(), capture_output=True, text=True
    )
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    if done.returncode and not lines:
        lines = [f"{title} failed with code {done.returncode}"]
    return _counted(Outcome(notes=lines if done.returncode else []))


def _odoo(context, name, title, *words, http=True, tested=None, auto_install=False):
    """Run Odoo on a database, count its tests, read its log."""
    tested = tested or context.names
    testing = "--test-tags" in words
    if testing and http and http_tests(tested):
        browser.require()
    log = state.log(title)
    words = [*words] if auto_install else [*words, "--skip-auto-install"]
    with step(f"Running Odoo ({title})") as progress:
        code = context.runner.run(name, *words, log=log, progress=progress, check=False)
    text = log.read_text(errors="replace")
    outcome = Outcome(notes=log_check.findings(log), times=TIMES.findall(text))
    for failed, errors, total in SUMMARY.findall(text):
        outcome.failed += int(failed) + int(errors)
        outcome.passed += int(total) - int(failed) - int(errors)
    if testing and not outcome.passed and not outcome.failed:
        outcome.notes.append("no test ran")
    if code and not outcome.notes and not outcome.failed:
        outcome.notes.append(f"Odoo ended with code {code}")
    skipped = [f"skipped: {test} ({reason})" for test, reason in sorted(set(SKIPPED.findall(text)))]
    outcome.notes += skipped  # a test that nobody runs proves nothing
    if outcome.notes or outcome.failed:
        say(f"  the whole log: {log}")
    return _counted(outcome)


def _pytest(context, title, words):
    log, report = state.log(title), state.HOME / "conf" / f"junit-{title}-{os.getpid()}.xml"
    report.unlink(missing_ok=True)
    command = [context.house.python, "-m", "pytest", "-q", f"--junitxml={report}", *words]
    with step(f"Running pytest ({title})"):
        code = run([str(c) for c in command], log, check=False, cwd=state.CHECKOUT, env=environ())
    if code == 5 or not report.exists():  # 5: nothing collected
        return Outcome(failed=1, notes=[*log.read_text(errors="replace").splitlines()[-20:], "no test ran"])
    counts = [suite.attrib for suite in xml.parse(report).iter("testsuite")]
    failed = sum(int(c["failures"]) + int(c["errors"]) for c in counts)
    total = sum(int(c["tests"]) - int(c["skipped"]) for c in counts)
    notes = log.read_text(errors="replace").splitlines()[-SHOWN:] if failed or code else []
    notes += [
        f"skipped: {case.get('name')}"
        for case in xml.parse(report).iter("testcase")
        if case.find("skipped") is not None
    ]
    return _counted(Outcome(total - failed, failed, notes))


def _root_tests(context, name, words):
    browser.require()
    log = state.log("root-odoo")
    config = context.runner.config(db_name=name, http_port=0, logfile=log)
    options = ["--odoo-config", config, "--odoo-database", name, "--odoo-http", "--odoo-log-level", "warn"]
    outcome = _pytest(context, "root", [*words, *map(str, options)])
    outcome.notes += log_check.findings(log) if log.exists() else []
    return _counted(outcome)


def _installed(context, demo=False):
    """Return a database of this run with all our addons installed (kept from an earlier stage, else made)."""
    with context.locks[demo]:
        if demo not in context.kept:
            _install(context, demo)
    return context.kept[demo]


def _install(context, demo):
    recipe = database.demo_recipe if demo else database.test_recipe
    template = context.databases.template(recipe(context.house.addons))
    words = ["-i", ",".join(context.house.addons), "--skip-auto-install", *(["--with-demo"] if demo else [])]
    with context.databases.clone(template) as name, step("Installing our addons") as progress:
        context.runner.run(name, *words, log=state.log("install"), progress=progress)
        _remember(context, name, demo)


def _remember(context, name, demo):
    """Keep a copy of a database for the stages that follow, if it has all our addons."""
    query = "SELECT name FROM ir_module_module WHERE state = 'installed' AND name = ANY(%s)"
    if len(context.databases.server.rows(query, [context.house.addons], name)) < len(context.house.addons):
        return
    kept = f"after_sales_run_{os.getpid()}_kept{'_demo' if demo else ''}"
    context.databases.drop(kept)
    context.databases.copy(name, kept)
    context.kept[demo] = kept
