"""Workers of dask that are killed, hang, or find no memory: time is lost, or the run says what to do."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest
from click.testing import CliRunner

import engines
from dask_cluster import Cluster
from jifen_batch.cli.program import program
from jifen_batch.engine import crew, on_dask
from jifen_batch.errors import WorkersLostError
from jifen_batch.worker import run

pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("small_pieces", "small_fetches")]
KINDS = ("put-", "look-", "fetch-", "part-")


@pytest.fixture
def small_fetches(monkeypatch):
    monkeypatch.setattr(crew, "CROSS_HOUSEHOLD_IDS_AT_ONCE", 7)


@pytest.fixture
def torn(options, tmp_path):
    return engines.torn(options, tmp_path / "events")


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """A scheduler and two workers, each with a nanny that starts it again."""
    cluster = Cluster(tmp_path_factory.mktemp("watched"))
    cluster.schedule()
    cluster.work("one", "two", nanny=True)
    yield cluster
    cluster.end()


def test_workers_killed_at_every_kind_of_task_cost_time_only(torn, digests, watched, by_cluster):
    """Each is started again by its nanny."""
    for kind in KINDS:
        watched.let_befall(kind, "worker", "SIGKILL")
    assert engines.files(run(by_cluster(watched, torn), engines.LOG)) == digests(torn)
    assert watched.to_come() == []


def test_a_host_killed_at_a_task_costs_time_only(torn, digests, cluster, by_cluster):
    """Nobody starts it again: the other does all."""
    cluster.let_befall("part-", "host", "SIGKILL")
    assert engines.files(run(by_cluster(cluster, torn), engines.LOG)) == digests(torn)
    assert len(cluster.ended()) == 1


@pytest.mark.parametrize("kind", ["put-", "part-"])
def test_a_worker_that_hangs_at_a_task_is_left_after_a_time_of_our_own(  # noqa: PLR0913, PLR0917 - fixtures
    torn, digests, cluster, by_cluster, monkeypatch, kind
):
    """It goes on when the next night is under way, and leaves nothing there."""
    monkeypatch.setattr(on_dask, "FROZEN_SECONDS", 6.0)
    nights = [torn, replace(torn, grace_days=3)]
    here = [digests(one) for one in nights]
    cluster.let_befall(kind, "host", "SIGSTOP")
    others = [engines.files(run(by_cluster(cluster, nights[0]), engines.LOG))]
    assert cluster.to_come() == []
    (hung,) = cluster.stopped()
    with monkeypatch.context() as patch:
        engines.at_the_first_part(patch, lambda: cluster.befall(hung, signal.SIGCONT))
        others.append(engines.files(run(by_cluster(cluster, nights[1]), engines.LOG)))
    assert others == here
    assert cluster.stopped() == []


def test_a_worker_that_hangs_before_it_is_asked_what_it_is_is_left_out(
    options, digests, cluster, by_cluster, monkeypatch
):
    monkeypatch.setattr(on_dask, "FROZEN_SECONDS", 6.0)
    cluster.befall("one", signal.SIGSTOP)
    assert engines.files(run(by_cluster(cluster), engines.LOG)) == digests(options)


def test_a_task_that_takes_every_worker_down_ends_the_run_with_its_name(torn, watched, by_cluster, refused):
    watched.let_befall("part-000003", "worker", "SIGKILL", once=False)
    told = refused(by_cluster(watched, torn), WorkersLostError, r"part-000003: every worker .* memory")
    watched.let_nothing_befall()
    assert "--nthreads" in told.zh


def test_where_every_worker_is_lost_the_run_ends(torn, cluster, by_cluster, refused, monkeypatch):
    monkeypatch.setattr(on_dask, "NO_WORKERS_SECONDS", 3.0)
    cluster.let_befall("put-", "host", "SIGKILL", once=False)
    refused(by_cluster(cluster, torn), WorkersLostError, "has had no worker for 3 s")


def test_no_worker_is_an_end_with_a_sentence(unstaffed, by_cluster, monkeypatch):
    monkeypatch.setattr(on_dask, "NO_WORKERS_SECONDS", 2.0)
    asked = by_cluster(unstaffed)
    with pytest.raises(WorkersLostError, match="the scheduler has no worker"):
        run(asked, engines.LOG)
    words = ["workers", "check", "--workers", asked.workers, "--shuffle", str(asked.shuffle), "--json"]
    checked = CliRunner().invoke(program, [*words, "--language", "en"])
    assert (checked.exit_code, "the scheduler has no worker" in checked.stdout) == (7, True)
