"""Each field of an item and of a cap, changed alone in an older book: each command says so.

The fields are those of the rule model itself, so that one which is added without a pair here is noticed.
With `SOAK_SEEDS` each pair has a county to itself, whose one book is the county's own.
"""

from __future__ import annotations

import os

import polars as pl
import pytest

from jifen_batch.rules.model import CapTable, Item
from jifen_batch.scheme import rule_fields
from rule_pairs.county import GRAINS, County
from rule_pairs.fields import CAP, ITEM, PAIRS

WHOLE = {
    "code": {"item_added", "item_removed"},
    "disabled": {"item_disabled", "item_restored"},
    "unset": {"cap"},
}
# Points that move between categories alone: none of a household's.
EVEN = {"category": {"A"}}
TOGETHER = "SOAK_SEEDS" not in os.environ


def called(value):
    """The kind and the field of a pair, as the name of its test."""
    kind, name, _ = PAIRS[value]
    return f"{kind}-{name}-{value}"


pairs = pytest.mark.parametrize("number", PAIRS, ids=called)


@pytest.fixture(scope="module")
def counties(tmp_path_factory):
    """The county of a pair, by which of its books is the older one."""
    made = {}

    def county(number, older):
        key = older if TOGETHER else (older, number)
        if key not in made:
            chosen = PAIRS if TOGETHER else {number: PAIRS[number]}
            made[key] = County(tmp_path_factory.mktemp("county"), chosen, older)
        return made[key]

    return county


@pytest.fixture(params=[0, 1], ids=("older_one", "older_other"))
def county(request, number, counties):
    return counties(number, request.param)


def edited(edits, number):
    """What a command says was edited in a pair's books: fields, and kinds where the whole of something."""
    books = {f"b{number}", f"b{number}-over"}
    return {edit["field"] or edit["kind"] for edit in edits if edit["book"] in books}


def of(number, points):
    """The rows of a pair's households."""
    return points.filter(pl.col("household_id").str.starts_with(f"{number}-"))


@pairs
def test_comparisons_of_two_runs_and_of_books_on_trial_name_the_field(number, county):
    _, name, _ = PAIRS[number]
    assert edited(county.compared["rules"], number) & WHOLE.get(name, {name})
    assert edited(county.tried["changes"], number) & WHOLE.get(name, {name})
    assert county.compared["unattributed"] == county.compared["lines_unattributed"] == 0


@pairs
def test_an_older_book_of_one_other_field_is_the_cause_of_each_break_at_each_grain(number, county):
    _, name, pair = PAIRS[number]
    for grain in GRAINS:
        points = county.points[grain]
        differ = of(number, points).filter(pl.col("theirs").fill_null(0) != pl.col("ours").fill_null(0))
        if not grain:
            moved = {f"{number}-{household}" for household in set(pair.moved) - EVEN.get(name, set())}
            assert set(differ["household_id"]) == moved
        breaks = [one for one in county.breaks[grain] if one["household_id"].startswith(f"{number}-")]
        # Of a year that a statement has not, it says nothing.
        years = points.drop_nulls("theirs")["scoring_year"].unique()
        if "quarter" not in grain:
            assert len(breaks) == differ.filter(pl.col("scoring_year").is_in(years.implode())).height
        assert {one["cause"] for one in breaks} <= {"older_rules"}, (grain, breaks)


def test_no_field_of_the_rule_model_is_left_out():
    assert set(ITEM) == set(Item.fields()) == set(rule_fields.ITEM)
    assert set(CAP) == set(CapTable.fields()) == set(rule_fields.CAP_TABLE)


def test_what_moves_points_in_a_pair_decides_something():
    for fields, of_field in ((rule_fields.ITEM, ITEM), (rule_fields.CAP_TABLE, CAP)):
        for name, field_of_rule in fields.items():
            moves = any(pair.moved for pair in of_field[name])
            assert not moves or field_of_rule.decides or name == "unset"
