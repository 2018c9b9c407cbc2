"""Rows put aside come back the same, in memory or on the disk."""

from __future__ import annotations

import polars as pl
import pytest

import pencil
from jifen_batch.inputs.row_buffer import disk_ranges
from jifen_batch.inputs.row_buffer.buffer import RowBuffer, size_of
from jifen_batch.kernels.household_places import UNPLACED, with_household_places
from jifen_batch.kernels.places import number_places


@pytest.fixture
def batches():
    """Two batches of rows of three households and of nobody, some of whose cells are empty."""
    places = number_places(pencil.register(a=None, b=None, c=None))
    people = ["c", "a", None, "b", "x", "a"]
    rows = [
        {
            "event_id": f"event {at}, 长于十二个字节",
            "household_id": one,
            "occurred_on": pencil.date(2023, 1, at + 1),
        }
        for at, one in enumerate(people)
    ]
    frame = pencil.events(*rows).with_columns(pl.col("item", "status").cast(pl.Categorical))
    return [with_household_places(frame[:3], places), with_household_places(frame[3:], places)]


@pytest.mark.parametrize("room", [0, 1 << 30], ids=["on the disk", "in memory"])
def test_the_rows_of_some_household_places_come_back_from_every_batch(tmp_path, batches, room):
    row_buffer = RowBuffer(tmp_path / "rows", room)
    for number in (1, 0):
        row_buffer.put((number, 0), batches[number])
    assert (tmp_path / "rows").exists() == (room == 0)
    together = pl.concat(batches)
    assert row_buffer.take(range(3)).equals(together)
    assert row_buffer.take(range(1, 2)).equals(together.filter(pl.col("household_place") == 1))
    assert row_buffer.take(range(1)).equals(together.filter(pl.col("household_place").is_in([UNPLACED, 0])))
    assert row_buffer.take(range(2, 2)).height == 0
    assert [rows["household_place"].to_list() for rows in row_buffer.batches("household_place")] == [
        rows["household_place"].to_list() for rows in batches
    ]
    row_buffer.clear()
    assert not (tmp_path / "rows").exists()


@pytest.mark.parametrize("room", [0, 1 << 30], ids=["on the disk", "in memory"])
def test_codes_of_some_batches_and_texts_of_others_come_back_as_texts(tmp_path, batches, room):
    row_buffer = RowBuffer(tmp_path / "rows", room)
    matters = [pl.Series("matter_id", ["宴席", None, "x"]), pl.Series("matter_id", [None, "宴席", "y"])]
    kinds = [pl.Categorical(), pl.String()]
    for number, (batch, matter, kind) in enumerate(zip(batches, matters, kinds, strict=True)):
        row_buffer.put((number, 0), batch.with_columns(matter.cast(kind)))
    assert row_buffer.take(range(3))["matter_id"].equals(pl.concat(matters))
    assert row_buffer.where(pl.col("copy"), "copy").height == 0
    row_buffer.clear()


def test_codes_on_the_disk_keep_their_names_while_none_are_in_memory(tmp_path):
    row_buffer = RowBuffer(tmp_path / "rows", 0)
    columns = {"household_place": pl.Series([0, 1], dtype=pl.Int32), "item": ["这一条只在这里", "那一条也是"]}
    row_buffer.put((0, 0), pl.DataFrame(columns).with_columns(pl.col("item").cast(pl.Categorical)))
    others = pl.Series([f"别的名字{at}" for at in range(9)], dtype=pl.Categorical())
    assert row_buffer.take(range(2))["item"].to_list() == columns["item"]
    assert others.len() == 9


def test_what_no_longer_fits_goes_to_the_disk_with_all_that_is_held(tmp_path, batches, monkeypatch):
    monkeypatch.setattr(disk_ranges, "DISK_RANGE_ROWS", 2)
    size = size_of(batches[0])
    row_buffer = RowBuffer(tmp_path / "rows", 2 * size)
    for number in range(7):
        row_buffer.put((0, number), batches[0].with_columns(source=pl.lit(number, dtype=pl.Int64)))
    assert sorted(path.name for path in (tmp_path / "rows").iterdir()) == ["run-0-0.arrow", "run-0-3.arrow"]
    row_buffer.settle()
    assert (tmp_path / "rows" / "run-0-6.arrow").exists()
    # A stretch has the rows of whole household places, those of a household place by the order of batches.
    assert [
        (rows["household_place"].to_list(), rows["source"].to_list())
        for rows in row_buffer.batches("household_place", "source")
    ][:3] == [([UNPLACED] * 3, [0, 1, 2]), ([0] * 3, [0, 1, 2]), ([2] * 3, [0, 1, 2])]
    assert row_buffer.take(range(2, 3))["source"].to_list() == list(range(7))
    assert row_buffer.where(pl.col("household_place") == 0, "household_place")["source"].to_list() == list(
        range(7)
    )
