"""The Python that runs Odoo: a virtual environment from requirements.txt that also sees the Odoo tree."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import machine, state
from .console import Stop, run, step

PASSWORD = "AFTER_SALES_DB_PASSWORD"  # PGPASSWORD, kept from our children
VERSIONS = ((3, 11), (3, 13))  # what Odoo 19 runs on and the pins of requirements.txt are made for


def environ():
    """Return the variables for what we start: hermetic, and allowed to keep compiled files."""
    drop = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "ODOO_RC", "OPENERP_SERVER")
    kept = {k: v for k, v in os.environ.items() if k not in drop and not k.startswith("PG")}
    return {"CI": "1"} | kept | {"PYTHONUNBUFFERED": "1"}  # CI: hypothesis tries the same cases in every run


def get(odoo):
    """Return the interpreter of the environment for this Odoo and these requirements."""
    requirements = state.CHECKOUT / "requirements.txt"
    base = _base()
    parts = requirements.read_text(), str(odoo.modules), str(base), _version(base)

    def make(folder):
        log = state.log("python")
        with step("Making the Python environment") as progress:
            if run([base, "-m", "venv", str(folder)], log, check=False):
                machine.require(lambda: _ensurepip(base), "python3-venv", "the venv module of Python")
                shutil.rmtree(folder / "lib", ignore_errors=True)
                run([base, "-m", "venv", str(folder)], log)
            _show_odoo(folder, odoo)
            # --no-deps: the file pins all there is, and Odoo asks for psycopg2 by the name that needs a compiler
            command = [
                folder / "bin/python",
                "-m",
                "pip",
                "install",
                "--no-deps",
                "--no-input",
                "-r",
                requirements,
            ]
            run([str(c) for c in command], log, progress, _watch, env=environ())
        return {"requirements": state.key(requirements.read_text())}

    return state.build(f"python-{state.key(*parts)}", make, gigabytes=1) / "bin/python"


def enter(python):
    """Go on in the environment's interpreter (same script, same arguments)."""
    if Path(sys.executable) != python:
        password = {PASSWORD: os.environ["PGPASSWORD"]} if "PGPASSWORD" in os.environ else {}
        os.execve(python, [str(python), *sys.argv], environ() | password)


def _base():
    """Return a Python that Odoo runs on and that can make environments."""
    here = os.path.realpath(
        getattr(sys, "_base_executable", sys.executable)
    )  # the same before and after `enter`
    names = [here] + [shutil.which(f"python3.{minor}") for minor in (11, 12, 13)]
    for name in filter(None, names):
        if VERSIONS[0] <= tuple(_version(name)) <= VERSIONS[1]:
            return name
    raise Stop(
        "Python 3.11, 3.12 or 3.13 is needed, and none of them is here; run as root: apt-get install python3"
    )


def _version(name):
    code = "import sys; print(*sys.version_info[:2])"
    return [int(n) for n in subprocess.run([name, "-c", code], capture_output=True, text=True).stdout.split()]


def _ensurepip(base):
    return not subprocess.run([base, "-c", "import ensurepip, venv"], capture_output=True).returncode


def _show_odoo(folder, odoo):
    """Make Odoo importable and visible to pip, as ``odoo==19.0`` in requirements.txt and our addons want it."""
    site = next((folder / "lib").glob("python3*/site-packages"))
    (site / "odoo-tree.pth").write_text(f"{odoo.modules}\n")
    if not list(odoo.modules.glob("odoo-*.egg-info")):
        info = site / "odoo-19.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n")
        (info / "INSTALLER").write_text("after-sales\n")
        (info / "RECORD").write_text("")


def _watch(line):
    words = line.split()
    return (
        words[1].split("=")[0]
        if len(words) > 1 and words[0] in ("Collecting", "Building", "Downloading")
        else None
    )
