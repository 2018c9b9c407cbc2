"""A worker that is not heard of is let go; one that nobody listened to is asked for once more."""

import asyncio
import time
from dataclasses import dataclass

import pytest

from jifen_batch.engine import dask_internals

NOW = 1_000_000.0


@dataclass
class Worker:
    """What a scheduler keeps of a worker."""

    last_seen: float


class Scheduler:
    """A scheduler and its workers."""

    def __init__(self, **last_seen):
        self.workers = {name: Worker(seen) for name, seen in last_seen.items()}

    async def remove_worker(self, name, **_):
        del self.workers[name]


@pytest.fixture
def left(monkeypatch):
    """Who is left of a scheduler's workers, where some are heard of while it waits, and how often it does."""
    monkeypatch.setattr(time, "time", lambda: NOW)

    def among(scheduler, *heard):
        waited = []

        async def sleep(_):
            waited.append(True)
            for name in heard:
                scheduler.workers[name].last_seen = NOW

        monkeypatch.setattr(asyncio, "sleep", sleep)
        count = asyncio.run(dask_internals.without_those_that_hang(scheduler, 30.0))
        assert count == len(scheduler.workers)
        return [*scheduler.workers], len(waited)

    return among


def test_who_is_heard_of_stays_and_nobody_waits(left):
    assert left(Scheduler(one=NOW - 30, two=NOW)) == (["one", "two"], 0)


def test_who_is_silent_goes(left):
    assert left(Scheduler(one=NOW - 31, two=NOW)) == (["two"], 1)


def test_where_the_machine_itself_stood_still_those_that_live_stay(left):
    assert left(Scheduler(one=NOW - 170, two=NOW - 170, hung=NOW - 170), "one", "two") == (["one", "two"], 1)
