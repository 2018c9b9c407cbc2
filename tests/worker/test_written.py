"""What was written is held against what was counted, and the room for it is asked for before."""

from __future__ import annotations

import shutil
from datetime import date

import pyarrow.parquet as pq
import pytest
import structlog

from announce.village import Village
from jifen_batch import synth, worker
from jifen_batch.errors import DiskError, InvariantBrokenError
from jifen_batch.published import announced, publish
from jifen_batch.storage import disk
from jifen_batch.tables import LEDGER
from jifen_batch.worker import RunOptions, run, written

LOG = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))


def test_rows_that_were_not_written_or_twice_are_a_fault_of_the_program(options):
    content = run(options, LOG).manifest
    written.check_rows(content)
    for table in ("ledger", "rejects", "unposted"):
        file = next(file for file in content["outputs"] if file["name"].startswith(f"{table}/"))
        for rows in (-1, 1):
            file["rows"] += rows
            with pytest.raises(InvariantBrokenError, match=f"{table}: .* were counted"):
                written.check_rows(content)
            file["rows"] -= rows
    written.check_rows(content)


def test_a_part_that_is_lost_on_its_way_to_the_disk_is_not_published(options, monkeypatch):
    real = pq.ParquetWriter.write_table

    def forgetful(writer, rows, **options):
        lines = "disposition" in rows.column_names
        real(writer, rows.slice(0, rows.num_rows - 1) if lines else rows, **options)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", forgetful)
    with pytest.raises(InvariantBrokenError, match="ledger: "):
        run(options, LOG)
    assert publish.published(options.out) == []


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("households", [0, 400])
def test_the_room_that_is_asked_for_is_enough_and_not_absurd(options, tmp_path, households):
    """For the fixture village, and for inputs that are packed as tightly as the outputs."""
    if households:
        synth.generate(households, 1, 1, tmp_path / "in")
        given = {
            "events": str(tmp_path / "in" / "events"),
            "households": str(tmp_path / "in" / "households.parquet"),
        }
        options = RunOptions(**given, rules=options.rules[:1], out=options.out, as_of=date(2024, 1, 20))
    done = run(options, LOG)
    asked = publish.estimate(sum(file["size"] for file in done.manifest["inputs"]))
    took = size_of(done.folder)
    assert took < asked < 4 * took + publish.LEAST_SPACE_BYTES


def test_where_there_is_not_that_much_room_nothing_is_begun(options, monkeypatch):
    needed = publish.estimate(sum(file["size"] for file in run(options, LOG).manifest["inputs"]))
    shutil.rmtree(options.out)
    monkeypatch.setattr(disk, "free_bytes", lambda _: needed - 1)
    with pytest.raises(DiskError, match=f"about {needed:,} are needed"):
        run(options, LOG)
    assert not (options.out / "runs").exists()
    monkeypatch.setattr(disk, "free_bytes", lambda _: needed)
    assert run(options, LOG).outcome == "published"


def test_an_edit_that_may_be_held_back_needs_room_for_two_runs(tmp_path, monkeypatch):
    village = Village(tmp_path)
    village.event("e1", date(2023, 2, 1))
    needed = publish.estimate(
        sum(file["size"] for file in village.night(date(2023, 4, 15)).manifest["inputs"])
    )
    village.hang("2023Q1")
    village.points["help"] = 6
    monkeypatch.setattr(worker.edits, "unaccepted", lambda *_: object())
    monkeypatch.setattr(disk, "free_bytes", lambda _: 2 * needed - 1)
    with pytest.raises(DiskError, match=f"about {2 * needed:,} are needed"):
        village.night(date(2023, 5, 15))


def test_a_quarter_takes_no_more_room_than_is_asked_for(tmp_path):
    village = Village(tmp_path)
    village.event("e1", date(2023, 2, 1))
    ledger = village.night(date(2023, 4, 15)).folder / LEDGER.name
    village.hang("2023Q1")
    hung = announced.folder(village.out, "2023Q1")
    assert size_of(hung) < publish.estimate(size_of(ledger))


def test_an_edit_is_held_back_though_the_current_run_is_gone(tmp_path):
    """The books of the run before it count, and where no run is left those of what hangs."""
    village = Village(tmp_path)
    village.event("e1", date(2023, 2, 1))
    village.night(date(2023, 4, 15))
    village.hang("2023Q1")
    lost = village.night(date(2023, 5, 15)).folder
    village.points["help"] = 6
    village.write()
    options = RunOptions(
        events=str(tmp_path / "events.parquet"),
        households=str(tmp_path / "households.parquet"),
        rules=(str(tmp_path / "rules"),),
        out=village.out,
        as_of=date(2023, 6, 15),
    )
    for gone in (lost, village.out / "runs"):
        shutil.rmtree(gone)
        done = run(options, LOG)
        assert (done.outcome, done.held_back["books"]) == ("held_back", ["base"])
        assert publish.current(village.out).name == done.run_id
