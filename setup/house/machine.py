"""Programs of the machine: what we need, the Debian package that has it, and how a person gets it."""

import os
import shutil

from . import state
from .console import Stop, run, step


def is_root():
    return os.geteuid() == 0


def has_apt():
    return bool(shutil.which("apt-get") and shutil.which("dpkg"))


def require(found, package, why):
    """Return ``found()``, what it finds after installing ``package`` as root with apt, or stop with the way to get it."""
    result = found()
    if result:
        return result
    if is_root() and has_apt():
        install(package)
        result = found()
        if result:
            return result
    hint = f"run as root: apt-get install {package}" if has_apt() else f"install what Debian calls {package}"
    raise Stop(f"{why} is missing; {hint}")


def install(package):
    """Install a Debian package (we are root); the lists are fetched once when the machine has none."""
    log, environ = state.log("apt"), os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Installing the Debian package {package}") as progress, state.lock("apt"):
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *package.split()]
        if run(command, log, progress, _watch, check=False, env=environ):
            run(["apt-get", "update", "-q"], log, progress, _watch, check=False, env=environ)
            run(command, log, progress, _watch, env=environ)


def _watch(line):
    words = line.split()
    return " ".join(words[:2]) if words and words[0] in ("Unpacking", "Setting") else None
