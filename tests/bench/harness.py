"""Measures a work beside its floor: the bare core operation on the same rows, in the same run.

A benchmark is a file ``bench_*.py`` with ``WORK`` (what one row is), ``N`` and two functions that prepare the rows and
return a callable which does the work on them: ``floor(env, n)`` and ``ours(env, n)``. What all of them need (a
million rows) is made once by ``setup(env)``. A work that returns the seconds of each row has its 95th percentile shown.
Statements per row are exact and repeatable; compare seconds only within one run. With ``REPEAT`` floor and ours take turns
that many times at 4n, and the least time that Odoo's own process needed of each is compared too. The column ``cpu`` is
that time: whether a work grows with its rows is read there, because what else the machine does meanwhile does not count.
Given a number of rows (``setup/bench --rows``), floor and ours are measured once, on as many. Everything is rolled back.
"""

import gc
import importlib.util
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from odoo.tools import mute_logger

COLUMNS = f"{'':<10}{'n':>8}{'seconds':>10}{'cpu':>10}{'rows/s':>10}{'statements/row':>16}{'peak MB':>9}"


@dataclass
class Measure:
    """One run of a work over n rows."""

    n: int
    seconds: float
    cpu: float  # seconds of this process, without those of the database
    statements: int
    megabytes: float
    p95: float | None  # seconds

    def line(self, title):
        per_row = self.statements / self.n
        p95 = f"   p95 {1000 * self.p95:.2f} ms" if self.p95 is not None else ""
        return f"{title:<10}{self.n:>8}{self.seconds:>10.2f}{self.cpu:>10.2f}{self.n / self.seconds:>10.0f}{per_row:>16.2f}{self.megabytes:>9.1f}{p95}"


def run(env, paths, rows=None):
    """Run benchmark files in an Odoo shell, each at its n and 4n or on a given number of rows."""
    for path in paths:
        bench = _load(Path(path))
        print(f"\n{bench.WORK}\n{COLUMNS}", flush=True)
        with env.cr.savepoint() as savepoint:
            if hasattr(bench, "setup"):
                bench.setup(env)
            warm(env, bench)
            found = {}
            sizes = (rows,) if rows else (bench.N, 4 * bench.N)
            for title in ("floor", "ours"):
                for n in sizes:
                    found[title, n] = measure(env, getattr(bench, title), n)
                    print(found[title, n].line(title), flush=True)
            print(_summary(found, sizes), flush=True)
            if not rows and (repeat := getattr(bench, "REPEAT", 0)):
                print(_turns(env, bench, repeat), flush=True)
            savepoint.rollback()


def warm(env, bench):
    """Fill what the first use of a registry fills: caches, prepared views, sequences."""
    for title in ("floor", "ours"):
        measure(env, getattr(bench, title), 2)


def measure(env, prepare, n):
    """Prepare n rows, do the work on them, roll everything back."""
    with env.cr.savepoint() as savepoint, mute_logger("odoo.models.unlink"):
        work = prepare(env, n)
        env.flush_all()
        env.invalidate_all()
        gc.collect()
        before, memory = env.cr.sql_log_count, _reset_peak()
        since, cpu_since = time.perf_counter(), time.process_time()
        times = work()
        env.flush_all()
        seconds, cpu = time.perf_counter() - since, time.process_time() - cpu_since
        statements = env.cr.sql_log_count - before
        p95 = sorted(times)[int(0.95 * len(times))] if times else None
        result = Measure(n, seconds, cpu, statements, _peak() - memory, p95)
        savepoint.rollback()
    env.invalidate_all()
    return result


def _summary(found, sizes):
    """Say what a further row costs, and how ours stands to the floor."""
    last = sizes[-1]
    text = f"ours takes {found['ours', last].seconds / found['floor', last].seconds:.2f} x the floor"
    if len(sizes) == 1:
        return text
    first, count = sizes[0], last - sizes[0]
    further = {t: (found[t, last].statements - found[t, first].statements) / count for t in ("floor", "ours")}
    growth = found["ours", last].cpu / found["ours", first].cpu
    return (
        f"per further row: floor {further['floor']:.2f}, ours {further['ours']:.2f} statements; {text}; "
        f"{last / first:g} x the rows take {growth:.2f} x the CPU"
    )


def _turns(env, bench, repeat):
    """Let floor and ours take turns, so that a busy moment of the machine meets both; compare the best of each."""
    rows = [
        [measure(env, getattr(bench, title), 4 * bench.N).cpu for title in ("floor", "ours")]
        for __ in range(repeat)
    ]
    floor, ours = (min(column) for column in zip(*rows, strict=True))
    return f"CPU of {4 * bench.N} rows, best of {repeat}: floor {floor:.2f} s, ours {ours:.2f} s, {ours / floor:.2f} x"


def _reset_peak():
    """Forget the peak of memory so far and return what is used now, in MB (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak():
    return _status("VmHWM")


def _status(name):
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def _load(path):
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
