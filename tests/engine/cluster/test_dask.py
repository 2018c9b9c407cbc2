"""Runs by workers of dask: the same files, no cell in what they say, and nothing left."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

import engines
from agreement import published
from jifen_batch.cli.program import program
from jifen_batch.engine import cluster as machines
from jifen_batch.published import publish
from jifen_batch.worker import run
from villages import make

pytestmark = pytest.mark.timeout(300)


@pytest.mark.usefixtures("small_pieces")
def test_files_are_the_same_and_no_log_has_a_cell(options, digests, cluster, by_cluster):
    others = run(by_cluster(cluster), engines.LOG)
    assert engines.files(others) == digests(options)
    cells = pl.read_parquet(f"{others.folder}/ledger/**/*.parquet")
    said = cluster.logs
    assert "Registered to:" in said
    for name in ("household_id", "event_id"):
        assert [cell for cell in cells[name].unique() if cell in said] == []
    assert "AssertionError" not in said
    assert_none_is_at_work([cluster.processes[name].pid for name in ("one", "two")])


def assert_none_is_at_work(workers):
    """Workers have let go of the processes that worked for them, or do in a moment."""
    until = time.monotonic() + 30
    while any(list(map(started_by, workers))):
        assert time.monotonic() < until
        time.sleep(0.05)


def started_by(process):
    """The processes that a process started and that are there."""
    return "".join(path.read_text("ascii") for path in Path(f"/proc/{process}/task").glob("*/children"))


def test_check_tells_of_each_worker_and_of_those_that_anybody_reaches(options, cluster, shuffle):
    """Ours are started without a host of their own, and listen to the whole network."""
    words = ["workers", "check", "--workers", f"dask+{cluster.address}", "--shuffle", str(shuffle), "--json"]
    ended = CliRunner().invoke(program, [*words, "--see", options.events])
    told = json.loads(ended.stdout)
    assert ended.exit_code == 0, ended.stderr
    assert [(one["fit"], one["sentence"]) for one in told["workers"]] == [(True, None)] * 2
    assert told["exposed"] == [one["name"] for one in told["workers"]]
    ended = CliRunner().invoke(program, [*words, "--see", str(shuffle / "gone")])
    assert (ended.exit_code, "is not on this machine either" in ended.stdout) == (2, True)


@pytest.mark.usefixtures("small_pieces")
def test_random_villages_are_the_same(tmp_path, cluster, by_cluster, monkeypatch):
    for seed in (20, 21):
        village = make(seed)
        here = published(village, tmp_path / f"here-{seed}")
        asked = by_cluster(cluster)
        with monkeypatch.context() as patch:
            patch.setattr("agreement.run", lambda given, log, asked=asked: run(of(given, asked), log))
            others = published(village, tmp_path / f"others-{seed}")
        assert engines.files(others) == engines.files(here), seed


def of(given, asked):
    """What is asked of a run, by the workers of another."""
    return replace(given, workers=asked.workers, shuffle=asked.shuffle)


def test_what_a_killed_run_left_is_swept_by_the_next(cluster, by_cluster, shuffle):
    asked = by_cluster(cluster)
    below = publish.aside(asked.out, "rows")
    own = shuffle / f"{machines.PREFIX}{machines._of_output(below)}-{'0' * 16}"  # noqa: SLF001 - as it is named
    others = shuffle / f"{machines.PREFIX}{'f' * 16}-{'0' * 16}"
    for folder in (own, others):
        (folder / "put-000000").mkdir(parents=True)
    run(asked, engines.LOG)
    assert [path.name for path in shuffle.iterdir()] == [others.name]
    shutil.rmtree(others)
