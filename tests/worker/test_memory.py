"""What a run may hold: told in bytes, and what is there already is not there again."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import pencil
from jifen_batch.engine import here, memory
from jifen_batch.inputs.row_buffer.buffer import RowBuffer
from jifen_batch.kernels.household_places import with_household_places
from jifen_batch.kernels.places import number_places

GIB = 1 << 30


def test_what_the_process_holds_already_is_taken_off_the_budget(monkeypatch):
    monkeypatch.setattr(memory, "held_bytes", lambda: GIB)
    assert memory.for_rows(3 * GIB) == 2 * GIB - memory.AT_WORK_BYTES
    assert memory.for_rows(GIB) == 0
    monkeypatch.setattr(memory, "free_bytes", lambda: 5 * GIB)
    assert memory.for_rows(None) == 5 * GIB - memory.AT_WORK_BYTES


def test_as_many_parts_are_scored_at_once_as_fit_and_never_none(monkeypatch):
    monkeypatch.setattr(memory, "held_bytes", lambda: GIB)
    room = [0, 1, 2, 3, 9]
    parts = [memory.parts_at_once(GIB + many * memory.PART_BYTES, cores=2) for many in room]
    assert parts == [1, 1, 2, 3, 3]
    workers = [memory.workers_at_once(GIB + many * memory.WORKER_BYTES, cores=3) for many in room]
    assert workers == [1, 1, 2, 3, 3]


def test_what_the_process_holds_is_what_the_system_says(tmp_path, monkeypatch):
    before = memory.held_bytes()
    filled = np.ones(1 << 28, dtype=np.uint8)
    assert memory.held_bytes() - before > filled.nbytes // 2
    monkeypatch.setattr(memory, "STATM", tmp_path / "nothing")
    assert memory.held_bytes() == 0


def test_what_the_system_keeps_of_files_is_to_be_had(tmp_path, monkeypatch):
    told = tmp_path / "meminfo"
    told.write_text("MemTotal: 24000000 kB\nMemFree: 1000 kB\nMemAvailable: 2000000 kB\nCached: 9 kB\n")
    monkeypatch.setattr(memory, "MEMINFO", told)
    assert memory.free_bytes() == int(2_000_000 * 1024 * memory.SHARE_OF_FREE)


@pytest.mark.parametrize("told", ["MemTotal: 24000000 kB\n", None])
def test_where_the_system_tells_less_its_free_pages_count(tmp_path, monkeypatch, told):
    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "meminfo")
    if told:
        memory.MEMINFO.write_text(told)
    monkeypatch.setattr(memory.os, "sysconf", {"SC_AVPHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}.get)
    assert memory.free_bytes() == int(1000 * 4096 * memory.SHARE_OF_FREE)


@pytest.mark.parametrize("at_once", [1, 2, 1 << 20])
def test_cross_household_ids_are_found_however_many_are_looked_at_at_once(tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(here, "HASHES_AT_ONCE", at_once)
    places = number_places(pencil.register(a=None, b=None, c=None))
    owners = {"torn": "abx", "also torn": "cb", "whole": "aa", "alone": "c"}
    rows = [
        {"event_id": event, "household_id": one, "occurred_on": pencil.date(2023, 1, 1)}
        for event, homes in owners.items()
        for one in homes
    ]
    frame = pencil.events(*rows)
    row_buffer = RowBuffer(tmp_path, 0)
    row_buffer.put((0, 0), with_household_places(frame[::2], places))
    row_buffer.put((0, 1), with_household_places(frame[1::2], places))
    row_resolutions = here.cross_household_ids(row_buffer, places, pencil.date(2024, 1, 1))
    torn = [at for at, row in enumerate(rows) if "torn" in row["event_id"]]
    assert row_resolutions["source"].sort().to_list() == frame["source"].gather(torn).sort().to_list()
    assert set(row_resolutions["row_resolution"].cast(pl.String)) == {"conflicting_household"}
