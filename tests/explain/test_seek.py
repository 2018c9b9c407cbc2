"""Seeking finds what a plain filter over the whole table finds, however it lies in its files.

`SOAK_SEEDS=FIRST:LAST` tries other, or more, tables.
"""

import os
from itertools import pairwise
from random import Random

import polars as pl
import pytest

from jifen_batch.published import parquet_form, seek
from jifen_batch.tables import LEDGER, STANDINGS, UNPOSTED

# Long ones with one beginning, signs that UTF-16 would sort otherwise, trailing and zero-width spaces.
LONG = "户" * 300
IDS = (
    "a",
    "a ",
    "A",
    "é",
    "户",
    "\uffff",
    "\U00010000",
    "\U0010ffff",
    "a\u200b",
    LONG,
    LONG + "1",
    LONG + "\uffff",
)
FIRST, _, LAST = os.environ.get("SOAK_SEEDS", "0:3").partition(":")


def text_of(rng, *, nullable=False):
    return None if nullable and rng.random() < 0.2 else rng.choice(IDS)


def written(table, rows, folder, rng):
    """Rows sorted and cut into files anywhere, so that keys lie on both sides of many boundaries."""
    frame = pl.DataFrame(rows, schema=table.schema).sort(table.sort_keys, nulls_last=False)
    cuts = sorted(rng.sample(range(frame.height + 1), min(rng.choice((0, 1, 7, 30)), frame.height)))
    parts = [frame[begin:end] for begin, end in pairwise([0, *cuts, frame.height]) if end > begin]
    for number, part in enumerate(parts):
        parquet_form.write_table(part, table, folder, number)
    return frame


def waiting(rng, number):
    """A row of `unposted`, some of them without a place."""
    place = rng.random() < 0.8
    names = ("town_id", "village_id", "household_id")
    filled = {name: text_of(rng, nullable=name == "household_id") for name in names}
    filled |= {} if place else {"town_id": None, "village_id": None}
    return dict.fromkeys(UNPOSTED.names) | filled | {"event_id": str(number), "state": "declared"}


@pytest.mark.parametrize("row_group", [1, 3, 1000])
@pytest.mark.parametrize("seed", range(int(FIRST), int(LAST)))
def test_a_seek_is_a_filter(tmp_path, monkeypatch, seed, row_group):
    monkeypatch.setattr(parquet_form, "ROW_GROUP_ROWS", row_group)
    rng = Random(seed)  # noqa: S311 - a draw of cases, nobody's secret
    table = written(UNPOSTED, [waiting(rng, number) for number in range(60)], tmp_path, rng)
    keys = [table.row(rng.randrange(60), named=True) for _ in range(6)] + [waiting(rng, 0)]
    for key in keys:
        for length in (1, 2, 3):
            wanted = {name: key[name] for name in UNPOSTED.sort_keys[:length]}
            plain = table.filter(
                pl.col(name).eq_missing(pl.lit(value, pl.String)) for name, value in wanted.items()
            )
            assert seek.rows(tmp_path, UNPOSTED, wanted).collect().equals(plain)


def line(household, village, year, number):
    row = dict.fromkeys(LEDGER.names, 1) | {
        name: "x" for name in LEDGER.names if LEDGER.schema[name] == pl.String
    }
    days = dict.fromkeys(("occurred_on", "accrued_on", "posted_on"))
    row |= {name: pl.Series([number], dtype=pl.Int32).cast(pl.Date)[0] for name in days}
    return row | {"household_id": household, "village_id": village, "scoring_year": year, "quantity": 1}


def test_a_year_of_the_ledger_holds_its_own_lines_and_a_household_of_two_villages_both(tmp_path):
    rows = [
        line(who, where, year, day)
        for who in "abc"
        for where in "vw"
        for year in (2023, 2024)
        for day in range(5)
    ]
    table = written(LEDGER, rows, tmp_path, Random(1))  # noqa: S311
    assert seek.values(tmp_path, LEDGER) == ["2023", "2024"]
    for where in "vw":
        key = {"town_id": "x", "village_id": where, "household_id": "b"}
        found = seek.rows(tmp_path, LEDGER, key, "2024").collect()
        assert found.equals(table.filter(pl.col("household_id") == "b", village_id=where, scoring_year=2024))
        assert found.height == 5
    assert seek.rows(tmp_path, LEDGER, key, "2025").collect().height == 0


def test_a_table_without_rows_has_none_to_find(tmp_path):
    parquet_form.write_empty(STANDINGS, tmp_path)
    found = seek.rows(tmp_path, STANDINGS, {"town_id": "t", "village_id": "v"}).collect()
    assert found.schema == STANDINGS.schema
    assert found.height == 0


def test_files_that_cannot_hold_the_key_are_not_opened(tmp_path):
    for number, household in enumerate("abcdefgh"):
        rows = pl.DataFrame([line(household, "v", 2023, 1)], schema=LEDGER.schema)
        parquet_form.write_table(rows, LEDGER, tmp_path, number)
    for file in sorted(tmp_path.rglob("*.parquet"))[5:]:
        file.write_bytes(b"")  # refused by any reader
    key = {"town_id": "x", "village_id": "v", "household_id": "b"}
    assert seek.rows(tmp_path, LEDGER, key, "2023").collect().height == 1
