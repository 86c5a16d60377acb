"""Where things are kept, what they are keyed by, and who may build them at one moment."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import time
from pathlib import Path

from .console import Stop, say

CHECKOUT = Path(__file__).resolve().parents[2]
HOME = Path(
    os.environ.get("AFTER_SALES_HOME")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "after-sales")
).expanduser()
HOME = Path(os.path.abspath(HOME))  # without "..", or an interpreter in it would not recognise itself


def key(*parts):
    """Return a short name for what a thing is built from: other parts, other key, another thing."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:12]


def content_key(folder):
    """Return the key of a folder's files, so that changed code is noticed."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def token():
    """Return a word that was made with this state folder: what lies outside it (clusters) knows whose it is."""
    path = HOME / "token"
    with lock("token"):
        if not path.exists():
            path.write_text(secrets.token_hex(8))
        return path.read_text()


def log(name):
    """Return the path of a new log; the last twenty of each name are kept."""
    folder = HOME / "log"
    folder.mkdir(parents=True, exist_ok=True)
    keep_latest(folder, f"{name}-2*.log")
    return folder / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"


def keep_latest(folder, pattern, count=20):
    """Delete all but the latest files of one kind."""
    with contextlib.suppress(FileNotFoundError):  # another process tidies too
        for old in sorted(folder.glob(pattern), key=os.path.getmtime)[:-count]:
            old.unlink(missing_ok=True)


@contextlib.contextmanager
def lock(name):
    """Let one process at a time do what ``name`` stands for; others wait and say so."""
    folder = HOME / "lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / name.replace("/", "-")).open("w")
    except OSError as error:
        raise Stop(
            f"cannot write to {folder} ({error.strerror}); name another place in AFTER_SALES_HOME"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another process that prepares {name}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build(name, make, gigabytes=0.5):
    """Return the folder ``name`` of the state, made by ``make(folder)`` unless it is ready.

    A file ``.ready``, renamed into place as the last act, says that it is whole. A run that was interrupted leaves
    none, and the next one lets ``make`` go on in the same folder: pip and dpkg skip or overwrite what is there. (A
    virtual environment holds its own absolute path, so the folder itself cannot be renamed.)
    """
    folder = HOME / name
    ready = folder / ".ready"
    if ready.exists():
        return folder
    with lock(name):
        if not ready.exists():
            folder.mkdir(parents=True, exist_ok=True)
            need_space(folder, gigabytes)
            record = make(folder)
            part = folder / ".ready.part"
            part.write_text(json.dumps(record, indent=1))
            part.rename(ready)
    return folder


def need_space(folder, gigabytes):
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise Stop(
            f"{folder} has {free:.1f} GB free, {gigabytes} GB are needed; make room or name another place in AFTER_SALES_HOME"
        )
