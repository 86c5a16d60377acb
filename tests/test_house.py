"""What must hold of the sources themselves: no database, no Odoo process (run first by setup/test)."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache

import polib
import pytest
from architecture import CHECKOUT, FOREIGN, PREFIX, House, import_cycle

NAMES = sorted(p.parent.name for p in CHECKOUT.glob(f"{PREFIX}*/__manifest__.py"))
FILES = (
    "readme/DESCRIPTION.md",
    "readme/CONFIGURE.md",
    "readme/USAGE.md",
    "static/description/icon.png",
    "static/description/index.html",
    "pyproject.toml",
    "tests/__init__.py",
)
RIGHTS = "security/ir.model.access.csv"
LANGUAGES = ("it", "ru")
DESIGN = {  # design.md: whom of ours each addon stands on
    "after_sales_warranty": set(),
    "after_sales_contract": {"after_sales_warranty"},
    "after_sales_helpdesk": {"after_sales_contract"},
    "after_sales_billing": {"after_sales_helpdesk"},
    "after_sales_complaint": {"after_sales_helpdesk"},
    "after_sales_kpi": {"after_sales_billing", "after_sales_complaint"},
    "after_sales_timesheet": {"after_sales_helpdesk"},
    "after_sales_sale_timesheet": {"after_sales_timesheet"},
    "after_sales_purchase": {"after_sales_billing"},
    "after_sales_l10n_it": {"after_sales_billing"},
    "after_sales_queue_job": {"after_sales_billing"},
}
each_addon = pytest.mark.parametrize("name", NAMES)


@cache
def house():
    return House()


# --- the architecture -----------------------------------------------------------------------------------------------


@each_addon
def test_names_nothing_outside_its_dependency_closure(name):
    violations = house().violations(name)
    assert not violations, "\n".join(violations)


def test_no_circle_of_imports():
    assert import_cycle(house()) is None


@pytest.mark.parametrize("name", DESIGN)
def test_stands_on_what_the_design_says(name):
    assert name in NAMES, f"{name} is missing"
    depends = {d for d in house().ours[name].depends if d.startswith(PREFIX)}
    assert DESIGN[name] <= depends, f"{name} should depend on {DESIGN[name]}, and depends on {depends}"
    allowed = set().union(*(house().closure(d) for d in DESIGN[name])) if DESIGN[name] else set()
    assert depends <= allowed | DESIGN[name]


PLANTED = {
    "import": ("models/planted.py", "from odoo.addons.crm.models import crm_lead\n"),
    "model": ("models/planted.py", 'def f(self):\n    return self.env["crm.lead"]\n'),
    "unknown model": ("models/planted.py", 'def f(self):\n    return self.env["after.sales.nowhere"]\n'),
    "comodel": ("models/planted.py", 'from odoo import fields\nx = fields.Many2one("crm.lead")\n'),
    "inherit": ("models/planted.py", 'class A:\n    _inherit = "crm.lead"\n'),
    "xmlid": ("models/planted.py", 'def f(self):\n    return self.env.ref("crm.crm_lead_view_form")\n'),
    "group": (
        "models/planted.py",
        'from odoo import fields\nx = fields.Char(groups="base.group_user,crm.group_x")\n',
    ),
    "view": (
        "views/planted.xml",
        '<odoo><record id="x" model="ir.ui.view"><field name="inherit_id" ref="crm.y"/></record></odoo>',
    ),
    "widget": ("views/planted.xml", '<odoo><field name="x" widget="res_partner_many2one"/></odoo>'),
    "record": ("views/planted.xml", '<odoo><record id="x" model="crm.lead"/></odoo>'),
    "eval": ("views/planted.xml", '<odoo><field name="x" eval="[(4, ref(\'crm.y\'))]"/></odoo>'),
    "menu": (
        "views/planted.xml",
        '<odoo><menuitem id="x" parent="crm.crm_menu_root" groups="base.group_user"/></odoo>',
    ),
    "access": ("security/planted.csv", "id,name,model_id:id\nx,x,crm.model_crm_lead\n"),
    "upward": ("models/planted.py", 'def f(self):\n    return self.env["after.sales.contract"]\n'),
    "script": ("static/planted.js", 'import { x } from "@crm/y";\n'),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_the_guard_sees_a_planted_violation(kind, tmp_path):
    shutil.copytree(CHECKOUT / "after_sales_warranty", tmp_path / "after_sales_warranty")
    shutil.copytree(CHECKOUT / "after_sales_contract", tmp_path / "after_sales_contract")
    clean = House(tmp_path).violations("after_sales_warranty")
    path, text = PLANTED[kind]
    (tmp_path / "after_sales_warranty" / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "after_sales_warranty" / path).write_text(text)
    found = set(House(tmp_path).violations("after_sales_warranty")) - set(clean)
    assert found and all("planted" in line for line in found)


def test_the_guard_sees_a_planted_circle(tmp_path):
    shutil.copytree(CHECKOUT / "after_sales_warranty", tmp_path / "after_sales_warranty")
    tools = tmp_path / "after_sales_warranty" / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "planted_a.py").write_text("from . import planted_b\n")
    (tools / "planted_b.py").write_text("from odoo.addons.after_sales_warranty.tools.planted_a import x\n")
    assert "after_sales_warranty.tools.planted_a" in import_cycle(House(tmp_path))


# --- the addons as packages -----------------------------------------------------------------------------------------


@each_addon
def test_manifest(name):
    manifest = house().ours[name].manifest
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", manifest["version"])
    assert manifest["license"] == "LGPL-3"
    assert manifest["name"] and manifest["summary"] and manifest["author"] and manifest["category"]
    for path in [*manifest.get("data", ()), *manifest.get("demo", ())]:
        assert (CHECKOUT / name / path).exists(), path


@each_addon
def test_required_files(name):
    own = [] if house().ours[name].manifest.get("auto_install") else [RIGHTS]  # glue has no models of its own
    missing = [path for path in [*FILES, *own] if not (CHECKOUT / name / path).exists()]
    assert not missing


@each_addon
def test_every_data_file_is_loaded(name):
    """A view that is in no manifest is dead."""
    manifest = house().ours[name].manifest
    listed = {*manifest.get("data", ()), *manifest.get("demo", ())}
    folders = ("views", "security", "data", "demo", "wizard", "report")
    found = {
        str(p.relative_to(CHECKOUT / name))
        for f in folders
        for p in (CHECKOUT / name / f).glob("*.[xc][ms][lv]")
    }
    assert not found - listed


@each_addon
def test_package(name):
    project = tomllib.loads((CHECKOUT / name / "pyproject.toml").read_text())
    assert project["build-system"]["build-backend"] == "whool.buildapi"


@each_addon
def test_translations_are_complete(name):
    template = _entries(CHECKOUT / name / "i18n" / f"{name}.pot")
    assert template, "the .pot holds nothing"
    for language in LANGUAGES:
        entries = _entries(CHECKOUT / name / "i18n" / f"{language}.po")
        assert set(entries) == set(template), f"{language}.po does not match the .pot"
        open_entries = [text for text, entry in entries.items() if not entry.translated() or entry.fuzzy]
        assert not open_entries, f"{language}.po: {len(open_entries)} not translated, e.g. {open_entries[:3]}"
        for text, entry in entries.items():
            assert _placeholders(text) == _placeholders(entry.msgstr), (
                f"{language}.po: placeholders of {text!r}"
            )


def _entries(path):
    assert path.exists(), f"{path.name} is missing: setup/translate writes it"
    return {entry.msgid: entry for entry in polib.pofile(str(path)) if not entry.obsolete}


def _placeholders(text):
    return sorted(re.findall(r"%(?:\(\w+\))?[sdf]", text))


# --- the house ------------------------------------------------------------------------------------------------------


def test_the_hooks_use_the_pinned_tools():
    pinned = set((CHECKOUT / "requirements.txt").read_text().split())
    hooks = re.findall(r"[\w-]+==[\d.]+", (CHECKOUT / ".pre-commit-config.yaml").read_text())
    assert hooks and not set(hooks) - pinned


def test_scripts_name_no_host_and_no_path_of_a_machine():
    words = re.compile(r"deb\.debian\.org|pypi\.org|npmjs|/tmp/probe|/work/main|/root/")
    for path in [*CHECKOUT.glob("setup/**/*"), *CHECKOUT.glob(".ci/*")]:
        if path.is_file() and "__pycache__" not in path.parts:
            assert not words.search(path.read_text()), path


@each_addon
def test_what_drives_a_browser_says_so(name):
    """setup/test runs the classes tagged ``browser`` with nothing beside them, the others side by side."""
    for path in (CHECKOUT / name / "tests").glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            text = ast.unparse(node)
            if isinstance(node, ast.ClassDef) and re.search(r"\.(start_tour|browser_js)\(", text):
                assert "'browser'" in text.partition("class ")[0], f"{path.name}: {node.name}"


LANES = """
import sys, time
sys.path.insert(0, sys.argv[1])
from house import lanes, running
from house.console import Stop
lanes.LANES, alive, seen = 2, [], {}
def stage(name, seconds, exclusive=False, stop=False):
    def work(context):
        alive.append(name)
        time.sleep(seconds)
        seen[name] = list(alive)
        alive.remove(name)
        if stop:
            raise Stop("planted")
        return running.Outcome(passed=1)
    work.__name__, work.exclusive = name, exclusive
    return work
