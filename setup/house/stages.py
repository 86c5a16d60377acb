"""What setup/test runs, one function a stage. A stage returns an `Outcome`; a stage that cannot run has failed."""

import copy
import dataclasses

from . import addons, database, leftovers, log_check, others, state
from .running import (
    Outcome,
    counted,
    installed,
    remember,
    run_odoo,
    run_pytest,
    run_root_tests,
    run_tool,
    run_uninstall,
    summed,
)
from .selection import tags

STATIC_TESTS = "tests/test_house.py"
BROWSER_TESTS = "tests/test_browser.py"  # in the addons: the classes tagged ``browser``
PROCESS_TESTS = ("tests/test_processes.py", "tests/test_processes_cost.py")
NEIGHBOURS = ("point_of_sale", "sale_mrp", "stock_dropshipping")
NEIGHBOUR_TESTS = "tests/neighbours.py"
# All of test_lint but what needs eslint or a pylint of its own (our odoo_style stage is a stricter pylint).
LINT_TAGS = "/test_lint," + ",".join(
    f"-/test_lint:{name}"
    for name in ("TestGetTextLint", "TestSqlLint", "TestI18nChecks", "TestESLint", "TestPyLint")
)


# --- without a database ---------------------------------------------------------------------------------------------


def style(context):
    """ruff: its formatter, then the rules of pyproject.toml."""
    ruff = context.house.python.parent / "ruff"
    formatted = run_tool(context, "ruff", [ruff, "format", "--quiet", "--diff", "."])
    checked = run_tool(context, "ruff", [ruff, "check", "--quiet", "--output-format", "concise", "."])
    return formatted if formatted.failed else checked


def odoo_style(context):
    """pylint-odoo, its mandatory set."""
    return run_tool(
        context,
        "pylint",
        [context.house.python, "-m", "pylint", "--rcfile=pyproject.toml", *addons.manifests()],
    )


def guard(context):
    """The architecture guard and every other test that needs no database."""
    return run_pytest(context, "guard", [STATIC_TESTS, "-p", "no:odoo"])


# --- with one -------------------------------------------------------------------------------------------------------


def together(context):
    """Install our addons together, with demo data, and run the tests that belong to the installation of each."""
    template = context.databases.template(database.demo_recipe(context.names))
    with context.locks[True], context.databases.clone(template) as name:
        words = ["-i", ",".join(context.names), "--with-demo", "--test-tags", tags(context.names)]
        words[-1] = "at_install" + words[-1].replace(",", ",at_install")
        outcome = run_odoo(context, name, "together", *words)
        remember(context, name, demo=True)
    return outcome


def beside_the_others(addon):
    """Return the stage that runs an addon's tests in a database with all our addons and demo data.

    Those of its installation ran in `together`; Odoo would repeat them here, without the addons above in its registry.
    """

    def tests(context):
        with context.databases.clone(installed(context, demo=True)) as name:
            words = ["--test-tags", f"post_install/{addon},-browser"]
            return run_odoo(context, name, f"tests-{addon}", *words, tested=[addon])

    tests.__name__ = addon
    return tests


def in_browser(context):
    """What Chromium does: the tours of the addons, and the pages a person sees first."""
    with context.databases.clone(installed(context, demo=True)) as name:
        words = ["--test-tags", "browser" + tags(context.names).replace(",", ",browser")]
        tours = run_odoo(context, name, "tours", *words)
    with context.databases.clone(installed(context)) as name:
        pages = run_root_tests(context, name, [BROWSER_TESTS])
    return summed(tours, pages)


in_browser.exclusive = True  # a loaded machine makes it time out


def upgrade(context):
    """Update every addon (-u) in the database with all of them."""
    with context.databases.clone(installed(context)) as name:
        return run_odoo(context, name, "upgrade", "-u", ",".join(context.names))


def uninstall(context):
    """Uninstall every addon, leaves first, and find nothing left behind."""
    with context.databases.clone(context.databases.template(database.test_recipe(context.names))) as bare:
        before = leftovers.snapshot(context.databases.server, bare)
    with context.databases.clone(installed(context)) as name:
        return run_uninstall(context, name, context.names, before)


