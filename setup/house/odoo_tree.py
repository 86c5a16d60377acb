"""Odoo 19 itself: from Debian's package without installing anything, or a tree the user has.

Odoo is not on PyPI. Debian's package is fetched by the machine's own apt client from the machine's own mirror, with
lists and cache of ours, and unpacked into the state folder. It is not quite whole: links lead into other packages, and
two things Debian removed or renewed come from npm. What is then still missing is found by `check`.
"""

import ast
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from . import machine, state
from .console import Stop, run, say, step

SUITE = "sid"
PACKAGES = (
    "odoo-19 libjs-jquery libjs-jquery-form libjs-underscore fonts-montserrat fonts-roboto-unhinted fonts-ocr-b "
    "fonts-inconsolata"
).split()
MODULES = "usr/lib/python3/dist-packages"
ADDONS = f"{MODULES}/odoo/addons"
# npm package: {what it gives: where Odoo looks for it}
NPM = {
    "font-awesome@4.7.0": {"fonts": "usr/share/fonts-font-awesome/fonts"},
    "@mediapipe/selfie_segmentation@0.1.1675465747": {
        "selfie_segmentation.js": f"{ADDONS}/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    },
}
# a link that names a file its package no longer has: the file that took its place
RENAMED = {
    "usr/share/fonts/truetype/inconsolata/Inconsolata.otf": "usr/share/fonts/opentype/inconsolata/Inconsolata-Regular.otf"
}
# named in manifests of Odoo's own sources and missing there too
MISSING_UPSTREAM = {
    "test_assetsbundle/static/invalid_src/xml/file_not_found.xml",
    "web/static/asset_styles_company_report.scss",
    "website/static/src/interactions/follow.edit.js",
}


@dataclass(frozen=True)
class Odoo:
    """An Odoo 19: the folder that Python imports it from, its addons folders, and what it was built from."""

    modules: Path
    addons: tuple
    origin: str

    def has_module(self, name):
        return any((folder / name / "__manifest__.py").exists() for folder in self.addons)


def get(path=None):
    """Return the Odoo at ``path``, or else ours, built at the first call."""
    if path:
        return _given(Path(path).expanduser().resolve())
    folder = state.build(f"odoo-{state.key(SUITE, PACKAGES, NPM, RENAMED)}", _build, gigabytes=3)
    return Odoo(folder / "root" / MODULES, (folder / "root" / ADDONS,), (folder / ".ready").read_text())


def _given(path):
    for modules in (path, path / MODULES):
        release = modules / "odoo" / "release.py"
        if release.exists():
            version = re.search(r"version_info = \((.*)\)", release.read_text())
            if not version or not version[1].startswith("19, 0"):
                raise Stop(f"{path} is Odoo {version and version[1]}; Odoo 19.0 is needed")
            addons = tuple(
                a
                for a in (modules / "odoo/addons", modules / "addons")
                if (a / "base").exists() or (a / "web").exists()
            )
            return Odoo(modules, addons, f"{path} {_revision(path) or release.stat().st_mtime}")
    raise Stop(f"--odoo {path}: no Odoo there (no odoo/release.py)")


def _revision(path):
    """Return the commit of a git checkout, or nothing: what is built on it grows old when it moves on."""
    with contextlib.suppress(OSError):
        command = ["git", "-C", str(path), "rev-parse", "HEAD"]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def _build(folder):
    if not machine.has_apt():
        raise Stop(
            "Odoo 19 comes from Debian's package, and there is no apt here; clone Odoo 19.0 and name it: --odoo PATH"
        )
    npm = machine.require(
        lambda: shutil.which("npm"), "npm", "npm (it has two files that Debian's Odoo lacks)"
    )
    log, root = state.log("odoo"), folder / "root"
    with step("Fetching Odoo 19 with apt") as progress:
        packages = _apt_download(folder, log, progress)
    with step("Unpacking Odoo 19") as progress:
        for package in packages:
            progress.detail = package.name.split("_")[0]
            run(["dpkg", "-x", str(package), str(root)], log)
    with step("Completing Odoo 19 from npm"):
        for package, files in NPM.items():
            _npm_files(npm, package, files, folder, log)
        for link, target in RENAMED.items():
            (root / link).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / target, root / link)
    check(root / ADDONS)
    with step("Compiling Odoo 19") as progress:  # else every process of a read-only tree would do it again
        command = [
            sys.executable,
            "-m",
            "compileall",
            "-q",
            "-j0",
            "-x",
            r"/(tests|l10n_\w+)/",
            str(root / MODULES / "odoo"),
        ]
        run(
            command,
            log,
            check=False,
            env={k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
        )
    shutil.rmtree(folder / "debs", ignore_errors=True)
    return {"packages": sorted(p.name for p in packages), "npm": sorted(NPM)}


def _apt_download(folder, log, progress):
    """Fetch the packages with lists and cache of ours; the system's apt is only read."""
    places = {name: folder / "apt" / name for name in ("lists", "cache", "etc")}
    for place in (
        places["lists"] / "partial",
        places["cache"] / "archives/partial",
        places["etc"],
        folder / "debs",
    ):
        place.mkdir(parents=True, exist_ok=True)
    options = []
    for name, value in {
        "Dir::Etc::sourcelist": places["etc"] / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::Lists": places["lists"],
        "Dir::Cache": places["cache"],
        "APT::Sandbox::User": "root",
    }.items():
        options += ["-o", f"{name}={value}"]
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    for mirror in _mirrors():
        progress.detail = "package lists"
        (places["etc"] / "sources.list").write_text(f"deb [signed-by={keyring}] {mirror} {SUITE} main\n")
        update = run(["apt-get", *options, "-q", "--error-on=any", "update"], log, check=False)
        progress.detail = "packages"
        if not update and not run(
            ["apt-get", *options, "-q", "download", *PACKAGES], log, check=False, cwd=folder / "debs"
        ):
            shutil.rmtree(folder / "apt", ignore_errors=True)
            return sorted((folder / "debs").glob("*.deb"))
    raise Stop(
        f"apt could not fetch {PACKAGES[0]} from Debian {SUITE} (why: {log}); "
        "a machine that is no Debian needs Odoo 19.0 from elsewhere: --odoo PATH"
    )


def _mirrors():
    """Return the mirrors this machine uses, asked from apt itself: no host name belongs into the project."""
    command = ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"]
    lines = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    pairs = [line.split() for line in lines if len(line.split()) == 2]
    return list(
        dict.fromkeys(site for site, release in pairs if "security" not in site and "security" not in release)
    )


def _npm_files(npm, package, files, folder, log):
    place = folder / "npm" / package.strip("@").replace("/", "-")
    shutil.rmtree(
        place, ignore_errors=True
    )  # what an interrupted run left: read-only files cannot be written again
    place.mkdir(parents=True)
    run([npm, "pack", package, "--pack-destination", str(place)], log, cwd=place)
    with tarfile.open(next(place.glob("*.tgz"))) as archive:
        archive.extractall(
            place, [m for m in archive if m.isreg() and not os.path.isabs(m.name) and ".." not in m.name]
        )
    for source, target in files.items():
        source, target = place / "package" / source, folder / "root" / target
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, copy_function=shutil.copyfile)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copyfile(source, target)


def check(addons):
    """Stop unless the tree is whole: no dangling link, no asset of a manifest missing."""
    with step("Checking that Odoo 19 is whole"):
        broken = [str(p.relative_to(addons)) for p in addons.rglob("*") if p.is_symlink() and not p.exists()]
        missing = sorted(set(_missing_assets(addons)) - MISSING_UPSTREAM)
    if broken or missing:
        raise Stop(
            f"the Odoo tree is not whole: {', '.join((broken + missing)[:5])} (of {len(broken + missing)})"
        )


def _missing_assets(addons):
    """Yield every asset path without wildcard that a manifest names and that is not there."""
    for manifest in addons.glob("*/__manifest__.py"):
        try:
            bundles = ast.literal_eval(manifest.read_text()).get("assets", {})
        except (ValueError, SyntaxError):
            say(f"  cannot read {manifest}")
            continue
        for assets in bundles.values():
            for asset in assets:
                for path in [asset] if isinstance(asset, str) else asset[1:]:
                    path = path.lstrip("/")
                    if (
                        "://" not in path
                        and "*" not in path
                        and "." in path.rsplit("/", 1)[-1]
                        and "/" in path
                        and not (addons / path).exists()
                    ):
                        yield path
