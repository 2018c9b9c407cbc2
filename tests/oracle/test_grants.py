"""Grants, kinds of households, periods of items: cases that a pencil can check (3.2, 3.3.1, 3.3.2)."""

from __future__ import annotations

from datetime import date

import pytest

from oracle.small import book, event, item, reversed_last, run, seen, spell, told

BASE = item("base", 100, per="year", grant=True, spendable=False)
POSTED = ("event_id", "accrued_on", "points", "disposition")


def posted(scored):
    return [(name, str(day), points, what) for name, day, points, what in seen(scored, "ledger", *POSTED)]


def test_a_yearly_grant_counts_from_the_first_enrolled_day_of_every_year_up_to_now():
    households = [spell(enrolled_on="2023-03-05")]
    assert posted(run([], book(BASE), households=households, as_of="2024-06-01")) == [
        ("grant:base:2023", "2023-03-05", 100, "awarded"),
        ("grant:base:2024", "2024-01-01", 100, "awarded"),
    ]


def test_a_grant_leaves_no_line_before_it_is_posted():
    households = [spell(enrolled_on="2023-03-05")]
    assert posted(run([], book(BASE), households=households, as_of="2023-03-04")) == []


def test_a_monthly_grant_counts_on_each_month_end_on_which_it_is_enrolled():
    households = [spell(enrolled_on="2023-02-28", left_on="2023-04-30"), spell(enrolled_on="2023-05-31")]
    monthly = book(item("base", 5, per="month", grant=True))
    assert posted(run([], monthly, households=households, as_of="2023-06-29")) == [
        ("grant:base:2023", "2023-02-28", 5, "awarded"),
        ("grant:base:2023", "2023-03-31", 5, "awarded"),
        ("grant:base:2023", "2023-05-31", 5, "awarded"),
    ]


def test_who_returns_within_a_year_has_the_yearly_grant_once():
    households = [spell(enrolled_on="2023-02-01", left_on="2023-03-01"), spell(enrolled_on="2023-05-01")]
    assert posted(run([], book(BASE), households=households, as_of="2023-12-31")) == [
        ("grant:base:2023", "2023-02-01", 100, "awarded")
    ]


def test_a_grant_is_that_of_the_book_in_force_at_its_place():
    village = book(
        item("base", 60, per="year", grant=True), id="v", extends="base", scope={"villages": ["v"]}
    )
    households = [spell("here"), spell("there", village="w")]
    scored = run([], book(BASE), village, households=households, as_of="2023-02-01")
    assert seen(scored, "ledger", "household_id", "points", "book") == [
        ("here", 60, "v"),
        ("there", 100, "base"),
    ]


def test_no_grant_where_no_book_governs():
    assert posted(run([], book(BASE, last_year=2023), as_of="2025-01-01")) == [
        ("grant:base:2023", "2023-01-01", 100, "awarded")
    ]


def test_a_grant_takes_the_points_in_force_on_the_day_and_its_own_quarter():
    steps = [{"from": date(2023, 1, 1), "points": 5}, {"from": date(2023, 3, 31), "points": 6}]
    monthly = item("base", steps, per="month", grant=True)
    scored = run([], book(monthly), as_of="2023-04-30", grace_days=100)
    assert seen(scored, "ledger", "points", "quarter") == [
        (5, "2023Q1"),
        (5, "2023Q1"),
        (6, "2023Q1"),
        (6, "2023Q2"),
    ]


def test_a_grant_is_held_by_its_cap_and_taken_by_a_veto():
    rules = book(
        item("base", 40, per="month", grant=True, cap="c"),
        item("fire", 0, forfeits={"scope": "quarter", "items": "all"}),
        caps={"c": 90},
    )
    scored = run([event("f", "fire", "2023-02-10")], rules, as_of="2023-03-31")
    assert reversed_last(told(scored)) == [
        ("grant:base:2023", "awarded", 40, None),
        ("f", "noted", 0, None),
        ("grant:base:2023", "forfeited", 0, "f"),
        ("grant:base:2023", "forfeited", 0, "f"),
        ("grant:base:2023", "reversed", -40, "f"),
    ]


