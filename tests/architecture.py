"""The guard of the house: which module, model and xmlid an addon names, and whether it may.

An addon may name what its dependency closure holds and nothing else. Everything is read from the sources; nothing is
imported and no database is needed. `violations` returns one line for each name out of bounds.
"""

import ast
import csv
import graphlib
import importlib.util
import re
import xml.etree.ElementTree as xml
from functools import cache, cached_property
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PREFIX = "after_sales_"
MODEL = re.compile(r"^[a-z_][a-z0-9_]*(\.[a-z0-9_]+)+$")
XMLID = re.compile(r"^!?([a-z][a-z0-9_]*)\.[A-Za-z0-9_.\-]+$")
REF_CALL = re.compile(r"""\bref\(\s*['"]([^'"]+)['"]""")
ACTION_REF = re.compile(r"%\(([a-z0-9_]+\.[A-Za-z0-9_.\-]+)\)d")
WIDGET = re.compile(
    r"""(?:\.add|registerField)\(\s*["'](?:\w+\.)?(\w+)["']"""
)  # into a registry of the web client
JS_IMPORT = re.compile(r"""(?:from|import|require\()\s*["']@([a-z0-9_]+)/""")
XMLID_ATTRIBUTES = (
    "ref",
    "inherit_id",
    "parent",
    "action",
    "groups",
    "t-call",
    "t-inherit",
    "t-call-assets",
    "id",
)
XMLID_CALLS = (
    "ref",
    "has_group",
    "has_groups",
    "_for_xml_id",
    "_xmlid_to_res_id",
    "_xmlid_lookup",
    "user_has_groups",
)
# what `_name = ` and `_inherit = ` say in Odoo's own files, fast
CLASS = re.compile(r"^class \w+.*$", re.M)
NAME = re.compile(r"""^    _name\s*=\s*['"]([^'"]+)['"]""", re.M)
INHERIT = re.compile(r"""^    _inherit\s*=\s*(\[[^\]]*\]|\([^)]*\)|['"][^'"]+['"])""", re.M)


def odoo_addons():
    """Return the folders of Odoo's own addons."""
    places = importlib.util.find_spec("odoo").submodule_search_locations
    found = [Path(place) / "addons" for place in places] + [Path(place).parent / "addons" for place in places]
    return [folder for folder in dict.fromkeys(found) if list(folder.glob("*/__manifest__.py"))]


class Foreign:
    """An add-on of others that glue of ours is for. It is not here to be read: this is what we know and use of it."""

    def __init__(self, name, depends, defined):
        self.name, self.depends, self.defined, self.widgets = name, depends, defined, frozenset()


FOREIGN = {
    "queue_job": Foreign(
        "queue_job", ["base_sparse_field", "mail"], {"queue.job", "queue.job.channel", "queue.job.function"}
    ),
}


class Addon:
    """One addon's manifest and files."""

    def __init__(self, path):
        self.path, self.name = path, path.name
        self.manifest = ast.literal_eval((path / "__manifest__.py").read_text())
        self.depends = self.manifest.get("depends", ["base"]) if self.name != "base" else []

    def files(self, *suffixes):
        return [
            p for p in sorted(self.path.rglob("*")) if p.suffix in suffixes and "node_modules" not in p.parts
        ]

    @cached_property
    def defined(self):
        """Return the models this addon brings into the world (those it only extends are another's)."""
        found = set()
        for path in self.files(".py"):
            text = path.read_text(errors="replace")
            if "_name" in text:
                found.update(model for block in CLASS.split(text)[1:] for model in _defined(block))
        return found

    @cached_property
    def widgets(self):
        """Return the names that this addon puts into the registries of the web client, widgets among them."""
        return {
            name
            for path in (self.path / "static" / "src").rglob("*.js")
            for name in WIDGET.findall(path.read_text(errors="replace"))
        }


