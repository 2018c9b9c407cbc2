"""What has been announced is said of each line, and so is what was put right and what will be."""

import json
import shutil

import polars as pl
import pytest

from jifen_batch.published import runs
from jifen_batch.tables import LEDGER, SCHEMA_VERSION
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS, ANNOUNCEMENT, CORRECTIONS, LINES

GONE, LATE, CORRECTED = "2023-8888", "2023-0030", "2023-0095"


@pytest.fixture(scope="module")
def board(out, tmp_path_factory):
    """The run with two quarters announced: of household TH-01, one line hangs that the ledger has no
    more, one came too late for either quarter, and one hangs as a correction in the second.
    """
    copy = tmp_path_factory.mktemp("board") / "out"
    shutil.copytree(out, copy, symlinks=True)
    ledger = runs.read(runs.find(copy, "current"), LEDGER)
    event = pl.col("event_id")
    first = ledger.filter(pl.col("quarter") == "2023Q1")
    gone = first.filter(event == "2023-0031").with_columns(event_id=pl.lit(GONE))
    corrected = ledger.filter(event == CORRECTED).with_columns(
        change=pl.lit(1, pl.Int32), reason=pl.lit("rows.new+points.edited")
    )
    announce(copy, "2023Q1", pl.concat([first.filter(~event.is_in([LATE, CORRECTED])), gone]))
    announce(copy, "2023Q2", ledger.filter(pl.col("quarter") == "2023Q2"), corrected)
    return copy


def announce(out, quarter, lines, corrections=None):
    folder = out / "announced" / f"quarter={quarter}"
    folder.mkdir(parents=True)
    sheet = dict.fromkeys(ANNOUNCEMENT.file_names, 5) | {"category": "平安建设", "scoring_year": 2023}
    names = ("town_id", "village_id", "household_id")
    sheet |= lines.filter(household_id="TH-01").select(names).row(0, named=True)
    schema = {name: ANNOUNCEMENT.schema[name] for name in ANNOUNCEMENT.file_names}
    pl.DataFrame([sheet], schema=schema).write_parquet(
        folder / "announcement.parquet", metadata={"schema_version": SCHEMA_VERSION}
    )
    lines.select(LINES.names).write_parquet(
        folder / "lines.parquet", metadata={"schema_version": SCHEMA_VERSION}
    )
    ranked = {"net": 5, "rank": 1, "rank_in_town": 1, "households": 1}
    row = {name: (sheet | ranked).get(name) for name in ANNOUNCED_STANDINGS.names}
    standing = pl.DataFrame([row], schema=ANNOUNCED_STANDINGS.schema)
    standing.write_parquet(folder / "standings.parquet", metadata={"schema_version": SCHEMA_VERSION})
    (CORRECTIONS.schema.to_frame() if corrections is None else corrections).write_parquet(
        folder / "corrections.parquet", metadata={"schema_version": SCHEMA_VERSION}
    )
    (folder / "manifest.json").write_text(json.dumps({"as_of": f"as of {quarter}"}))


def test_the_announced_quarters_stand_at_the_top(board, told):
    page = told(board, "TH-01")
    assert page[2] == "已公告季度：2023年第一季度（截至 as of 2023Q1）、2023年第二季度（截至 as of 2023Q2）"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("2023-0031", "2023Q1 已公告"),
        ("2023-0160", "2023Q2 已公告"),
        ("2023-0284", "2023Q3 未公告"),
        (LATE, "2023Q1，随下次公告更正"),
        (CORRECTED, "2023Q1，随 2023Q2 公告"),
    ],
    ids=["own quarter", "later quarter", "not yet", "late", "corrected"],
)
def test_a_line_says_where_it_hangs(board, told, event, said):
    line = next(line for line in told(board, "TH-01", "--year", "2023") if f" {event} " in line)
    assert line.endswith(said)


def test_corrections_and_lines_to_be_taken_down_are_listed(board, told):
    page = told(board, "TH-01", "--year", "2023")
    assert "2023Q2 充电设备 2023-0095 20 补记，分值（细则修改）" in page
    assert page[page.index("已公告、现已不成立，下次公告更正") + 3 :] == [
        "2023Q1 无房屋出租 2023-8888 -20 原记录已不存在",
        "合计 -20 分",
    ]


def test_what_each_announcement_said_is_listed(board, told):
    year = told(board, "TH-01", "--year", "2023", "--json")["years"][0]
    assert [(row["announced_in"], row["category"], row["net"]) for row in year["hung"]] == [
        ("2023Q1", "平安建设", 5),
        ("2023Q2", "平安建设", 5),
    ]
    assert "2023Q2 平安建设 5 5 5 5 5" in told(board, "TH-01", "--year", "2023")


def test_what_hangs_in_a_village_that_a_corrected_register_left_is_told(out, tmp_path, told):
    """TH-01 was thought to live in 石桥村 when the quarter was announced: nothing that hangs is forgotten."""
    copy = tmp_path / "out"
    shutil.copytree(out, copy, symlinks=True)
    first = runs.read(runs.find(copy, "current"), LEDGER).filter(household_id="TH-01", quarter="2023Q1")
    elsewhere = {"town_id": pl.lit("990113102"), "village_id": pl.lit("990113102202")}
    announce(copy, "2023Q1", first.with_columns(**elsewhere))
    year = told(copy, "TH-01", "--year", "2023", "--json")["years"][0]
    assert [(row["village_id"], row["net"]) for row in year["hung"]] == [("990113102202", 5)]
    assert sum(row["points"] for row in year["taken_down_next"]) == first["points"].sum() > 0
    assert {line["announced_in"] for line in year["lines"]} == {None}


def test_another_household_has_nothing_of_it(board, told):
    years = told(board, "TH-02", "--json")["years"]
    assert [year[name] for year in years for name in ("hung", "corrections", "taken_down_next")] == [[]] * 6
