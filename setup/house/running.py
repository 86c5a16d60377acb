"""How a stage is run: what the stages share, their tools, and what counts as passed."""

import os
import re
import subprocess
import threading
import time
import traceback
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field

from . import browser, database, leftovers, log_check, state
from .console import Stop, run, say, step
from .python import environ
from .selection import http_tests

SUMMARY = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
SKIPPED = re.compile(r" skipped (\S+) : (.*)")
TIMES = re.compile(r"odoo\.tests\.stats: (\w+): (\d+) tests ([\d.]+)s")
SHOWN = 40  # lines of trouble a stage shows; the log has all


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


def counted(outcome):
    """A check without tests of its own is one test; trouble beside passed tests is one failure."""
    if outcome.notes and not outcome.failed:
        outcome.failed = 1
    if not outcome.passed and not outcome.failed:
        outcome.passed = 1
    return outcome


def summed(*outcomes):
    """Return one outcome for the parts of a stage."""
    return Outcome(
        sum(outcome.passed for outcome in outcomes),
        sum(outcome.failed for outcome in outcomes),
        [note for outcome in outcomes for note in outcome.notes],
    )


def run_uninstall(context, name, names, before):
    """Uninstall addons, leaves first, and compare the database with what it was before them."""
    log = state.log("uninstall")
    with step("Uninstalling our addons one by one") as progress:
        try:
            context.runner.script(name, leftovers.uninstall_script(names), log, progress)
        except Stop as stop:
            return Outcome(failed=1, notes=[str(stop)])
    after = leftovers.snapshot(context.databases.server, name)
    return counted(Outcome(notes=log_check.findings(log) + leftovers.differences(before, after)))


def run_tool(context, title, command):
    done = subprocess.run(
        [str(c) for c in command], cwd=state.CHECKOUT, env=environ(), capture_output=True, text=True
    )
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    if done.returncode and not lines:
        lines = [f"{title} failed with code {done.returncode}"]
    return counted(Outcome(notes=lines if done.returncode else []))


def run_odoo(context, name, title, *words, http=True, tested=None, auto_install=False):
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
        outcome.passed += max(int(total) - int(failed) - int(errors), 0)  # each failed part of a test counts
    if testing and not outcome.passed and not outcome.failed:
        outcome.notes.append("no test ran")
    if code and not outcome.notes and not outcome.failed:
        outcome.notes.append(f"Odoo ended with code {code}")
    skipped = [f"skipped: {test} ({reason})" for test, reason in sorted(set(SKIPPED.findall(text)))]
    outcome.notes += skipped  # a test that nobody runs proves nothing
    if outcome.notes or outcome.failed:
        say(f"  the whole log: {log}")
    return counted(outcome)


def run_pytest(context, title, words):
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
    return counted(Outcome(total - failed, failed, notes))


def run_root_tests(context, name, words):
    browser.require()
    log = state.log("root-odoo")
    config = context.runner.config(db_name=name, http_port=0, logfile=log)
    options = ["--odoo-config", config, "--odoo-database", name, "--odoo-http", "--odoo-log-level", "warn"]
    outcome = run_pytest(context, "root", [*words, *map(str, options)])
    outcome.notes += log_check.findings(log) if log.exists() else []
    return counted(outcome)


def installed(context, demo=False):
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
        remember(context, name, demo)


def remember(context, name, demo):
    """Keep a copy of a database for the stages that follow, if it has all our addons."""
    query = "SELECT name FROM ir_module_module WHERE state = 'installed' AND name = ANY(%s)"
    if len(context.databases.server.rows(query, [context.house.addons], name)) < len(context.house.addons):
        return
    kept = f"after_sales_run_{os.getpid()}_kept{'_demo' if demo else ''}"
    context.databases.drop(kept)
    context.databases.copy(name, kept)
    context.kept[demo] = kept