def _defined(block):
    name, inherit = NAME.search(block), INHERIT.search(block)
    if name and not (inherit and re.search(rf"""['"]{re.escape(name[1])}['"]""", inherit[1])):
        yield name[1]


class House:
    """All addons there are: Odoo's, those of others and ours (``ours`` is the folder that holds them)."""

    def __init__(self, ours=CHECKOUT):
        self.ours = {p.parent.name: Addon(p.parent) for p in sorted(ours.glob(f"{PREFIX}*/__manifest__.py"))}
        self.all = FOREIGN | _odoo() | self.ours

    @cached_property
    def definers(self):
        """Return {model: names of the addons that define it}."""
        return self._makers("defined")

    @cached_property
    def widget_makers(self):
        """Return {widget: names of the addons that bring it}."""
        return self._makers("widgets")

    def _makers(self, what):
        result = {thing: set(names) for thing, names in _odoo_makers(what).items()}
        return _add_makers(result, self.ours, what)

    def closure(self, name, seen=None):
        seen = set() if seen is None else seen
        if name not in seen and name in self.all:
            seen.add(name)
            for other in [*self.all[name].depends, "base"]:
                self.closure(other, seen)
        return seen

    def violations(self, name):
        """Return a line for each thing that an addon names and may not."""
        addon, allowed = self.ours[name], self.closure(name)
        lines = [
            f"{name}/__manifest__.py: depends on {d}, which does not exist"
            for d in addon.depends
            if d not in self.all
        ]
        for path in addon.files(".py", ".xml", ".csv", ".js"):
            where = f"{name}/{path.relative_to(addon.path)}"
            for kind, value, line in mentions(path):
                problem = self._problem(kind, value, allowed)
                if problem:
                    lines.append(f"{where}:{line}: {problem}")
        return lines

    def _problem(self, kind, value, allowed):
        if kind == "module":
            if value not in allowed:
                return f"imports or names the module {value}, which is not in its dependency closure"
        elif kind == "xmlid":
            module = XMLID.match(value)
            if module and module[1] in self.all and module[1] not in allowed:
                return f"names {value}, whose module is not in its dependency closure"
        elif kind == "widget":
            makers = self.widget_makers.get(value, set())
            if not makers & allowed:
                return f"names the widget {value} of {', '.join(sorted(makers)) or 'nobody'}, not in its dependency closure"
        elif value in self.definers:
            if not self.definers[value] & allowed:
                return f"names the model {value} of {', '.join(sorted(self.definers[value]))}, not in its dependency closure"
        elif kind == "needed model":
            return f"names the model {value}, which nothing defines"
        return None


@cache
def _odoo():
    """Return {name: Addon} of Odoo's own addons; of two copies the first, a later one may hold Python only."""
    folders = reversed(odoo_addons())
    return {p.parent.name: Addon(p.parent) for folder in folders for p in folder.glob("*/__manifest__.py")}


@cache
def _odoo_makers(what):
    return _add_makers({}, FOREIGN | _odoo(), what)


def _add_makers(result, addons, what):
    for addon in addons.values():
        for thing in getattr(addon, what):
            result.setdefault(thing, set()).add(addon.name)
    return result


# --- what a file names: (kind, value, line), kind is module, xmlid, widget, model or needed model -------------------


def mentions(path):
    if path.name == "__manifest__.py":
        return list(_manifest(path))
    readers = {".py": _python, ".xml": _xml, ".csv": _csv, ".js": _js}
    return list(readers[path.suffix](path))


def _manifest(path):
    for bundle, assets in ast.literal_eval(path.read_text()).get("assets", {}).items():
        yield "module", bundle.split(".")[0], 1
        for asset in assets:
            for one in [asset] if isinstance(asset, str) else asset[1:]:
                if "/" in one:
                    yield "module", one.lstrip("/").split("/")[0], 1