def life_of_glue(context):
    """Add our glue addons to a company that works with the others, update them (-u), take them away again."""
    server, glue = context.databases.server, context.house.glue
    names = addons.with_ours(glue)
    with context.databases.clone(context.databases.template(database.test_recipe(names))) as name:
        others = ",".join(addon for addon in names if addon not in glue)
        context.runner.run(name, "-i", others, "--skip-auto-install", log=state.log("glue-others"))
        before = leftovers.snapshot(server, name)
        added = run_odoo(context, name, "glue-install", "-i", ",".join(glue))
        updated = run_odoo(context, name, "glue-upgrade", "-u", ",".join(glue))
        removed = run_uninstall(context, name, glue, before)
    return summed(added, updated, removed)


def lint(context):
    """Odoo's own test_lint on a database with our addons."""
    with context.databases.clone(installed(context)) as name:
        return run_odoo(context, name, "lint", "-i", "test_lint", "--test-tags", LINT_TAGS, http=False)


def flows(context):
    """The root tests: flows through all addons, HTTP, translations."""
    others = (STATIC_TESTS, BROWSER_TESTS, *PROCESS_TESTS)
    with context.databases.clone(installed(context)) as name:
        return run_root_tests(context, name, ["tests", *(f"--ignore={path}" for path in others)])


def processes(context):
    """Several processes on one database: at once, and killed. What they do stays, so the database is theirs alone."""
    with context.databases.clone(installed(context)) as name:
        return run_root_tests(context, name, PROCESS_TESTS)


def demo(context):
    """The demo company, as setup/demo makes it."""
    glue = addons.glue_beside(context.names, database.demo_recipe(context.names).modules)
    with context.databases.clone(installed(context, demo=True)) as name:
        if glue:
            words = ["-i", ",".join(glue), "--with-demo", "--skip-auto-install"]
            context.runner.run(name, *words, log=state.log("demo-install"))
        log = state.log("company")
        context.databases.live(name, log)
    return counted(Outcome(notes=log_check.findings(log)))


style.static = odoo_style.static = guard.static = True  # these need no database


def full(names, glue):
    """Return every stage, in the order in which two lanes waste least: what others wait for, then the longest."""
    first = [together, style, odoo_style, guard, upgrade]
    tests = [*(beside_the_others(name) for name in names), *([alone(glue)] if glue else [])]
    return [*first, *tests, demo, uninstall, lint, flows, processes, in_browser]


# --- a part, and the matrix -----------------------------------------------------------------------------------------


def chosen(names, selection):
    """Return the stage that tests these addons (and installs those below them)."""

    def part(context):
        if set(names) & set(others.glue(context.house.odoo)):
            context = dataclasses.replace(context, databases=others.furnish(context.databases))
        template = context.databases.template(database.test_recipe(context.house.addons))
        with context.databases.clone(template) as name:
            words = ["-i", ",".join(addons.with_ours(names)), "--test-tags", selection]
            return run_odoo(context, name, "part", *words, tested=names)

    part.__name__ = " ".join(names) if len(names) < 3 else f"{len(names)} addons"
    return part


def root_files(paths, words=()):
    """Return the stage that runs these files of tests/ (with a database only where one is needed)."""

    def files(context):
        if files.static:
            return run_pytest(context, "files", [*paths, "-p", "no:odoo", *words])
        with context.databases.clone(installed(context)) as name:
            return run_root_tests(context, name, [*paths, *words])

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
            return run_odoo(context, name, log_name, *words, tested=tested, auto_install=auto_install)

    single.__name__ = f"{title} alone{' with auto-installed modules' if auto_install else ''}"
    return single


def neighbours(context):
    """Test what our addons follow without depending on it: the till, kits of manufacturing, dropshipping."""
    modules = {*addons.closure(["after_sales_warranty"]), *NEIGHBOURS}
    template = context.databases.template(database.Recipe(tuple(sorted(modules))))
    with context.databases.clone(template) as name:
        words = ["-i", "after_sales_warranty", "--skip-auto-install"]
        context.runner.run(name, *words, log=state.log("neighbours"))
        return run_root_tests(context, name, [NEIGHBOUR_TESTS])


def glue_of_others(context):
    """Test our glue to add-ons of others, which are fetched for it alone; add it, update it, take it away again."""
    glue = others.glue(context.house.odoo)
    house = copy.copy(context.house)
    house.glue = glue
    context = dataclasses.replace(context, house=house, databases=others.furnish(context.databases))
    return summed(alone(glue)(context), life_of_glue(context))
