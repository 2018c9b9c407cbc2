"""Who is greeted says what he sees; what a killed command left of a greeting goes with the next."""

import os
import re
import time

from jifen_batch.engine import cluster, fitness, orders
from jifen_batch.errors import DiskError


class Alone:
    """One worker, who is this process."""

    def __init__(self, befall=lambda: None):
        self.befall = befall

    def greeted(self, greet):
        self.befall()
        return {"one": orders.carried_out(orders.sent(greet))}


def fault_of(tmp_path, befall=lambda: None, paths=()):
    """What is wrong with a worker; nothing is left of the greeting."""
    (found,) = cluster.fitness_of(Alone(befall), tmp_path, paths)
    assert not list(tmp_path.glob("jifen-job-*"))
    return found.fault


def test_who_sees_all_and_may_write_is_fit(tmp_path):
    assert fault_of(tmp_path, paths=[tmp_path]) is None


def test_what_is_not_seen_is_named_and_not_the_folder_of_the_greeting(tmp_path):
    def swept():
        for left in tmp_path.glob("jifen-job-greet-*/*"):
            left.unlink()

    told = fault_of(tmp_path, swept, [tmp_path / "events"])
    assert re.search(rf"does not see on \S+ what is here: {tmp_path}/events, {tmp_path}; mount", str(told))


def test_where_nothing_may_be_written_is_told_as_that(tmp_path, monkeypatch):
    def read_only():
        monkeypatch.setattr(fitness.disk, "write_bytes", refuse)

    def refuse(*_):
        raise DiskError("read-only", "只读")

    told = fault_of(tmp_path, read_only)
    assert re.search(rf"may not write on \S+ to: {tmp_path}; let its user write there", str(told))
    assert told.exit_code == 2


class Nobody:
    """No worker answers."""

    @staticmethod
    def greeted(_):
        return {}


def test_only_old_greetings_are_removed(tmp_path):
    left, live, job = (tmp_path / f"jifen-job-{name}" for name in ("greet-left", "greet-live", "other"))
    for folder in (left, live, job):
        folder.mkdir()
        (folder / "sign").touch()
    yesterday = time.time() - 90_000
    os.utime(left, (yesterday, yesterday))
    os.utime(job, (yesterday, yesterday))
    assert cluster.fitness_of(Nobody(), tmp_path, []) == []
    assert sorted(tmp_path.iterdir()) == [live, job]
