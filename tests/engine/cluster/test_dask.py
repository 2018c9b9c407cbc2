"""Runs by workers of dask: the same files, no cell in what they say, and nothing left."""

from __future__ import annotations

import shutil
from dataclasses import replace

import polars as pl
import pytest

import engines
from agreement import published
from jifen_batch.engine import cluster as machines
from jifen_batch.published import publish
from jifen_batch.worker import run
from villages import make

pytestmark = pytest.mark.timeout(900)


@pytest.mark.usefixtures("small_pieces")
def test_files_are_the_same_and_no_log_has_a_cell(options, digests, cluster, by_cluster):
    others = run(by_cluster(cluster), engines.LOG)
    assert engines.files(others) == digests(options)
    cells = pl.read_parquet(f"{others.folder}/ledger/**/*.parquet")
    said = cluster.logs
    assert "Registered to:" in said
    for name in ("household_id", "event_id"):
        assert [cell for cell in cells[name].unique() if cell in said] == []


@pytest.mark.usefixtures("small_pieces")
def test_random_villages_are_the_same(tmp_path, cluster, by_cluster, monkeypatch):
    for seed in range(20, 23):
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
