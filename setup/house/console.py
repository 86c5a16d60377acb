"""What a person sees: steps with elapsed time, progress, and one clear line instead of a traceback."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback

BEAT = 20  # seconds between two signs of life where the output is no terminal (CI)
os.environ.setdefault("AFTER_SALES_STARTED", str(time.time()))  # survives the switch to the venv


class Stop(Exception):
    """Something the person has to know or to do; its text is shown as one line, exit code 2."""


def elapsed(since=None):
    """Return e.g. ``1:05`` since a moment (default: since the command was typed)."""
    seconds = int(time.time() - (since or float(os.environ["AFTER_SALES_STARTED"])))
    return f"{seconds // 60}:{seconds % 60:02d}"


def say(text):
    print(f"[{elapsed()}] {text}", flush=True)


class Progress(threading.Thread):
    """Shows that a long step is alive: in place on a terminal, a line now and then elsewhere.

    Steps that run side by side share the line of the terminal: the oldest one writes it for all.
    """

    alive = []

    def __init__(self, title):
        super().__init__(daemon=True)
        self.title, self.detail, self.since = title, "", time.time()
        self.over, self.tty = threading.Event(), sys.stdout.isatty()

    def run(self):
        while not self.over.wait(1 if self.tty else BEAT):
            if not self.tty:
                say(f"  {self.words}")
            elif self.alive[:1] == [self]:
                line = f"[{elapsed()}] {' | '.join(other.words for other in self.alive)}"
                print("\r\033[K" + line[: shutil.get_terminal_size().columns - 1], end="", flush=True)

    @property
    def words(self):
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.title}{detail} ({elapsed(self.since)})"

    def start(self):
        self.alive.append(self)
        super().start()

    def stop(self):
        self.over.set()
        self.join()
        self.alive.remove(self)
        if self.tty:
            print("\r\033[K", end="")


@contextlib.contextmanager
def step(title):
    """Announce a step, show that it lives, say how long it took. Yields the progress (set its ``detail``)."""
    progress = Progress(title)
    say(f"{title} ...")
    progress.start()
    try:
        yield progress
    finally:
        progress.stop()
    say(f"{title}: done in {elapsed(progress.since)}")


_processes, _ending = set(), threading.Event()


def end_all():
    """End every program that `run` waits for in some thread, and start no more."""
    _ending.set()
    for process in list(_processes):
        process.terminate()


def run(command, log, progress=None, watch=None, check=True, **options):
    """Run a command, its output appended to ``log``; ``watch(line)`` may return a short progress text.

    Return the exit code; with ``check`` a failure is a `Stop` that names the log and its last line.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    last = ""
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} | options
    with log.open("a", errors="replace") as file:
        if _ending.is_set():
            raise Stop("interrupted")
        try:
            process = subprocess.Popen(command, text=True, errors="replace", **options)
        except OSError as error:
            raise Stop(f"cannot start {command[0]}: {error.strerror}") from error
        _processes.add(process)
        try:
            for line in process.stdout:
                file.write(line)
                file.flush()
                last = line.strip() or last
                if progress and watch:
                    progress.detail = watch(line) or progress.detail
            process.wait()
        finally:
            _processes.discard(process)
            if process.poll() is None:
                process.terminate()
                process.wait()
    if check and process.returncode:
        raise Stop(f"{os.path.basename(str(command[0]))} failed ({last}). Everything it said: {log}")
    return process.returncode


def main(function):
    """Run a script's function: its return value is the exit code, a `Stop` is one line and code 2."""
    sys.stdout.reconfigure(line_buffering=True, errors="replace")
    for number in (signal.SIGTERM, signal.SIGHUP):  # leave by the front door: servers we started are stopped
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    try:
        sys.exit(function())
    except Stop as stop:
        print(f"Stopped: {stop}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("\nInterrupted. The next start goes on from here.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
    except Exception as error:  # a fault of ours: the person gets a line, the developer the log
        print(f"Stopped: {type(error).__name__}: {error}{_kept_traceback()}", file=sys.stderr)
        sys.exit(2)


def _kept_traceback():
    from . import state

    with contextlib.suppress(OSError):
        log = state.log("fault")
        log.write_text(traceback.format_exc())
        return f" (details: {log})"
    return ""
