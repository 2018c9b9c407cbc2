"""A scheduler of dask, its workers as a test finds them; left out where dask is not installed."""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import replace
from functools import partial

import pytest

import engines
from dask_cluster import Cluster
from jifen_batch.inputs import pieces
from jifen_batch.published import publish
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.worker import run

if importlib.util.find_spec("distributed") is None:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def bare(tmp_path):
    """Nothing is started: for what befalls a scheduler."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    yield cluster
    cluster.end()


@pytest.fixture(scope="session")
def _standing(tmp_path_factory):
    """A scheduler that outlives its workers: each takes seconds to start."""
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    cluster.schedule()
    yield cluster
    cluster.end()


@pytest.fixture
def unstaffed(_standing):
    """A scheduler without workers."""
    _standing.staff()
    return _standing


@pytest.fixture
def cluster(_standing):
    """A scheduler and two workers."""
    _standing.staff("one", "two")
    return _standing


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


@pytest.fixture(scope="session")
def _night_before(of_fixture, tmp_path_factory):
    """A night that was published before others try theirs."""
    return run(replace(of_fixture, out=tmp_path_factory.mktemp("before") / "out", grace_days=3), engines.LOG)


@pytest.fixture
def refused(_night_before):
    """A run is refused; what was published before stays, and nothing stands beside it. The error."""

    def is_refused(asked, error, words, code=ExitCode.DISK):
        shutil.copytree(_night_before.folder.parents[1], asked.out, symlinks=True)
        with pytest.raises(error, match=words) as told:
            run(asked, engines.LOG)
        assert told.value.exit_code == code
        assert publish.current(asked.out).name == _night_before.run_id
        assert [path.name for path in (asked.out / "runs").iterdir()] == [_night_before.run_id]
        return told.value

    return is_refused


@pytest.fixture
def at_the_first_part(monkeypatch):
    return partial(engines.at_the_first_part, monkeypatch)
