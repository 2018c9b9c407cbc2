"""Runs by workers of dask: the same files, and an end in a sentence whatever befalls them."""

from __future__ import annotations

import shutil
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import engines
import jifen_batch
from agreement import published
from jifen_batch.engine import cluster as machines
from jifen_batch.engine import crew, on_dask
from jifen_batch.errors import WorkersLostError, WorkersUnfitError
from jifen_batch.published import publish
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.worker import run
from villages import make

pytestmark = pytest.mark.timeout(900)
PACKAGE = Path(jifen_batch.__file__).parent


@pytest.fixture
def shuffle(tmp_path):
    folder = tmp_path / "shuffle"
    folder.mkdir(mode=0o750)
    return folder


@pytest.fixture
def by_cluster(options, tmp_path, shuffle):
    """The fixture's run by workers, published beside that of one process."""

    def asked(cluster):
        scheduler = f"dask+{cluster.address}"
        return replace(options, out=tmp_path / "others", workers=scheduler, shuffle=shuffle)

    return asked


def at_the_first_part(monkeypatch, what):
    """Have something done when the first part has come back, with most of them still to come."""
    take_in, done = crew._take_in, []  # noqa: SLF001 - where parts come back

    def taken_in(scored, folder):
        if not done:
            done.append(True)
            what()
        take_in(scored, folder)

    monkeypatch.setattr(crew, "_take_in", taken_in)
    return done


@pytest.mark.usefixtures("small_pieces")
def test_files_are_the_same_and_no_log_has_a_cell(options, cluster, by_cluster, shuffle):
    here = run(options, engines.LOG)
    others = run(by_cluster(cluster), engines.LOG)
    assert engines.files(others) == engines.files(here)
    assert list(shuffle.iterdir()) == []
    cells = pl.read_parquet(f"{here.folder}/ledger/**/*.parquet")
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


@pytest.mark.usefixtures("small_pieces")
def test_a_worker_that_is_killed_costs_time_only(options, cluster, by_cluster, monkeypatch):
    here = run(options, engines.LOG)
    killed = at_the_first_part(monkeypatch, lambda: cluster.befall("one", signal.SIGKILL))
    assert engines.files(run(by_cluster(cluster), engines.LOG)) == engines.files(here)
    assert killed


@pytest.mark.usefixtures("small_pieces")
def test_a_worker_that_hangs_is_left_after_a_time_of_our_own(
    options, cluster, by_cluster, monkeypatch, shuffle
):
    monkeypatch.setattr(on_dask, "FROZEN_SECONDS", 10.0)
    here = run(options, engines.LOG)
    stopped = at_the_first_part(monkeypatch, lambda: cluster.befall("one", signal.SIGSTOP))
    assert engines.files(run(by_cluster(cluster), engines.LOG)) == engines.files(here)
    assert stopped
    # It comes back when all is over, and finds no job to leave anything in.
    before = sorted(path.name for path in shuffle.iterdir())
    cluster.befall("one", signal.SIGCONT)
    assert sorted(path.name for path in shuffle.iterdir()) == before == []


@pytest.mark.usefixtures("small_pieces")
def test_a_lost_scheduler_ends_the_run_with_nothing_published(
    options, cluster, by_cluster, monkeypatch, tmp_path
):
    before = run(replace(options, out=tmp_path / "others", grace_days=3), engines.LOG)
    at_the_first_part(monkeypatch, lambda: cluster.befall("scheduler", signal.SIGKILL))
    with pytest.raises(WorkersLostError, match=r"the scheduler at .* cannot be reached, or is gone") as lost:
        run(by_cluster(cluster), engines.LOG)
    assert lost.value.exit_code == ExitCode.DISK
    assert publish.current(tmp_path / "others") == before.folder.resolve()
    assert [path.name for path in (tmp_path / "others" / "runs").iterdir()] == [before.run_id]


def test_no_worker_is_an_end_with_a_sentence(bare, by_cluster, monkeypatch):
    bare.schedule()
    monkeypatch.setattr(on_dask, "NO_WORKERS_SECONDS", 2.0)
    with pytest.raises(WorkersLostError, match="the scheduler has no worker"):
        run(by_cluster(bare), engines.LOG)


def test_a_scheduler_that_is_not_there_is_an_end_with_a_sentence(bare, by_cluster, monkeypatch):
    bare.address = "tcp://127.0.0.1:9"
    monkeypatch.setattr(on_dask, "CONNECT_SECONDS", 2)
    with pytest.raises(WorkersLostError, match="cannot be reached"):
        run(by_cluster(bare), engines.LOG)


def test_a_worker_of_another_program_is_refused_before_anything_is_read(bare, by_cluster, tmp_path):
    """Not a word of it is another, but a comment of one kernel."""
    shutil.copytree(PACKAGE, tmp_path / "other" / "jifen_batch", ignore=shutil.ignore_patterns("__pycache__"))
    kernel = tmp_path / "other" / "jifen_batch" / "kernels" / "cap.py"
    kernel.write_text(kernel.read_text("utf-8") + "# another\n", "utf-8")
    bare.schedule()
    bare.work("other", PYTHONPATH=str(tmp_path / "other"))
    with pytest.raises(WorkersUnfitError, match="has not this very program") as refused:
        run(by_cluster(bare), engines.LOG)
    assert refused.value.exit_code == ExitCode.USAGE


def private_mount(folder):
    """The words before a command that sees an empty folder there; null where that may not be done."""
    words = ("unshare", "-m", "sh", "-c", f'mount -t tmpfs none "{folder}" && exec "$@"', "sh")
    tried = subprocess.run([*words, "true"], check=False, capture_output=True)
    return words if tried.returncode == 0 else None


@pytest.mark.parametrize("what", ["shuffle", "events"])
def test_a_worker_that_does_not_see_a_folder_is_refused_by_name(bare, options, tmp_path, shuffle, what):
    events = tmp_path / "events"
    shutil.copytree(options.events, events)
    words = private_mount(shuffle if what == "shuffle" else events)
    if words is None:
        pytest.skip("mount namespaces are not to be had here")
    bare.schedule()
    bare.work("blind", *words)
    scheduler = f"dask+{bare.address}"
    asked = replace(options, events=str(events), workers=scheduler, shuffle=shuffle)
    with pytest.raises(WorkersUnfitError, match=rf"does not see.*{shuffle if what == 'shuffle' else events}"):
        run(asked, engines.LOG)


def test_what_a_killed_run_left_is_swept_by_the_next(cluster, by_cluster, shuffle):
    asked = by_cluster(cluster)
    below = publish.aside(asked.out, "rows")
    own = shuffle / f"{machines.PREFIX}{machines._of_output(below)}-{'0' * 16}"  # noqa: SLF001 - as it is named
    others = shuffle / f"{machines.PREFIX}{'f' * 16}-{'0' * 16}"
    for folder in (own, others):
        (folder / "put-000000").mkdir(parents=True)
    run(asked, engines.LOG)
    assert [path.name for path in shuffle.iterdir()] == [others.name]
