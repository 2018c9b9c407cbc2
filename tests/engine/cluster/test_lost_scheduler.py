"""A scheduler that is killed or hangs, at whatever stage: the run ends with 7, and nothing is published."""

from __future__ import annotations

import signal

import pytest

import engines
from dask_cluster import SCHEDULER
from jifen_batch.engine import on_dask, orders
from jifen_batch.engine.crew import Crew
from jifen_batch.errors import WorkersLostError
from jifen_batch.worker import run

pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("small_pieces")]
STAGES = ("greet", "put-", "look-", "fetch-", "part-")
HANGS = ("greet", "put-", "part-")
LOST = r"the scheduler at .* cannot be reached, or is gone"


@pytest.fixture
def small_cluster(bare):
    """Whose scheduler is lost: of its own."""
    bare.schedule()
    bare.work("one")
    return bare


@pytest.fixture
def _impatient(monkeypatch):
    monkeypatch.setattr(on_dask, "CONNECT_SECONDS", 2)
    monkeypatch.setattr(on_dask, "FROZEN_SECONDS", 4.0)


def when_sent(monkeypatch, kind, act):
    """Have something done when the first task of a kind is about to be handed to the scheduler."""
    sent, done = orders.sent, []

    def sending(task):
        if kind in task.name and not done:
            done.append(task.name)
            act()
        return sent(task)

    monkeypatch.setattr(orders, "sent", sending)
    return done


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("kind", STAGES)
def test_a_killed_scheduler_ends_the_run_with_nothing_published(  # noqa: PLR0913, PLR0917 - fixtures
    options, small_cluster, by_cluster, refused, monkeypatch, tmp_path, kind
):
    asked = by_cluster(small_cluster, engines.torn(options, tmp_path / "events"))
    done = when_sent(monkeypatch, kind, lambda: small_cluster.befall(SCHEDULER, signal.SIGKILL))
    refused(asked, WorkersLostError, LOST)
    assert done


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("kind", HANGS)
def test_a_scheduler_that_hangs_ends_the_run_with_nothing_published(
    cluster, by_cluster, refused, monkeypatch, kind
):
    done = when_sent(monkeypatch, kind, lambda: cluster.befall(SCHEDULER, signal.SIGSTOP))
    refused(by_cluster(cluster), WorkersLostError, LOST)
    assert done


def test_a_scheduler_that_is_lost_when_all_is_done_is_missed_by_nobody(
    options, digests, small_cluster, by_cluster, monkeypatch
):
    clear = Crew.clear

    def lost_first(self):
        small_cluster.befall(SCHEDULER, signal.SIGKILL)
        clear(self)

    monkeypatch.setattr(Crew, "clear", lost_first)
    monkeypatch.setattr(on_dask, "CONNECT_SECONDS", 2)
    assert engines.files(run(by_cluster(small_cluster), engines.LOG)) == digests(options)


def test_a_scheduler_that_is_not_there_is_an_end_with_a_sentence(bare, by_cluster, monkeypatch):
    bare.address = "tcp://127.0.0.1:9"
    monkeypatch.setattr(on_dask, "CONNECT_SECONDS", 2)
    with pytest.raises(
        WorkersLostError, match=r"cannot be reached, or is gone \(Connection refused\)"
    ) as told:
        run(by_cluster(bare), engines.LOG)
    assert "（那里没有程序在听）" in told.value.zh
