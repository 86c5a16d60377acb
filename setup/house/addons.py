"""Our addons as their manifests tell: order, dependency closure, what can be installed here."""

import ast
import graphlib
from functools import cache

from .console import Stop, say
from .state import CHECKOUT

PREFIX = "after_sales_"


def read_manifest(path):
    try:
        return ast.literal_eval(path.read_text())
    except (ValueError, SyntaxError) as error:
        raise Stop(f"{path} is no valid manifest: {error}") from error


@cache
def manifests():
    """Return {name: manifest} of our installable addons, each after the ones it depends on."""
    found = {
        path.parent.name: read_manifest(path) for path in sorted(CHECKOUT.glob(f"{PREFIX}*/__manifest__.py"))
    }
    found = {name: manifest for name, manifest in found.items() if manifest.get("installable", True)}
    for name, manifest in found.items():
        for other in manifest.get("depends", ()):
            if other.startswith(PREFIX) and other not in found:
                raise Stop(f"{name} depends on {other}, which is not in {CHECKOUT}")
    order = graphlib.TopologicalSorter(
        {name: [d for d in manifest.get("depends", ()) if d in found] for name, manifest in found.items()}
    )
    try:
        return {name: found[name] for name in order.static_order()}
    except graphlib.CycleError as error:
        raise Stop("our addons depend on each other in a circle: " + " -> ".join(error.args[1])) from error


def with_ours(names):
    """Return ``names`` and the addons of ours below them, lowest first."""
    wanted = set(names)
    for name in reversed(manifests()):
        if name in wanted:
            wanted.update(d for d in manifests()[name].get("depends", ()) if d in manifests())
    return [name for name in manifests() if name in wanted]


def closure(names):
    """Return the modules of Odoo that ``names`` name in their manifests: what a template database holds."""
    ours = with_ours(names)
    return sorted(
        {d for name in ours for d in manifests()[name].get("depends", ()) if d not in manifests()} or {"base"}
    )


def is_glue(name):
    """Tell whether an addon of ours installs itself beside an app that many companies do not run."""
    return bool(manifests()[name].get("auto_install"))


def glue_beside(names, modules):
    """Return our glue that installs itself where these addons of ours are beside these modules of Odoo."""
    there = {*names, *modules}
    return [name for name in manifests() if is_glue(name) and there.issuperset(manifests()[name]["depends"])]


def available(odoo):
    """Return our addons whose dependencies exist here, lowest first; say which do not (glue to an add-on of others)."""
    names = []
    for name, manifest in manifests().items():
        missing = [d for d in manifest.get("depends", ()) if d not in names and not odoo.has_module(d)]
        if missing:
            say(f"left out: {name} (needs {', '.join(missing)})")
        else:
            names.append(name)
    return names
