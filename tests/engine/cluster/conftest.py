"""A scheduler and workers of dask for each test; left out where dask is not installed."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

if importlib.util.find_spec("distributed") is None:
    collect_ignore_glob = ["test_*.py"]
START_SECONDS = 180
DASK = (sys.executable, "-m", "dask")


class Cluster:
    """A scheduler on this machine's loopback, and workers of one process and one thread each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.address = ""

    def schedule(self, *more: str, port: int = 0) -> None:
        """Start the scheduler."""
        words = ("scheduler", "--port", str(port), "--no-dashboard", *more)
        if not more:
            words = (*words, "--host", "127.0.0.1")
        log = self.start("scheduler", *DASK, *words)
        self.address = self.said(log, "Scheduler at:").split("Scheduler at:")[1].split()[0]

    def work(self, name: str, *before: str, address: str = "", **variables: str) -> None:
        """Start a worker, by way of some other command where `before` says so."""
        words = ("worker", address or self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
        place = ("--name", name, "--local-directory", str(self.folder / name))
        log = self.start(name, *before, *DASK, *words, *place, **variables)
        self.said(log, "Registered to:")

    def start(self, name: str, *command: str, **variables: str) -> Path:
        """Start a process; the file of what it says."""
        log = self.folder / f"{name}.log"
        with log.open("wb") as said:
            self.processes[name] = subprocess.Popen(
                command, stdout=said, stderr=said, env=os.environ | variables, start_new_session=True
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
        os.killpg(self.processes[name].pid, what)

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


@pytest.fixture
def bare(tmp_path):
    """Nothing is started."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    yield cluster
    cluster.end()


@pytest.fixture
def cluster(bare):
    """A scheduler and two workers."""
    bare.schedule()
    for name in ("one", "two"):
        bare.work(name)
    return bare