wanted = [stage("alone", 0.1, exclusive=True), stage("a", 0.6), stage("b", 0.3, stop=True), stage("c", 0.1)]
results = [(title, outcome.passed, outcome.failed) for title, outcome, _ in lanes.run_all(wanted, None)]
assert results == [("alone", 1, 0), ("a", 1, 0), ("b", 0, 1), ("c", 1, 0)], results
assert set(seen["b"]) == {"a", "b"} and seen["alone"] == ["alone"], seen
"""


def test_stages_run_side_by_side_and_those_that_need_the_machine_alone():
    command = [sys.executable, "-c", LANES, str(CHECKOUT / "setup")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert not done.returncode, done.stdout + done.stderr


def test_add_ons_of_others_are_named_where_the_house_looks_for_them():
    """What glue depends on beside Odoo is known to the guard and can be fetched for its tests."""
    named = {d for addon in house().ours.values() for d in addon.depends} & set(FOREIGN)
    code = f"import sys; sys.path.insert(0, {str(CHECKOUT / 'setup')!r})\nfrom house import others\n"
    done = subprocess.run(
        [sys.executable, "-c", code + "print(*others.PACKAGES)"], capture_output=True, text=True
    )
    assert set(done.stdout.split()) == named == set(FOREIGN), done.stderr


def test_commands_start_in_a_python_that_has_nothing_installed():
    """Before the environment is made there is only the system's Python."""
    code = f"import sys; sys.path.insert(0, {str(CHECKOUT / 'setup')!r})\n" + "".join(
        f"import house.{path.stem}\n" for path in sorted((CHECKOUT / "setup" / "house").glob("[a-z]*.py"))
    )
    done = subprocess.run([sys._base_executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert not done.returncode, done.stderr