def test_the_kind_of_the_day_decides_and_a_grant_leaves_its_line_too():
    households = [
        spell(enrolled_on="2023-01-01", left_on="2023-02-15", kind="出租户"),
        spell(enrolled_on="2023-02-15"),
    ]
    rules = book(
        item("base", 5, per="month", grant=True, kinds=["出租户"]), item("x", kinds=["出租户", "外出"])
    )
    rows = [event("in", "x", "2023-02-14"), event("out", "x", "2023-02-15")]
    assert sorted(posted(run(rows, rules, households=households, as_of="2023-02-28"))) == [
        ("grant:base:2023", "2023-01-31", 5, "awarded"),
        ("grant:base:2023", "2023-02-28", 0, "not_eligible"),
        ("in", "2023-02-14", 10, "awarded"),
        ("out", "2023-02-15", 0, "not_eligible"),
    ]


def test_a_line_of_another_kind_uses_nothing_up_and_is_no_incident():
    households = [
        spell(enrolled_on="2023-01-01", left_on="2023-02-15"),
        spell(enrolled_on="2023-02-15", kind="k"),
    ]
    rules = book(
        item("x", per="year", kinds=["k"]),
        item("y"),
        item("fire", 0, kinds=["k"], forfeits={"scope": "year", "items": ["x", "y"]}),
    )
    rows = [event("a", "x", "2023-02-14"), event("f", "fire", "2023-02-14"), event("b", "x", "2023-02-15")]
    assert told(run(rows, rules, households=households)) == [
        ("a", "not_eligible", 0, None),
        ("f", "not_eligible", 0, None),
        ("b", "awarded", 10, None),
    ]


def test_who_is_not_enrolled_is_that_and_nothing_else():
    households = [spell(enrolled_on="2023-02-15", kind="k")]
    rows = [event("a", "x", "2023-02-14")]
    assert told(run(rows, book(item("x", kinds=["k"])), households=households)) == [
        ("a", "not_enrolled", 0, None)
    ]


@pytest.mark.parametrize(
    ("per", "last_day", "next_day"),
    [("quarter", "2023-06-30", "2023-07-01"), ("half", "2023-06-30", "2023-07-01")],
)
def test_once_a_quarter_or_half_year_by_the_calendar(per, last_day, next_day):
    rows = [event("a", "x", "2023-05-01"), event("b", "x", last_day), event("c", "x", next_day)]
    assert told(run(rows, book(item("x", per=per)))) == [
        ("a", "awarded", 10, None),
        ("b", "duplicate", 0, "a"),
        ("c", "awarded", 10, None),
    ]


def test_a_quarter_counts_each_member_where_the_item_says_so_and_takes_no_quantity():
    rows = [event("a", "x", member_id="1"), event("b", "x", member_id="2"), event("c", "x", quantity=2)]
    scored = run(rows, book(item("x", per="quarter", by_member=True)))
    assert told(scored) == [("a", "awarded", 10, None), ("b", "awarded", 10, None)]
    assert seen(scored, "rejects", "event_id", "reason") == [("c", "bad_quantity")]


def test_no_event_may_name_a_grant_or_bear_its_id():
    rows = [event("a", "base"), event("grant:base:2023", "base"), event("grant:", "?", "1999-01-01")]
    scored = run(rows, book(BASE), as_of="2023-02-01")
    assert seen(scored, "rejects", "event_id", "reason") == [
        ("a", "granted_item"),
        ("grant:", "reserved_id"),
        ("grant:base:2023", "reserved_id"),
    ]
    assert posted(scored) == [("grant:base:2023", "2023-01-01", 100, "awarded")]
    assert scored.accounting["rows"] == scored.accounting["rejected"] == 3


def test_participation_knows_nothing_of_grants():
    scored = run([event("a", "x", "2023-04-01")], book(BASE, item("x")), as_of="2023-05-01")
    columns = ("quarter", "enrolled", "earning", "active", "awards", "deductions")
    assert seen(scored, "participation", *columns) == [
        ("2023Q1", 1, 0, 0, 0, 0),
        ("2023Q2", 1, 1, 1, 1, 0),
    ]


def test_items_say_what_is_granted_and_what_can_be_spent():
    scored = run([], book(BASE, item("x")), as_of="2023-05-01")
    assert seen(scored, "items", "code", "grant", "spendable") == [("base", True, False), ("x", False, True)]
