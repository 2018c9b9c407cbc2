"""Rows cut into parts, and what must be known of all of them before any part is scored."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl
import pytest

import memory
import pencil
from jifen_batch.kernels.parts import cut
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.scoring import Terms

DAY = date(2023, 3, 1)


def outcomes(rows_per_part, *rows, **people):
    """State or reason of every row, by event id and item, whatever part it was looked into in."""
    places = number_places(pencil.register(**people))
    terms = Terms(
        places, rule_book(pencil.rules({"code": "a"}, {"code": "b"}), places), date(2023, 12, 31), 15
    )
    parts = memory.buffered(pencil.events(*rows), terms, rows_per_part)
    told = [part.unposted.select("event_id", "item", why="state") for part in parts]
    told += [part.rejects.select("event_id", "item", why="reason") for part in parts]
    told += [part.ledger.select("event_id", "item", why="disposition") for part in parts]
    return sorted(pl.concat(told).rows(), key=repr)


@pytest.mark.parametrize("rows_per_part", [1, 2, 100])
def test_an_id_that_two_households_of_different_parts_have_is_rejected_in_both(rows_per_part):
    rows = [
        {"event_id": "torn", "item": "a", "occurred_on": DAY, "household_id": "li"},
        {"event_id": "torn", "item": "a", "occurred_on": DAY, "household_id": "wang"},
        {"event_id": "own", "item": "a", "occurred_on": DAY, "household_id": "wang"},
    ]
    assert outcomes(rows_per_part, *rows, li=None, wang=None) == [
        ("own", "a", "awarded"),
        ("torn", "a", "conflicting_household"),
        ("torn", "a", "conflicting_household"),
    ]


@pytest.mark.parametrize("rows_per_part", [1, 100])
def test_a_later_revision_without_a_day_stands_and_the_dated_one_does_not(rows_per_part):
    early, late = datetime(2023, 3, 2), datetime(2023, 3, 3)  # noqa: DTZ001 - the specification's local time
    rows = [
        {"event_id": "first", "item": "a", "occurred_on": DAY, "household_id": "li"},
        {"event_id": "e", "item": "a", "occurred_on": DAY, "household_id": "wang", "recorded_at": early},
        {"event_id": "e", "item": "b", "occurred_on": None, "household_id": "wang", "recorded_at": late},
    ]
    assert outcomes(rows_per_part, *rows, li=None, wang=None) == [
        ("e", "a", "superseded"),
        ("e", "b", "missing_field"),
        ("first", "a", "awarded"),
    ]


@pytest.mark.parametrize("rows_per_part", [1, 100])
def test_a_revision_that_names_nobody_is_held_against_the_one_that_does(rows_per_part):
    rows = [
        {"event_id": "e", "item": "a", "occurred_on": DAY, "household_id": "wang"},
        {"event_id": "e", "item": "a", "occurred_on": DAY, "household_id": None},
        {"event_id": "first", "item": "a", "occurred_on": DAY, "household_id": "li"},
    ]
    assert outcomes(rows_per_part, *rows, li=None, wang=None) == [
        ("e", "a", "conflicting_revision"),
        ("e", "a", "conflicting_revision"),
        ("first", "a", "awarded"),
    ]


@pytest.mark.parametrize("rows_per_part", [1, 100])
def test_a_higher_tier_of_another_year_is_lawful_though_the_lower_one_is_another_part_s(rows_per_part):
    """50 in the year before the move leave 150 of 200 for the year after it."""
    tier = {"exclusive": "title", "matter": "required"}
    books = pencil.rules({"code": "a", "points": 50, **tier}, {"code": "b", "points": 200, **tier})
    moved = date(2024, 1, 1)
    spells = [("east", "town", date(2020, 1, 1), moved), ("west", "town", moved, None)]
    places = number_places(pencil.register(wang=spells))
    terms = Terms(places, rule_book(books, places), date(2024, 12, 31), 15)
    rows = [
        {"event_id": "1", "item": "a", "occurred_on": DAY, "matter_id": "m"},
        {"event_id": "2", "item": "b", "occurred_on": DAY.replace(year=2024), "matter_id": "m"},
    ]
    parts = memory.buffered(pencil.events(*rows), terms, rows_per_part)
    assert [law for part in parts for law in part.tally.broken_invariants] == []
    ledger = pl.concat([part.ledger for part in parts])
    assert sorted(ledger.select("village_id", "points").rows()) == [("east", 50), ("west", 150)]


def test_a_part_begins_with_the_household_place_before_which_so_many_rows_lie():
    assert cut(np.array([3, 0, 2, 4, 1]), 4) == [range(3), range(3, 4), range(4, 5)]
    assert cut(np.array([9, 0, 0]), 4) == [range(1), range(1, 3)]
    assert cut(np.array([], dtype=np.int64), 4) == [range(0)]
