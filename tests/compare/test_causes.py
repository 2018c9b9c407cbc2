"""One small case for each cause: a village scored twice, with one thing different."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest

import pencil
from jifen_batch.analysis.attribution import Side, attribute
from jifen_batch.analysis.changes import changed_lines
from jifen_batch.scheme.causes import CHANGE_CAUSES
from jifen_batch.scheme.word import names
from jifen_batch.tables.compared import ATTRIBUTED

WALK, DANCE = date(2024, 3, 1), date(2024, 5, 1)
AS_OF = date(2025, 12, 31)
VOLUNTEER = {"code": "volunteer"}
INCIDENT = {"code": "incident", "points": -20, "forfeits": ("year", ["volunteer"])}
NEW_YEAR = date(2024, 1, 1)
MOVING = pencil.register(
    wang=[("village", "town", date(2020, 1, 1), NEW_YEAR), ("other", "town", NEW_YEAR, None)]
)


def event(name, day=WALK, item="volunteer", **fields):
    return {"event_id": name, "item": item, "occurred_on": day, **fields}


def village(items=(VOLUNTEER,), rows=(), as_of=AS_OF, tables=None, **options):
    """A ledger, and the side behind it."""
    tables = tables or pencil.rules(*items)
    scored = pencil.scored(tables, pencil.events(*rows), as_of=as_of, **options)
    rejects = scored.rejects.with_columns(source_file=pl.lit("file"), source_row=pl.lit(1))
    return scored.ledger, Side(tables, as_of, scored.unposted, rejects)


def attributed(before, after):
    """Changed lines between two villages, held to the difference of their ledgers."""
    (ledger, side), (ledger_after, side_after) = before, after
    found = attribute(changed_lines(ledger, ledger_after), side, side_after)
    assert found.schema == ATTRIBUTED.schema
    assert set(found["cause"]) <= set(names(CHANGE_CAUSES))
    assert found["points"].sum() == ledger_after["points"].sum() - ledger["points"].sum()
    return found


def told(before, after):
    """The same as event, cause, what, rule, because and points; in order of posting."""
    columns = ("event_id", "cause", "what", "rule", "because", "points")
    return attributed(before, after).select(columns).rows()


def test_equal_ledgers_have_no_changed_lines():
    same = village(rows=[event("a"), event("b", matter_id="m")])
    assert told(same, same) == []


def test_a_new_row_and_a_missing_one():
    less, more = village(rows=[event("a")]), village(rows=[event("a"), event("b")])
    assert told(less, more) == [("b", "rows", "new", None, None, 5)]
    assert told(more, less) == [("b", "rows", "missing", None, None, -5)]


@pytest.mark.parametrize("status", ["declared", "assessed", "declined", "withdrawn"])
def test_an_event_that_is_not_approved_on_one_side_is_so_there(status):
    without, line = village(rows=[event("a", status=status)]), village(rows=[event("a")])
    assert told(without, line) == [("a", "rows", status, None, None, 5)]
    assert told(line, without) == [("a", "rows", status, None, None, -5)]


def test_of_several_rows_the_one_that_stands_is_told():
    first = event("a", recorded_at=datetime(2024, 3, 2))  # noqa: DTZ001 - local time
    second = event("a", recorded_at=datetime(2024, 3, 3), status="declared")  # noqa: DTZ001 - likewise
    assert told(village(rows=[first]), village(rows=[first, second])) == [
        ("a", "rows", "declared", None, None, -5)
    ]


def test_a_revised_row_that_is_rejected_is_told_by_its_reason():
    good, bad = village(rows=[event("a")]), village(rows=[event("a", quantity=0)])
    assert told(good, bad) == [("a", "rows", "bad_quantity", None, None, -5)]


def test_an_end_given_to_what_is_no_pledge_is_the_rows_and_not_the_rules():
    good, bad = village(rows=[event("a")]), village(rows=[event("a", until=DANCE)])
    assert told(good, bad) == [("a", "rows", "unexpected_until", None, None, -5)]


def test_a_corrected_quantity_is_the_rows():
    assert told(village(rows=[event("a")]), village(rows=[event("a", quantity=3)])) == [
        ("a", "rows", "revised", None, None, 10)
    ]


def test_a_corrected_item_is_the_rows_whatever_its_points():
    items = [VOLUNTEER, {"code": "other", "points": 9}]
    assert told(village(items, [event("a")]), village(items, [event("a", item="other")])) == [
        ("a", "rows", "revised", None, None, 4)
    ]


def test_a_day_corrected_into_another_year_is_no_move():
    early, late = (village(rows=[event("a", day)], people=MOVING) for day in (date(2023, 3, 1), WALK))
    assert {(cause, what) for _, cause, what, *_ in told(early, late)} == {("rows", "revised")}


@pytest.mark.parametrize("people", [{}, {"people": MOVING}], ids=["at one place", "moving between the years"])
def test_a_day_corrected_into_a_year_that_does_not_offer_the_item_is_the_rows_and_not_the_rules(people):
    tables = pencil.compiled(
        pencil.book(VOLUNTEER, id="earlier", first_year=2000, last_year=2023),
        pencil.book({"code": "walk"}, id="later", first_year=2024),
    )
    years = [
        village(rows=[event("a", date(year, 5, 1)), event("b", date(2023, 5, 2))], tables=tables, **people)
        for year in (2023, 2024)
    ]
    assert told(*years) == [("a", "rows", "unknown_item", None, None, -5)]
    assert told(*years[::-1]) == [("a", "rows", "unknown_item", None, None, 5)]


def test_a_corrected_day_takes_one_line_down_and_puts_another_up():
    assert told(village(rows=[event("a")]), village(rows=[event("a", DANCE)])) == [
        ("a", "rows", "revised", None, None, -5),
        ("a", "rows", "revised", None, None, 5),
    ]


def test_a_pledge_that_ends_earlier_loses_months_by_its_rows():
    pledge = {"code": "volunteer", "per": "month", "pledge": True}
    whole = village([pledge], [event("a", date(2024, 10, 1))])
    short = village([pledge], [event("a", date(2024, 10, 1), until=date(2024, 11, 30))])
    assert told(whole, short) == [("a", "rows", "revised", None, None, -5)]


def test_another_meeting_changes_no_points():
    assert told(village(rows=[event("a")]), village(rows=[event("a", decision_id="m1")])) == [
        ("a", "rows", "revised", None, None, 0)
    ]


def test_what_posts_after_the_other_day_is_due():
    early, late = village(rows=[event("a", DANCE)], as_of=WALK), village(rows=[event("a", DANCE)])
    assert told(early, late) == [("a", "due", "time", None, None, 5)]
    assert told(late, early) == [("a", "due", "time", None, None, -5)]


def test_a_household_that_counts_elsewhere_takes_its_points_along():
    spells = {"wang": [("other", "town", date(2020, 1, 1), None)]}
    here, there = village(rows=[event("a")]), village(rows=[event("a")], people=pencil.register(**spells))
    found = attributed(here, there).select("village_id", "cause", "what", "points")
    assert sorted(found.rows()) == [
        ("other", "place", "register", 5),
        ("village", "place", "register", -5),
    ]


def test_another_book_in_force_is_named():
    tables = pencil.rules(VOLUNTEER)
    other = pencil.rules(VOLUNTEER | {"points": 7})
    other = replace(other, books=other.books.with_columns(id=pl.lit("local")))
    assert told(village(rows=[event("a")], tables=tables), village(rows=[event("a")], tables=other)) == [
        ("a", "book", "other_book", "local", None, 2)
    ]


def test_a_year_that_no_book_governs_any_more_is_the_books():
    line = village(rows=[event("a")])
    none = village(rows=[event("a")], tables=pencil.rules(VOLUNTEER, first_year=2025))
    assert told(line, none) == [("a", "book", "other_book", "book", None, -5)]


def test_edited_points():
    assert told(
        village(rows=[event("a", quantity=2)]), village([VOLUNTEER | {"points": 7}], [event("a", quantity=2)])
    ) == [("a", "points", "edited", "volunteer", None, 4)]


def test_an_item_that_is_no_longer_offered():
    rows = [event("a"), event("b", item="other")]
    both, one = village([VOLUNTEER, {"code": "other"}], rows), village([VOLUNTEER], rows)
    assert told(both, one) == [("b", "item", "edited", "other", None, -5)]


def test_a_pledge_that_no_longer_is_one_keeps_its_first_month():
    pledge = {"code": "volunteer", "per": "month", "pledge": True}
    rows = [event("a", date(2024, 11, 1))]
    assert told(village([pledge], rows), village([pledge | {"pledge": False}], rows)) == [
        ("a", "item", "edited", "volunteer", None, -5)
    ]


def test_another_category_moves_points_between_categories():
    rows = [event("a")]
    found = attributed(village(rows=rows), village([VOLUNTEER | {"category": "另类"}], rows))
    assert sorted(found.select("category", "cause", "points").rows()) == [
        ("另类", "item", 5),
        ("类别", "item", -5),
    ]


def test_enrolment():
    spells = {"wang": [("village", "town", date(2024, 4, 1), None)]}
    assert told(village(rows=[event("a")]), village(rows=[event("a")], people=pencil.register(**spells))) == [
        ("a", "enrolment", "register", None, None, -5)
    ]


def test_once_follows_an_event_that_came_first():
    yearly = {"code": "volunteer", "per": "year"}
    later, both = village([yearly], [event("b", DANCE)]), village([yearly], [event("a"), event("b", DANCE)])
    assert told(later, both) == [
        ("a", "rows", "new", None, None, 5),
        ("b", "once", "followed", "volunteer", "a", -5),
    ]


def test_once_edited():
    rows = [event("a"), event("b", DANCE)]
    assert told(village(rows=rows), village([VOLUNTEER | {"per": "year"}], rows)) == [
        ("b", "once", "edited", "volunteer", "a", -5)
    ]


TIERS = [
    {"code": "town", "exclusive": "honour", "matter": "year", "points": 50},
    {"code": "city", "exclusive": "honour", "matter": "year", "points": 200},
]
HONOURS = [event("t", item="town"), event("c", DANCE, item="city")]


def test_a_tier_follows_the_one_before_it():
    assert told(village(TIERS, HONOURS[1:]), village(TIERS, HONOURS)) == [
        ("t", "rows", "new", None, None, 50),
        ("c", "tier", "followed", "honour", "t", -50),
    ]


def test_a_tier_whose_points_are_edited_leaves_less_to_the_next():
    dearer = [TIERS[0] | {"points": 80}, TIERS[1]]
    assert told(village(TIERS, HONOURS), village(dearer, HONOURS)) == [
        ("t", "points", "edited", "town", None, 30),
        ("c", "tier", "followed", "honour", "t", -30),
    ]


def test_a_tier_edited():
    apart = [item | {"exclusive": None} for item in TIERS]
    assert told(village(apart, HONOURS), village(TIERS, HONOURS)) == [
        ("c", "tier", "edited", "honour", "t", -50)
    ]


def test_an_item_that_joins_a_tier_is_behind_the_line_that_loses_though_its_own_does_not():
    alone = [TIERS[0] | {"exclusive": None}, TIERS[1]]
    assert told(village(alone, HONOURS), village(TIERS, HONOURS)) == [
        ("c", "tier", "edited", "honour", "t", -50)
    ]


MATTER = {"code": "volunteer", "matter": "day", "matter_cap": 8}


def test_a_matter_cap_follows():
    rows = [event("a"), event("b")]
    assert told(village([MATTER], rows[1:]), village([MATTER], rows)) == [
        ("a", "rows", "new", None, None, 5),
        ("b", "matter_cap", "followed", "volunteer", "a", -2),
    ]


def test_a_matter_cap_edited():
    rows = [event("a", quantity=2)]
    assert told(village([MATTER], rows), village([MATTER | {"matter_cap": 6}], rows)) == [
        ("a", "matter_cap", "edited", "volunteer", None, -2)
    ]


CAPPED = {"code": "volunteer", "cap": "year", "cap_points": 8}


def test_a_year_cap_follows():
    rows = [event("a"), event("b", DANCE)]
    assert told(village([CAPPED], rows[1:]), village([CAPPED], rows)) == [
        ("a", "rows", "new", None, None, 5),
        ("b", "cap", "followed", "year", "a", -2),
    ]


def test_a_year_cap_follows_lines_of_its_own_year():
    rows = [event("b", DANCE)]
    earlier = [event("z", date(2023, 3, 1)), event("a"), *rows]
    assert told(village([CAPPED], rows), village([CAPPED], earlier)) == [
        ("z", "rows", "new", None, None, 5),
        ("a", "rows", "new", None, None, 5),
        ("b", "cap", "followed", "year", "a", -2),
    ]


def test_what_a_tier_had_taken_already_is_not_the_caps():
    roomy = [item | {"cap": "year", "cap_points": 500} for item in TIERS]
    tight = [item | {"cap": "year", "cap_points": 100} for item in TIERS]
    assert told(village(roomy, HONOURS), village(tight, HONOURS)) == [
        ("c", "cap", "edited", "year", None, -100)
    ]


def test_a_line_that_shows_no_change_may_leave_other_room():
    forfeited = {"code": "volunteer", "cap": "year", "cap_points": 8, "matter_cap": 5}
    items = [INCIDENT, {"code": "other", "cap": "year", "cap_points": 8}]
    rows = [event("i", item="incident"), event("a", DANCE), event("b", date(2024, 6, 1), item="other")]
    tight = [forfeited | {"matter_cap": 2}, *items]
    assert told(village([forfeited, *items], rows), village(tight, rows)) == [
        ("b", "cap", "edited", "year", None, 2)
    ]


def test_books_that_do_not_know_an_item_are_not_held_against_those_that_do():
    (ledger, side), more = village([CAPPED], [event("b", DANCE)]), [event("a"), event("b", DANCE)]
    unknowing = replace(side, books=pencil.rules({"code": "unknown"}))
    assert told((ledger, unknowing), village([CAPPED], more)) == [
        ("a", "rows", "new", None, None, 5),
        ("b", "cap", "followed", "year", "a", -2),
    ]


def test_a_year_cap_edited():
    rows = [event("a"), event("b", DANCE)]
    assert told(village([CAPPED], rows), village([CAPPED | {"cap_points": 9}], rows)) == [
        ("b", "cap", "edited", "year", None, 1)
    ]


def test_what_a_cap_takes_of_edited_points_is_told_apart():
    rows = [event("a"), event("b", DANCE)]
    assert told(village([CAPPED], rows), village([CAPPED | {"points": 6}], rows)) == [
        ("a", "points", "edited", "volunteer", None, 1),
        ("b", "cap", "followed", "year", "a", -2),
        ("b", "points", "edited", "volunteer", None, 1),
    ]


def test_two_edits_of_one_line_are_told_apart():
    rows = [event("a", quantity=2)]
    dearer = CAPPED | {"points": 6, "cap_points": 11}
    assert told(village([CAPPED], rows), village([dearer], rows)) == [
        ("a", "cap", "edited", "year", None, 1),
        ("a", "points", "edited", "volunteer", None, 2),
    ]


def test_room_under_a_cap_that_is_not_used_changes_no_points():
    roomy = CAPPED | {"cap_points": 100}
    rows = [event("a"), event("b", DANCE)]
    assert told(village([roomy], rows[1:]), village([roomy], rows)) == [
        ("a", "rows", "new", None, None, 5),
        ("b", "cap", "followed", "year", "a", 0),
    ]


def test_an_incident_takes_back_and_lets_nothing_more_come():
    items = [VOLUNTEER, INCIDENT]
    rows = [event("a"), event("b", date(2024, 6, 1))]
    struck = [*rows, event("i", DANCE, item="incident")]
    assert told(village(items, rows), village(items, struck)) == [
        ("a", "forfeiture", "followed", "volunteer", "i", -5),
        ("i", "rows", "new", None, None, -20),
        ("b", "forfeiture", "followed", "volunteer", "i", -5),
    ]


def test_a_forfeiture_edited():
    harmless = INCIDENT | {"forfeits": (None, [])}
    rows = [event("a"), event("i", DANCE, item="incident")]
    assert told(village([VOLUNTEER, INCIDENT], rows), village([VOLUNTEER, harmless], rows)) == [
        ("a", "forfeiture", "edited", "volunteer", "i", 5)
    ]


def test_a_label_of_the_incident_is_not_behind_an_edited_forfeiture():
    renamed = INCIDENT | {"forfeits": (None, []), "category": "另类"}
    rows = [event("a"), event("i", DANCE, item="incident")]
    found = attributed(village([VOLUNTEER, INCIDENT], rows), village([VOLUNTEER, renamed], rows))
    assert found.filter(pl.col("event_id") == "a").select("cause", "what", "points").rows() == [
        ("forfeiture", "edited", 5)
    ]


def test_a_reversal_follows_its_award_so_that_what_is_taken_back_anyway_changes_nothing():
    rows = [event("a"), event("i", DANCE, item="incident")]
    dearer = [VOLUNTEER | {"points": 7}, INCIDENT]
    assert told(village([VOLUNTEER, INCIDENT], rows), village(dearer, rows)) == [
        ("a", "points", "edited", "volunteer", None, 2),
        ("a", "points", "edited", "volunteer", None, -2),
    ]


def test_a_reversal_of_what_had_brought_nothing_follows_its_award_unless_the_incident_is_new():
    closed, open_ = [CAPPED | {"cap_points": 0}, INCIDENT], [CAPPED, INCIDENT]
    rows = [event("a")]
    struck = [*rows, event("i", DANCE, item="incident")]
    assert told(village(closed, struck), village(open_, struck)) == [
        ("a", "cap", "edited", "year", None, 5),
        ("a", "cap", "edited", "year", None, -5),
    ]
    assert told(village(closed, rows), village(open_, struck)) == [
        ("a", "cap", "edited", "year", None, 5),
        ("a", "forfeiture", "followed", "volunteer", "i", -5),
        ("i", "rows", "new", None, None, -20),
    ]


def test_days_of_grace_move_quarters_and_no_points():
    rows = [event("a", decided_on=date(2024, 4, 10))]
    assert told(village(rows=rows), village(rows=rows, grace_days=0)) == [
        ("a", "grace", "option", None, None, 0)
    ]


def test_what_nothing_bears_out_is_unattributed():
    ledger, side = village([CAPPED], [event("a", quantity=2)])
    wrong = ledger.with_columns(pl.col("points") - 1)
    assert told((ledger, side), (wrong, side)) == [("a", "unattributed", "unattributed", None, None, -1)]
