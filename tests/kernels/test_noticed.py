"""What a village's printed notice says of its households, for a pencil."""

import polars as pl

from jifen_batch.analysis import corrections, notice_figures, notice_rows
from kernels.board import books, changes, lines, standings

NAMES = notice_rows.naming(
    books(help=("志愿服务", "item"), kind=("好事", "category"), quiet=("密", "hidden"))
)


def announcement(own, corrected=None):
    """Rows of an announcement of the second quarter."""
    own = lines(*own)
    return corrections.announcement(
        own, changes() if corrected is None else corrected, corrections.nets(own), "2023Q2"
    )


def test_the_board_lists_who_is_ranked_and_who_has_a_row_best_first():
    rows = announcement(
        [
            {"household_id": "a"},
            {"household_id": "a", "category": "平安", "points": -2, "disposition": "deducted"},
            {"household_id": "left", "points": 9},
            {"household_id": "a", "scoring_year": 2022, "points": 1},
            {"household_id": "gone", "village_id": "west"},
            {"household_id": "far", "town_id": "a town"},
        ]
    )
    listed = standings(
        ("a", 2023, 3, 2),
        ("b", 2023, 8, 1),
        ("c", 2023, 3, 2),
        ("left", 2023, 9, None),
        ("left too", 2023, 1, None),
        ("next", 2024, 9, 1),
        ("a", 2022, 7, 4),
        ("b", 2022, 7, 4),
    )
    made = notice_figures.board(rows, listed, standings(("a", 2023, 1, 5), ("b", 2022, 1, 6)), 2023)
    assert made["town_id"].to_list() == ["a town", *["town"] * 6]
    assert made["rank_before"].to_list() == [None, None, 5, None, None, None, None]
    assert made.drop("town_id", "rank_before", "quarter_rank", "grade").rows() == [
        ("east", "far", 2023, None, 5, 0, 0, 0, 5, 0),
        ("east", "b", 2023, 1, None, None, None, None, None, 8),
        ("east", "a", 2023, 2, 5, -2, 0, 0, 3, 3),
        ("east", "c", 2023, 2, None, None, None, None, None, 3),
        ("east", "left", 2023, None, 9, 0, 0, 0, 9, 9),
        ("east", "a", 2022, 4, 1, 0, 0, 0, 1, 7),
        # Nobody knows this one there: it was corrected away, or never enrolled.
        ("west", "gone", 2023, None, 5, 0, 0, 0, 5, 0),
    ]


OWN = lines(
    {"item": "help"},
    {"item": "help", "points": 7, "disposition": "capped"},
    {"item": "help", "points": 0, "disposition": "capped"},
    {"item": "kind", "points": 3},
    {"item": "kind", "points": -1, "disposition": "reversed"},
    {"item": "quiet", "points": 100},
    {"item": "nobody knows", "points": 1_000},
    {"item": "help", "book": "another", "points": 10_000},
    {"item": "quiet", "category": "平安", "points": 100},
    {"item": "kind", "category": "议事", "points": 0},
)


def test_categories_count_all_but_hidden_items():
    made = notice_figures.by_category(OWN, NAMES).sort("category").select("category", "points")
    assert made.rows() == [("新风", 14), ("议事", 0)]


def test_items_are_named_as_far_as_they_may_be_and_what_brought_nothing_is_left_out():
    made = notice_figures.by_item(OWN, NAMES).select("category", "name", "lines", "points")
    assert made.rows() == [("新风", "志愿服务", 2, 12), ("新风", None, 2, 2)]


CORRECTED = changes(
    {"item": "help", "reason": "rows.new", "points": 10},
    {"item": "help", "reason": "rows.new", "points": 4, "change": -1},
    {"item": "help", "reason": "rows.withdrawn", "points": 2, "change": -1},
    {"item": "kind", "reason": "rows.new", "points": 3},
    {"item": "quiet", "reason": "points.edited", "points": 7},
    {"item": "quiet", "reason": "rows.new", "points": 1, "category": "平安"},
    {"household_id": "li", "item": "help", "reason": "rows.new"},
    {"household_id": "li", "item": "kind", "reason": "rows.withdrawn", "change": -1},
    {"household_id": "qi", "item": "help", "reason": "quarter", "points": 5},
    {"household_id": "qi", "item": "help", "reason": "quarter", "points": 5, "change": -1},
)


def test_corrections_say_why_and_hidden_ones_only_that_they_are_there():
    made = notice_figures.why(CORRECTED, NAMES).select("household_id", "category", "name", "reason", "points")
    assert made.schema["points"] == pl.Int64
    assert made.rows() == [
        ("li", "新风", "志愿服务", "rows.new", 5),
        ("li", "新风", None, "rows.withdrawn", -5),
        ("wang", "新风", "志愿服务", "rows.new", 6),
        ("wang", "新风", "志愿服务", "rows.withdrawn", -2),
        ("wang", "新风", None, "rows.new", 3),
        ("wang", None, None, None, 8),
    ]


def test_a_correction_says_what_was_announced_of_all_categories_and_what_it_is_now():
    reasons = notice_figures.why(CORRECTED, NAMES)
    rows = announcement([{"points": 50}], CORRECTED)
    before = [("wang", "新风", 20), ("wang", "平安", 3), ("li", "新风", 1), ("zhao", "新风", 9)]
    hung = pl.DataFrame(
        [("town", "east", home, 2023, category, net) for home, category, net in before],
        schema={**{name: lines().schema[name] for name in corrections.ACCOUNT}, "net": pl.Int64},
        orient="row",
    )
    made = notice_figures.corrected(rows, hung, reasons).select(
        "household_id", "announced", "now", "difference"
    )
    assert made.rows() == [("li", 1, 1, 0), ("wang", 23, 38, 15)]
    nothing = notice_figures.corrected(rows, hung.clear(), reasons).select("household_id", "announced", "now")
    assert nothing.rows() == [("li", 0, 0), ("wang", 0, 15)]
