"""Lines put up and taken down, and what a quarter comes to, for a pencil."""

import polars as pl
import pytest

from jifen_batch.analysis import corrections
from jifen_batch.errors import InvariantBrokenError
from kernels.board import changes, lines

SAID = ("category", "awarded", "deducted", "reversed", "adjusted", "net", "year_to_date")


def left(*rows):
    found = corrections.left_over(changes(*rows)).select("event_id", "matter_id", "points", "change")
    assert found.schema["change"] == pl.Int32
    return sorted(found.rows(), key=repr)


def test_what_was_put_up_and_taken_down_cancels_out_and_nothing_else_does():
    assert left({}, {"change": -1}) == []
    assert left({}, {"change": -1, "points": 6}) == [("e1", None, 5, 1), ("e1", None, 6, -1)]
    assert left({}, {"change": -1, "matter_id": "m"}) == [("e1", "m", 5, -1), ("e1", None, 5, 1)]
    assert left({"quarter": "2023Q2"}, {"change": -1}) != []


def test_what_is_left_stands_as_often_as_it_is_left():
    assert left({}, {}, {}, {"change": -1}) == [("e1", None, 5, 1)] * 2
    assert left({"change": -1}, {"change": -1}) == [("e1", None, 5, -1)] * 2
    assert left() == []


def test_what_hangs_is_what_was_put_up_and_not_taken_down_again():
    hung = corrections.standing(changes({}, {"event_id": "e2"}, {"change": -1}))
    assert (hung["event_id"].to_list(), hung.columns) == (["e2"], corrections.LEDGER.names)
    assert corrections.standing(changes({}, {})).height == 2
    for more in ({}, {"change": -1, "event_id": "e3"}):
        with pytest.raises(InvariantBrokenError, match="never hung"):
            corrections.standing(changes(more, {"event_id": "e2", "change": -1}))


def test_what_an_older_announcement_could_not_say_is_no_other_line():
    """Version 1 had no `evidence_id`: e1 is the ledger's line, e2 another one; e3 hung under version 2."""
    hung = lines({"event_id": "e1"}, {"event_id": "e2"}, {"event_id": "e3"})
    hung = hung.with_columns(announced_in=pl.Series(["2023Q1", "2023Q1", "2023Q2"]))
    ledger = lines(
        {"event_id": "e1", "evidence_id": "p1"},
        {"event_id": "e2", "evidence_id": "p2", "points": 6},
        {"event_id": "e3", "evidence_id": "p3"},
    )
    older = [(["2023Q1"], corrections.LEDGER.of_version(1))]
    found = corrections.completed(hung, ledger, older).sort("event_id")
    assert found.columns == corrections.LEDGER.names
    assert found.select("event_id", "points", "evidence_id").rows() == [
        ("e1", 5, "p1"),
        ("e2", 5, None),
        ("e3", 5, None),
    ]
    assert corrections.completed(hung, ledger, []).height == 3


def test_of_equal_lines_the_last_announced_stands_for_all():
    put_up_again = changes({}, {"change": -1}, {})
    hung = corrections.standing(put_up_again.with_columns(announced_in=pl.Series(["Q1", "Q2", "Q3"])))
    assert hung["announced_in"].to_list() == ["Q3"]


def rows(own, corrected, to_date):
    """What the quarter says by category; `to_date` by category too."""
    dated = pl.DataFrame(
        [("town", "east", "wang", 2023, category, net) for category, net in to_date.items()],
        schema={**{name: lines().schema[name] for name in corrections.ACCOUNT}, "net": pl.Int64},
        orient="row",
    )
    made = corrections.announcement(lines(*own), corrected, dated, "2023Q2")
    assert set(made["quarter"]) <= {"2023Q2"}
    return made.select(SAID).rows()


def test_awards_deductions_and_reversals_are_told_apart_and_corrections_are_none_of_them():
    own = [
        {"points": 5},
        {"points": 7, "disposition": "topped_up"},
        {"points": -1, "disposition": "deducted"},
        {"points": -1, "disposition": "deducted"},
        {"points": -4, "disposition": "reversed"},
        {"points": 0, "disposition": "noted"},
    ]
    corrected = changes({"points": 10}, {"points": 3, "change": -1}, {"points": -1, "change": -1})
    assert rows(own, corrected, {"新风": 99}) == [("新风", 12, -2, -4, 8, 14, 99)]


def test_a_row_stands_wherever_there_is_a_line_or_a_correction_even_of_0():
    own = [{"category": "b", "points": 0}]
    corrected = changes({"category": "a"}, {"category": "a", "change": -1})
    # Where no line is left up to the quarter, the year to date is 0.
    assert rows(own, corrected, {"b": 3, "c": 9}) == [("a", 0, 0, 0, 0, 0, 0), ("b", 0, 0, 0, 0, 0, 3)]
    assert rows([], changes(), {"c": 9}) == []


def test_net_points_are_those_of_each_account():
    made = corrections.nets(lines({}, {"points": -2}, {"category": "平安"}, {"scoring_year": 2024}))
    assert sorted(made.select("scoring_year", "category", "net").rows()) == [
        (2023, "平安", 5),
        (2023, "新风", 3),
        (2024, "新风", 5),
    ]


def laws(announced, before, to_date):
    """The laws that an announcement of (net, year to date) breaks, all of one account."""
    key = {
        "town_id": "town",
        "village_id": "east",
        "household_id": "wang",
        "scoring_year": 2023,
        "category": "a",
    }
    net = {"net": pl.Int64}
    schema = {
        **{name: pl.Int64 if isinstance(value, int) else pl.String for name, value in key.items()},
        **net,
    }
    made = [key | {"net": one, "year_to_date": year} for one, year in announced]
    return corrections.broken_invariants(
        pl.DataFrame(made, schema={**schema, "year_to_date": pl.Int64}),
        pl.DataFrame([key | {"net": one} for one in before], schema=schema),
        pl.DataFrame([key | {"net": one} for one in to_date], schema=schema),
    )


def test_sums_that_do_not_come_out_are_named():
    total, year = (
        "the sum of all announcements is the net of the ledger",
        "the year to date is the sum of the announcements",
    )
    assert laws([(5, 8)], [3], [8]) == []
    assert laws([], [3], [3]) == []
    assert laws([(5, 8)], [3], [9]) == [total]
    assert laws([(5, 8)], [4], [9]) == [year]
    assert laws([(5, 7)], [3], [9]) == [total, year]
    assert laws([(5, 9)], [3], [8]) == [year]
    assert laws([], [3], []) == [total]
    assert laws([], [], [3]) == [total]
