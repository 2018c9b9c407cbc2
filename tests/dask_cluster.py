"""A scheduler and workers of dask on this machine, and what befalls them."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import befall

START_SECONDS = 180
DASK = (sys.executable, "-m", "dask")
# As the system tells of a process that was stopped.
STOPPED = "T"
SCHEDULER = "scheduler"
# By prctl: what tests start ends with them, however they end, and holds no port afterwards.
END_WITH_US = partial(ctypes.CDLL(None).prctl, 1, signal.SIGKILL)


class Cluster:
    """A scheduler on this machine's loopback, and workers of one process and one thread each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.address = ""
        self._befalls = folder / "befalls"
        self._befalls.mkdir()
        self.befallen: set[str] = set()

    def schedule(self, *more: str, port: int = 0) -> None:
        """Start the scheduler."""
        words = (SCHEDULER, "--port", str(port), "--no-dashboard", *more)
        if not more:
            words = (*words, "--host", "127.0.0.1")
        log = self.start(SCHEDULER, *DASK, *words)
        self.address = self.said(log, "Scheduler at:").split("Scheduler at:")[1].split()[0]

    def work(
        self,
        *names: str,
        before: tuple[str, ...] = (),
        address: str = "",
        nanny: bool = False,
        **variables: str,
    ) -> None:
        """Start workers, by way of some other command where `before` says so."""
        words = ("worker", address or self.address, "--nthreads", "1", "--no-dashboard")
        watched = ("--nanny" if nanny else "--no-nanny", "--preload", befall.__file__)
        variables[befall.FOLDER] = str(self._befalls)
        logs = [
            self.start(name, *before, *DASK, *words, *watched, "--name", name, *self.place(name), **variables)
            for name in names
        ]
        for log in logs:
            self.said(log, "Registered to:")

    def staff(self, *names: str) -> None:
        """Have just these workers, as they are before anything befalls them: what others left is not used."""
        self.let_nothing_befall()
        self.befall(SCHEDULER, signal.SIGCONT)
        unusable = {*self.ended(), *self.stopped(), *self.befallen}
        for name in [*self.processes]:
            if name != SCHEDULER and (name not in names or name in unusable):
                self._dismiss(name)
        self.work(*(name for name in names if name not in self.processes))

    def _dismiss(self, name: str) -> None:
        """End a worker, and wait until its scheduler knows."""
        self.befall(name, signal.SIGKILL)
        self.processes.pop(name).wait()
        self.befallen.discard(name)
        log = self.folder / f"{name}.log"
        address = self.said(log, "Start worker at:").split()[-1]
        self.said(self.folder / f"{SCHEDULER}.log", f"Remove worker addr: {address} ")

    def place(self, name: str) -> tuple[str, str]:
        """Where a worker puts what is its own."""
        return "--local-directory", str(self.folder / name)

    def let_befall(self, kind: str, whom: str, what: str = "", *, once: bool = True) -> None:
        """Have something befall the worker that is at a task of a kind (`befall`)."""
        asked = {"kind": kind, "whom": whom, "what": what, "once": once}
        fresh = self.folder / "fresh"
        fresh.write_text(json.dumps(asked), "ascii")
        fresh.rename(self._befalls / kind)

    def to_come(self) -> list[str]:
        """Kinds of tasks at which something is still to befall somebody."""
        return sorted(path.name for path in self._befalls.iterdir())

    def let_nothing_befall(self) -> None:
        """Take back what is still to come."""
        for path in self._befalls.iterdir():
            path.unlink()

    def start(self, name: str, *command: str, **variables: str) -> Path:
        """Start a process; the file of what it says."""
        log = self.folder / f"{name}.log"
        with log.open("wb") as said:
            self.processes[name] = subprocess.Popen(
                command,
                stdout=said,
                stderr=said,
                env=os.environ | variables,
                start_new_session=True,
                preexec_fn=END_WITH_US,  # noqa: PLW1509 - a call of the system, that takes no lock
            )
        return log

    def said(self, log: Path, words: str) -> str:
        """The first line with some words, waited for."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            for line in log.read_text("utf-8", "replace").splitlines():
                if words in line:
                    return line
            time.sleep(0.1)
        raise AssertionError(log.read_text("utf-8", "replace"))

    def befall(self, name: str, what: signal.Signals) -> None:
        """Send a signal to a process and to all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.processes[name].pid, what)
        if name != SCHEDULER:
            self.befallen.add(name)

    def ended(self) -> list[str]:
        """Those that are there no more."""
        return [name for name, process in self.processes.items() if process.poll() is not None]

    def stopped(self) -> list[str]:
        """Those that were stopped."""
        return [name for name, process in self.processes.items() if STOPPED in state(process.pid)]

    @property
    def logs(self) -> str:
        """All that was said."""
        return "".join(path.read_text("utf-8", "replace") for path in self.folder.glob("*.log"))

    def end(self) -> None:
        """End all of it."""
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def state(process: int) -> str:
    """In what state a process is, a letter; none where it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""
