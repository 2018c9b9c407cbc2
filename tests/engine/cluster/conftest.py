"""A scheduler and workers of dask for each test; left out where dask is not installed."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from functools import partial

import pytest

import engines
from dask_cluster import Cluster
from jifen_batch.inputs import pieces
from jifen_batch.worker import run

if importlib.util.find_spec("distributed") is None:
    collect_ignore_glob = ["test_*.py"]


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
    bare.work("one", "two")
    return bare


@pytest.fixture
def shuffle(tmp_path):
    """Where workers meet; however it ended, nothing is left there."""
    folder = tmp_path / "shuffle"
    folder.mkdir(mode=0o750)
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def by_cluster(options, tmp_path, shuffle):
    """A run, the fixture's where no other is given, by workers, published beside that of one process."""

    def asked(cluster, of=options):
        scheduler = f"dask+{cluster.address}"
        return replace(of, out=tmp_path / "others", workers=scheduler, shuffle=shuffle)

    return asked


@pytest.fixture(scope="session")
def known():
    """What one process gives, which is worth being asked once."""
    return {}


@pytest.fixture
def digests(known, tmp_path):
    """Digests of what one process makes of the fixture, by days of grace and with ids torn or not."""

    def of(asked):
        what = (asked.grace_days, asked.max_reject_rate, pieces.ROWS_AT_ONCE)
        if what not in known:
            known[what] = engines.files(run(replace(asked, out=tmp_path / "here"), engines.LOG))
        return known[what]

    return of


@pytest.fixture
def at_the_first_part(monkeypatch):
    return partial(engines.at_the_first_part, monkeypatch)
