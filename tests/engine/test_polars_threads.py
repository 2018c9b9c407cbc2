"""How many threads polars starts: one where rows or cores are few, and what somebody set stays."""

from __future__ import annotations

import os

import pytest

from jifen_batch.engine import polars_threads
from jifen_batch.inputs.safety import room


@pytest.fixture
def settled(monkeypatch):
    """What is settled on a machine of so many processors."""

    def ask(processors, cores, events, already=None):
        monkeypatch.setattr(room, "processors", lambda: processors)
        # Set first, so that what the function sets is taken back after the test.
        monkeypatch.setenv(polars_threads.VARIABLE, already or "")
        if already is None:
            monkeypatch.delenv(polars_threads.VARIABLE)
        polars_threads.settle(cores, str(events))
        return os.environ.get(polars_threads.VARIABLE)

    return ask


@pytest.fixture
def much(tmp_path):
    """A folder of events with more to read than is few, in two folders each of which has less."""
    for name in ("a", "b"):
        (tmp_path / "much" / name).mkdir(parents=True)
        (tmp_path / "much" / name / "events.parquet").write_bytes(bytes(polars_threads.FEW_BYTES // 2))
    return tmp_path / "much"


def test_few_rows_have_one_thread_on_any_machine(settled, much):
    (much / "b" / "events.parquet").write_bytes(b"short")
    assert settled(64, None, much) == "1"
    assert settled(64, None, much / "a" / "events.parquet") == "1"


@pytest.mark.parametrize(("processors", "cores", "threads"), [(64, None, None), (64, 8, "8"), (2, 8, "8")])
def test_many_rows_have_a_thread_a_core_where_there_are_several(settled, much, processors, cores, threads):
    assert settled(processors, cores, much) == threads


@pytest.mark.parametrize(("processors", "cores"), [(2, None), (64, 2), (1, None)])
def test_many_rows_have_one_thread_where_cores_are_few(settled, much, processors, cores):
    assert settled(processors, cores, much) == "1"


def test_what_cannot_be_looked_into_may_be_much(settled, much):
    assert settled(64, None, much / "missing") is None
    assert settled(64, None, much / "*.parquet") is None


def test_what_somebody_set_stays(settled, much):
    assert settled(2, None, much, already="3") == "3"
    assert settled(64, 8, much, already="3") == "3"
