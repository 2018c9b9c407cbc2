"""What an edit changes of the announced quarters, by pencil: lines put on disk, quarters counted by hand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jifen_batch.analysis import impact
from jifen_batch.analysis.changes import one_sided
from jifen_batch.published import village_range
from jifen_batch.published.parquet_form import write_table
from jifen_batch.tables import LEDGER
from jifen_batch.worker.effect import announced_effect

LINE = dict.fromkeys(LEDGER.names) | {
    "town_id": "town",
    "village_id": "village",
    "household_id": "wang",
    "scoring_year": 2023,
    "category": "类别",
    "task": "任务",
    "item": "item",
    "event_id": "e1",
    "occurred_on": date(2023, 2, 1),
    "accrued_on": date(2023, 2, 1),
    "posted_on": date(2023, 2, 1),
    "quarter": "2023Q1",
    "quantity": 1,
    "gross": 5,
    "points": 5,
    "disposition": "awarded",
    "book": "book",
}


def lines(*changes):
    rows = pl.DataFrame([LINE | change for change in changes], schema=LEDGER.schema)
    return rows.sort(LEDGER.sort_keys)


def in_folder(folder, *changes, rows_per_file=1000):
    rows = lines(*changes)
    for part, start in enumerate(range(0, rows.height, rows_per_file)):
        write_table(rows[start : start + rows_per_file], LEDGER, folder, part)
    return folder


@pytest.fixture
def effect(tmp_path):
    def told(before, after, quarters, **how):
        folders = [in_folder(tmp_path / name, *rows, **how) for name, rows in (("a", before), ("b", after))]
        return announced_effect(*folders, quarters).rows()

    return told


def test_a_line_of_other_points_is_one_removed_and_one_added(effect):
    assert effect([{}], [{"points": 8}], ["2023Q1"]) == [("2023Q1", 1, 1, 1, 3, 0)]


def test_a_line_hangs_on_the_first_announced_quarter_that_is_not_before_its_own(effect):
    after = [{"points": 8}, {"event_id": "e2", "quarter": "2023Q3", "points": 1}]
    quarters = ["2023Q2", "2023Q4", "2024Q1"]
    assert effect([{}], after, quarters) == [("2023Q2", 1, 1, 1, 3, 0), ("2023Q4", 1, 0, 1, 1, 0)]


def test_what_is_not_announced_yet_counts_for_nothing(effect):
    later = {"event_id": "e2", "quarter": "2023Q2"}
    assert effect([{}, later], [{}, later | {"points": 9}], ["2023Q1"]) == []


def test_a_line_that_leaves_the_announced_quarters_is_removed_from_them(effect):
    assert effect([{}], [{"quarter": "2023Q2"}], ["2023Q1"]) == [("2023Q1", 0, 1, 1, 0, -5)]


def test_gains_and_losses_are_told_apart_by_account_not_by_line(effect):
    """What wang loses here and wins there in one category cancels out; in another category it does not."""
    before = [{}, {"event_id": "e2"}, {"event_id": "e3", "category": "别类"}]
    after = [
        {"points": 7},
        {"event_id": "e2", "points": 4},
        {"event_id": "e3", "category": "别类", "points": 1},
    ]
    assert effect(before, after, ["2023Q1"]) == [("2023Q1", 3, 3, 1, 1, -4)]


def test_book_cap_and_cause_do_not_hang_on_the_board(effect):
    assert effect([{}], [{"book": "other", "cap_used": 3, "cause": "e0"}], ["2023Q1"]) == []


@pytest.mark.parametrize("name", impact.ON_THE_BOARD)
def test_every_other_column_does(name):
    value = LINE[name]
    other = {int: 77, date: date(2023, 3, 3)}.get(type(value), "other")
    changed = one_sided(lines({}), lines({name: other}), impact.ON_THE_BOARD)
    assert changed["change"].sort().to_list() == [-1, 1]


def test_a_null_is_equal_to_a_null(effect):
    assert effect([{"member_id": None}], [{"member_id": None, "cause": "e9"}], ["2023Q1"]) == []


def test_a_household_of_two_years_in_a_quarter_counts_once(effect):
    """A line of 2022 that was decided late hangs on a quarter of 2023, beside those of 2023."""
    late = {"scoring_year": 2022, "occurred_on": date(2022, 12, 1), "accrued_on": date(2022, 12, 1)}
    both = [{}, late]
    assert effect(both, [line | {"points": 6} for line in both], ["2023Q1"]) == [("2023Q1", 2, 2, 1, 2, 0)]


def test_years_that_only_one_side_has_count(effect):
    old = {"scoring_year": 2021, "quarter": "2021Q4"}
    assert effect([{}], [{}, old], ["2023Q1"]) == [("2023Q1", 1, 0, 1, 5, 0)]


def test_no_announcement_no_effect(effect):
    assert effect([{}], [{"points": 8}], []) == []


def test_pieces_and_files_change_nothing(tmp_path, monkeypatch):
    """Forty households of four villages, cut into files and pieces in every way, come to the same."""
    before = [
        {"village_id": f"v{number % 4}", "household_id": f"h{number:02}", "event_id": f"e{number}"}
        for number in range(40)
    ]
    after = [line | {"points": 5 + number % 3} for number, line in enumerate(before)]
    told = set()
    for rows_per_file in (1000, 7, 3):
        for at_once in (1, 40, 1000):
            name = f"{rows_per_file}-{at_once}"
            monkeypatch.setattr(village_range.cut, "__defaults__", (at_once,))
            folders = [
                in_folder(tmp_path / f"{name}-a", *before, rows_per_file=rows_per_file),
                in_folder(tmp_path / f"{name}-b", *after, rows_per_file=rows_per_file + 2),
            ]
            told.add(announced_effect(*folders, ["2023Q1"]).rows()[0])
    assert told == {("2023Q1", 26, 26, 26, 39, 0)}