def _python(path):
    for node in ast.walk(ast.parse(path.read_text())):
        line = getattr(node, "lineno", 0)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (("module", module, line) for module in _imported(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and MODEL.match(node.value):
            yield "model", node.value, line
        elif isinstance(node, ast.Subscript) and _is_env(node.value) and isinstance(node.slice, ast.Constant):
            yield "needed model", node.slice.value, line
        elif isinstance(node, ast.Call):
            yield from _call(node, line)


def _imported(node):
    if isinstance(node, ast.ImportFrom) and node.module == "odoo.addons" and not node.level:
        return [alias.name for alias in node.names]
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    absolute = not getattr(node, "level", 0)
    return [name.split(".")[2] for name in names if absolute and name.startswith("odoo.addons.")]


def _is_env(node):
    return (isinstance(node, ast.Name) and node.id == "env") or (
        isinstance(node, ast.Attribute) and node.attr == "env"
    )


def _call(node, line):
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if name in XMLID_CALLS and texts:
        yield from (("xmlid", value.strip(), line) for value in texts[0].split(","))
    for keyword in node.keywords:
        if (
            keyword.arg == "groups"
            and isinstance(keyword.value, ast.Constant)
            and isinstance(keyword.value.value, str)
        ):
            yield from (("xmlid", value.strip(), line) for value in keyword.value.value.split(","))
    if name in ("Many2one", "One2many", "Many2many") and texts and MODEL.match(texts[0]):
        yield "needed model", texts[0], line


def _xml(path):
    for number, element in _elements(path):
        for attribute, value in element.attrib.items():
            if attribute in XMLID_ATTRIBUTES and (attribute != "id" or "." in value):
                yield from (("xmlid", part.strip(), number) for part in value.split(","))
            if attribute == "widget":
                yield "widget", value, number
            if attribute == "web_icon":
                yield "module", value.split(",")[0], number
            if MODEL.match(value):
                yield "model", value, number
            yield from (
                ("xmlid", found, number) for found in REF_CALL.findall(value) + ACTION_REF.findall(value)
            )
        text = (element.text or "").strip()
        if MODEL.match(text):
            yield "model", text, number
        yield from (("xmlid", found, number) for found in REF_CALL.findall(text))


def _elements(path):
    """Yield (line, element) of an XML file."""
    parser, elements = xml.XMLPullParser(["start", "end"]), []
    for number, line in enumerate(path.read_text().splitlines(keepends=True), 1):
        parser.feed(line)
        for event, element in parser.read_events():
            if event == "start":
                elements.append((number, element))
    return elements


def _csv(path):
    with path.open(newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            for column, value in row.items():
                if column and (column.endswith(":id") or column.endswith("/id") or column == "id"):
                    yield from (("xmlid", part.strip(), number) for part in (value or "").split(","))


def _js(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        yield from (("module", name, number) for name in JS_IMPORT.findall(line) if name != "odoo")


# --- import cycles --------------------------------------------------------------------------------------------------


def import_cycle(house):
    """Return the first circle of imports between the files of our addons, or None.

    What an ``__init__`` imports for its effect does not count; a file that imports a name *from* a package does.
    """
    files = {}
    for addon in house.ours.values():
        for path in addon.files(".py"):
            parts = (addon.name, *path.relative_to(addon.path).with_suffix("").parts)
            files[parts[:-1] if parts[-1] == "__init__" else parts] = path
    graph = {}
    for parts, path in files.items():
        if path.name != "__init__.py":
            graph[parts] = {target for target in _targets(parts, path, files) if target != parts}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return [".".join(parts) for parts in error.args[1]]
    return None


def _targets(parts, path, files):
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom):
            continue
        base = tuple((node.module or "").split(".")) if node.module else ()
        if node.level:
            base = parts[: len(parts) - node.level] + base
        elif base[:2] == ("odoo", "addons"):
            base = base[2:]
        else:
            continue
        for alias in node.names:
            for target in ((*base, alias.name), base):
                if target in files and files[target].name != "__init__.py":
                    yield target
                    break
