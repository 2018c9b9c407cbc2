"""What is behind corrections, for a pencil; what each cause is has its tests where runs are compared."""

from datetime import date

import polars as pl

import pencil
from jifen_batch.analysis import correction_causes
from jifen_batch.analysis.attribution import Side
from kernels.board import causes, changes, lines

HUNG = lines(
    {"event_id": "same"}, {"event_id": "gone"}, {"event_id": "moved"}, {"event_id": "worth", "points": 4}
)
NOW = lines(
    {"event_id": "same"},
    {"event_id": "late"},
    {"event_id": "moved", "quarter": "2023Q2"},
    {"event_id": "worth", "points": 6},
    {"event_id": "own", "quarter": "2023Q2"},
)


def test_corrections_are_what_of_earlier_quarters_stands_on_one_side_only():
    made = (
        correction_causes.corrections(HUNG, NOW, "2023Q1")
        .select("event_id", "points", "change")
        .sort("event_id", "change")
    )
    assert made.rows() == [
        ("gone", 5, -1),
        ("late", 5, 1),
        ("moved", 5, -1),
        ("worth", 4, -1),
        ("worth", 6, 1),
    ]


def test_events_taken_down_are_those_of_corrections_that_take_a_line_down():
    some = changes({"event_id": "a", "change": -1}, {"event_id": "a"}, {"event_id": "b"})
    assert correction_causes.removed_events(some).to_list() == ["a"]


def test_a_line_is_given_each_of_its_causes_once_in_their_order():
    found = causes(
        {"cause": "rows", "what": "revised", "points": 1},
        {"cause": "cap", "what": "followed", "points": 2},
        {"cause": "rows", "what": "revised", "points": 3},
        {"event_id": "e2"},
        {"event_id": "e2", "reversed": True, "cause": "place", "what": "register"},
    )
    made = (
        correction_causes.reasons(found).select("event_id", "reversed", "reason").sort("event_id", "reversed")
    )
    assert made.rows() == [
        ("e1", False, "cap.followed+rows.revised"),
        ("e2", False, "rows.new"),
        ("e2", True, "place.register"),
    ]


def put_down_to(hung, now, last="2023Q1"):
    """Event, cause, what and points of what corrections come from; the books stayed as they are."""
    books = pencil.rules({"code": "help", "category": "新风"})
    hung, now = (frame.with_columns(book=books.books["id"].first()) for frame in (hung, now))
    before, after = Side(books, date(2023, 4, 15)), Side(books, date(2023, 7, 15))
    return correction_causes.causes(hung, now, last, before, after)


def test_what_is_announced_in_this_quarter_instead_is_put_down_to_that():
    hung = lines({"event_id": "same"}, {"event_id": "gone"}, {"event_id": "moved"})
    now = lines(
        {"event_id": "same"},
        {"event_id": "late"},
        {"event_id": "moved", "quarter": "2023Q2", "points": 5, "decision_id": "m"},
        {"event_id": "own", "quarter": "2023Q2"},
    )
    made = put_down_to(hung, now)
    told = made.filter(pl.col("points") != 0).select("event_id", "cause", "what", "points")
    assert sorted(told.rows()) == [
        ("gone", "rows", "missing", -5),
        ("late", "rows", "new", 5),
        ("moved", "later", "quarter", -5),
    ]
    assert made.schema == correction_causes.CAUSES
    assert "own" not in made["event_id"]


def test_by_account_the_causes_sum_to_what_is_adjusted():
    hung = lines({"event_id": "a", "points": 4}, {"event_id": "b"}, {"event_id": "c", "points": 9})
    now = lines({"event_id": "b", "quarter": "2023Q2", "points": 7}, {"event_id": "c", "points": 2})
    corrected = correction_causes.corrections(hung, now, "2023Q1")
    adjusted = (corrected["points"] * corrected["change"]).sum()
    assert (put_down_to(hung, now)["points"].sum(), adjusted) == (-16, -16)


def test_nothing_changed_has_no_cause():
    assert put_down_to(HUNG, HUNG).height == 0
