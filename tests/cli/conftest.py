"""The command line in this process, with a worker that only writes down what it was asked."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

import jifen_batch
from jifen_batch.cli.program import program

MANIFEST = {
    "run_id": "r1",
    "as_of": "2024-07-15",
    "options": {"grace_days": 15},
    "accounting": {
        "rows": 12,
        "not_visible": 0,
        "collapsed": 1,
        "superseded": 0,
        "rejected": 2,
        "declared": 1,
        "assessed": 0,
        "declined": 0,
        "withdrawn": 0,
        "not_yet_posted": 0,
        "no_month_end": 0,
        "posted": 8,
    },
    "control_totals": {
        "dispositions": {"awarded": {"lines": 7, "points": 1235}, "deducted": {"lines": 2, "points": -105}}
    },
    "rejects_by_reason": {"unknown_item": 2},
    "timings": [{"stage": "read", "seconds": 0.25, "rows": 12}],
    "peak_memory_bytes": 300 << 20,
}


@dataclass(frozen=True)
class RunOptions:
    """The worker's options, as the contract between the two states them."""

    events: str
    households: str
    rules: tuple[str, ...]
    out: Path
    villages: str | None = None
    redemptions: str | None = None
    successions: str | None = None
    objections: str | None = None
    prices: str | None = None
    mapping: tuple[str, ...] = ()
    as_of: Any = None
    grace_days: int = 15
    max_reject_rate: float = 0.05
    keep: int = 8
    accept_rules: str | None = None
    accept_loss: str | None = None
    max_takeback: float = 0.02
    make_current: bool = False
    memory: int | None = None
    workers: str = "here"
    shuffle: Path | None = None


@dataclass
class Worker:
    """A worker that keeps its options, and reports or raises what the test wants."""

    RunOptions: type = RunOptions
    outcome: str = "published"
    folder: Path = Path("somewhere/runs/r1")
    held_back: dict | None = None
    error: BaseException | None = None
    asked: list = field(default_factory=list)

    def run(self, options, log, progress, on_refused=None):  # noqa: ARG002 - nobody watches
        self.asked.append(options)
        log.info("read", rows=12)
        if self.error:
            raise self.error
        return SimpleNamespace(
            run_id="r1",
            folder=self.folder,
            outcome=self.outcome,
            manifest=MANIFEST,
            held_back=self.held_back,
        )


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Run a command line in an empty folder and without JIFEN_* variables but those given."""
    monkeypatch.chdir(tmp_path)

    def call(*words, **variables):
        return CliRunner().invoke(program, [str(word) for word in words], env=variables)

    return call


@pytest.fixture
def worker(monkeypatch):
    """The worker in the real one's place."""
    double = Worker()
    monkeypatch.setitem(sys.modules, "jifen_batch.worker", double)
    monkeypatch.setattr(jifen_batch, "worker", double, raising=False)
    return double
