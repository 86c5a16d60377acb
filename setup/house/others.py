"""Add-ons of others that glue of ours is for. They are fetched for what asks for them (the matrix, the translations of
that glue), into a folder of their own: nothing else needs them or sees them.
"""

import dataclasses

from . import addons, state
from .console import Stop, run, step
from .python import environ

# module of Odoo: what PyPI has it as, and what it needs beside the libraries of Odoo
PACKAGES = {"queue_job": ("odoo-addon-queue-job==19.0.2.4.0.1", "openupgradelib==3.13.7")}


def glue(odoo):
    """Return our addons that wait for an add-on of others which can be fetched."""
    return [
        name
        for name, manifest in addons.manifests().items()
        if any(d in PACKAGES and not odoo.has_module(d) for d in manifest.get("depends", ()))
    ]


def furnish(databases):
    """Return the databases with an Odoo that has the add-ons of others too."""
    runner = databases.runner
    folder = _fetch(runner.python) / "lib"
    odoo = dataclasses.replace(runner.odoo, addons=(*runner.odoo.addons, folder / "odoo" / "addons"))
    missing = [name for name in PACKAGES if not odoo.has_module(name)]
    if missing:
        raise Stop(f"{folder} lacks {', '.join(missing)}; delete it and try again")
    return type(databases)(dataclasses.replace(runner, odoo=odoo, libraries=folder))


def _fetch(python):
    packages = [package for wanted in PACKAGES.values() for package in wanted]

    def make(folder):
        command = [python, "-m", "pip", "install", "--no-deps", "--no-input", "--upgrade", "--target"]
        with step("Fetching the add-ons of others"):
            run([str(c) for c in (*command, folder / "lib", *packages)], state.log("others"), env=environ())
        return {"packages": packages}

    return state.build(f"others-{state.key(packages, str(python))}", make, gigabytes=0.1)
