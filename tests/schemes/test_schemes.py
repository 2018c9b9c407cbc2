"""Six whole rule books in the manner of what towns use, each with a village whose ledger is held by hand."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import structlog
from click.testing import CliRunner

from fixture.reading import rows_of
from jifen_batch import rules
from jifen_batch.cli.program import program
from jifen_batch.published import announced
from jifen_batch.tables import GROUPS, LEDGER, STANDINGS
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS
from jifen_batch.worker import RunOptions, run
from oracle import score_inputs

HERE = Path(__file__).parent
BOOKS = Path(__file__).parents[2] / "configs" / "rules" / "schemes"
QUIET = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger("critical"))
YEAR_END = date(2023, 12, 31)
SCHEMES = sorted(path.stem for path in BOOKS.glob("*.toml"))
WITH_GROUPS = ("party-members", "village-groups")


def by_hand(scheme, name):
    """The rows of a sheet of the village; an empty cell is null."""
    with (HERE / scheme / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return [{key: cell or None for key, cell in row.items()} for row in csv.DictReader(lines)]


def published(scheme, out, as_of=YEAR_END):
    """Run the village under its book, and publish it."""
    options = RunOptions(
        events=str(HERE / scheme / "events.csv"),
        households=str(HERE / scheme / "households.csv"),
        rules=(str(BOOKS / f"{scheme}.toml"),),
        out=out,
        as_of=as_of,
    )
    run(options, QUIET)


def said(folder, table, columns):
    """The published rows in their order, in the columns of a sheet, as texts."""
    rows = pl.concat([pl.read_parquet(path) for path in sorted((folder / table.name).rglob("*.parquet"))])
    return [
        {name: None if value is None else str(value) for name, value in row.items()}
        for row in rows.select(columns).to_dicts()
    ]


def test_there_is_a_village_for_each_book():
    assert sorted(path.name for path in HERE.iterdir() if (path / "ledger.csv").exists()) == SCHEMES
    assert len(SCHEMES) == 6


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_book_is_warned_of(scheme):
    checked = CliRunner().invoke(program, ["rules", "check", "--strict", str(BOOKS / f"{scheme}.toml")])
    assert checked.exit_code == 0, checked.stderr


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("table", [LEDGER, STANDINGS], ids=lambda table: table.name)
def test_its_village_comes_out_as_by_hand(scheme, table, out_of):
    expected = by_hand(scheme, table.name)
    assert said(out_of(scheme) / "current", table, list(expected[0])) == expected


@pytest.mark.parametrize("scheme", WITH_GROUPS)
def test_its_groups_come_out_as_by_hand(scheme, out_of):
    expected = by_hand(scheme, "groups")
    assert said(out_of(scheme) / "current", GROUPS, list(expected[0])) == expected


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_plain_scorer_says_the_same(scheme, out_of):
    events = [
        row | {"source_file": "events.csv", "source_row": number}
        for number, row in enumerate(rows_of(HERE / scheme / "events.csv"), start=2)
    ]
    told = score_inputs(
        events, rows_of(HERE / scheme / "households.csv"), [BOOKS / f"{scheme}.toml"], as_of=YEAR_END
    )
    ours = pl.read_parquet(out_of(scheme) / "current" / "ledger", hive_partitioning=True)
    theirs = pl.DataFrame(told.tables["ledger"], schema=LEDGER.schema)
    key = ["household_id", "event_id", "accrued_on", "points"]
    assert ours.select(key).sort(key).rows() == theirs.select(key).sort(key).rows()


def test_the_quarterly_boards_come_out_as_by_hand(tmp_path):
    """Each quarter is announced as of its day; the board has the points of its own lines."""
    expected = by_hand("monthly-board", "boards")
    out, found = tmp_path / "out", []
    for as_of, quarter in sorted({(row["as_of"], row["quarter"]) for row in expected}):
        published("monthly-board", out, date.fromisoformat(as_of))
        done = CliRunner().invoke(program, ["announce", "--out", str(out), "--quarter", quarter])
        assert done.exit_code == 0, done.stderr
        board = announced.scan(out, ANNOUNCED_STANDINGS, [quarter]).collect()
        found += [
            {"as_of": as_of, "quarter": quarter, **{name: str(cell) for name, cell in row.items()}}
            for row in board.select("household_id", "quarter_net", "quarter_rank").to_dicts()
        ]
    assert found == expected


def test_no_base_point_is_spent():
    """What is granted to everybody counts for the grade, and not for the shop."""
    items = rules.load([BOOKS / "base-points.toml"]).tables.items
    assert items.filter(~pl.col("spendable"))["code"].to_list() == ["base.away", "base.home"]
