"""How many threads polars starts: one where rows or cores are few, and what somebody set stays."""

from __future__ import annotations

import os

import pytest

from jifen_batch.engine import polars_threads
from jifen_batch.inputs.safety import room


@pytest.fixture
def settled(monkeypatch):
    """What is settled on a machine of so many processors."""

    def ask(processors, cores, *, short=False, already=None):
        monkeypatch.setattr(room, "processors", lambda: processors)
        # Set first, so that what the function sets is taken back after the test.
        monkeypatch.setenv(polars_threads.VARIABLE, already or "")
        if already is None:
            monkeypatch.delenv(polars_threads.VARIABLE)
        polars_threads.settle(cores, short=short)
        return os.environ.get(polars_threads.VARIABLE)

    return ask


def test_few_rows_have_one_thread_on_any_machine(settled):
    assert settled(64, None, short=True) == "1"


@pytest.mark.parametrize(("processors", "cores", "threads"), [(64, None, None), (64, 8, "8"), (2, 8, "8")])
def test_many_rows_have_a_thread_a_core_where_there_are_several(settled, processors, cores, threads):
    assert settled(processors, cores) == threads


@pytest.mark.parametrize(("processors", "cores"), [(2, None), (64, 2), (1, None)])
def test_many_rows_have_one_thread_where_cores_are_few(settled, processors, cores):
    assert settled(processors, cores) == "1"


def test_what_somebody_set_stays(settled):
    assert settled(2, None, already="3") == "3"
    assert settled(64, 8, already="3") == "3"
