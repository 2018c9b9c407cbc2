"""Caps with periods, dates, floors and caps around them, by cases that a pencil can check (3.3.5)."""

from __future__ import annotations

from datetime import date

import pytest

from oracle.small import book, event, item, reversed_last, run, seen

USED = ("event_id", "points", "disposition", "cap_used")


def used(rows, rules, **more):
    """The ledger as event, points, disposition and what its own cap has granted so far."""
    return reversed_last(seen(run(rows, rules, **more), "ledger", *USED))


@pytest.mark.parametrize(
    ("period", "last_day", "next_day"),
    [
        ("month", "2023-05-31", "2023-06-01"),
        ("quarter", "2023-06-30", "2023-07-01"),
        ("half", "2023-06-30", "2023-07-01"),
        ("year", "2023-12-31", "2024-01-01"),
    ],
)
def test_a_cap_begins_anew_with_its_period(period, last_day, next_day):
    rules = book(item("x", 10, cap="c"), caps={"c": {"points": 15, "period": period}})
    rows = [event("a", "x", "2023-05-01"), event("b", "x", last_day), event("c", "x", next_day)]
    assert sorted(used(rows, rules)) == [
        ("a", 10, "awarded", 10),
        ("b", 5, "capped", 15),
        ("c", 10, "awarded", 10),
    ]


def test_the_period_is_that_of_the_day_it_counts_for_however_late_it_is_approved():
    rules = book(item("x", 10, cap="c"), caps={"c": {"points": 15, "period": "month"}})
    rows = [
        event("june", "x", "2023-06-01"),
        event("late", "x", "2023-05-31", decided_on="2023-06-20"),
        event("may", "x", "2023-05-01"),
    ]
    assert used(rows, rules) == [
        ("may", 10, "awarded", 10),
        ("june", 10, "awarded", 10),
        ("late", 5, "capped", 15),
    ]


def test_what_the_inner_cap_leaves_goes_on_to_the_outer_and_each_keeps_its_own_sum():
    caps = {"yard": {"points": 20, "within": "civil"}, "civil": 25}
    rules = book(item("yard", 15, cap="yard"), item("civil", 10, cap="civil"), caps=caps)
    rows = [
        event("a", "yard", "2023-05-01"),
        event("b", "yard", "2023-05-02"),
        event("c", "civil", "2023-05-03"),
        event("d", "yard", "2023-05-04"),
    ]
    assert used(rows, rules) == [
        ("a", 15, "awarded", 15),
        ("b", 5, "capped", 20),
        ("c", 5, "capped", 25),
        ("d", 0, "capped", 20),
    ]


def test_a_line_that_only_the_outer_cap_cuts_still_uses_its_own_up():
    caps = {"yard": {"points": 20, "within": "civil"}, "civil": 25}
    rules = book(item("yard", 15, cap="yard"), item("civil", 20, cap="civil"), caps=caps)
    rows = [event("a", "civil", "2023-05-01"), event("b", "yard", "2023-05-02")]
    assert used(rows, rules) == [("a", 20, "awarded", 20), ("b", 5, "capped", 15)]


def test_three_caps_lie_in_each_other_by_month_quarter_and_year():
    caps = {
        "m": {"points": 10, "period": "month", "within": "q"},
        "q": {"points": 15, "period": "quarter", "within": "y"},
        "y": 22,
    }
    rules = book(item("x", 8, cap="m"), caps=caps)
    days = ("2023-01-01", "2023-01-02", "2023-02-01", "2023-04-01", "2023-05-01")
    assert used([event(day[5:], "x", day) for day in days], rules) == [
        ("01-01", 8, "awarded", 8),
        ("01-02", 2, "capped", 10),
        ("02-01", 5, "capped", 8),
        ("04-01", 7, "capped", 8),
        ("05-01", 0, "capped", 8),
    ]


def test_a_net_cap_with_a_floor_brings_down_to_it_and_no_further():
    rules = book(
        item("good", 30, cap="c"),
        item("bad", -25, cap="c"),
        caps={"c": {"points": 50, "basis": "net", "floor": 0}},
    )
    rows = [
        event("a", "bad", "2023-05-01"),
        event("b", "good", "2023-05-02"),
        event("c", "bad", "2023-05-03"),
        event("d", "bad", "2023-05-04"),
        event("e", "good", "2023-05-05"),
        event("f", "good", "2023-05-06"),
    ]
    assert used(rows, rules) == [
        ("a", 0, "floored", 0),
        ("b", 30, "awarded", 30),
        ("c", -25, "deducted", 5),
        ("d", -5, "floored", 0),
        ("e", 30, "awarded", 30),
        ("f", 20, "capped", 50),
    ]


def test_a_floor_below_zero_lets_so_much_be_owed():
    rules = book(item("bad", -25, cap="c"), caps={"c": {"points": 0, "basis": "net", "floor": -30}})
    rows = [event("a", "bad", "2023-05-01"), event("b", "bad", "2023-05-02")]
    assert used(rows, rules) == [("a", -25, "deducted", -25), ("b", -5, "floored", -30)]


def test_a_cap_that_is_only_a_floor_has_no_upper_bound():
    rules = book(
        item("good", 1_000_000, cap="total"),
        item("bad", -1_000_000, cap="total"),
        caps={"total": {"floor": 0, "basis": "net"}},
    )
    rows = [
        event("a", "good", "2023-05-01", quantity=1000),
        event("b", "good", "2023-05-02", quantity=1000),
        event("c", "bad", "2023-05-03", quantity=1000),
        event("d", "bad", "2023-05-04", quantity=1000),
        event("e", "bad", "2023-05-05"),
    ]
    assert used(rows, rules) == [
        ("a", 10**9, "awarded", 10**9),
        ("b", 10**9, "awarded", 2 * 10**9),
        ("c", -(10**9), "deducted", 10**9),
        ("d", -(10**9), "deducted", 0),
        ("e", 0, "floored", 0),
    ]


def test_a_deduction_makes_room_in_every_net_cap_around_it_by_what_the_inner_let_through():
    caps = {
        "inner": {"points": 10, "basis": "net", "floor": -5, "within": "outer"},
        "outer": {"points": 20, "basis": "net", "floor": 0},
    }
    rules = book(
        item("good", 10, cap="inner"),
        item("bad", -20, cap="inner"),
        item("other", 15, cap="outer"),
        caps=caps,
    )
    rows = [
        event("a", "other", "2023-05-01"),
        event("b", "good", "2023-05-02"),
        event("c", "bad", "2023-05-03"),
        event("d", "other", "2023-05-04"),
    ]
    # b: inner 10, outer takes 5 of it. c: inner moves by -15, outer from 20 to 5. d: 15 to 20.
    assert used(rows, rules) == [
        ("a", 15, "awarded", 15),
        ("b", 5, "capped", 10),
        ("c", -15, "floored", -5),
        ("d", 15, "awarded", 20),
    ]


def test_an_awards_cap_may_lie_within_a_net_one():
    caps = {"help": {"points": 10, "within": "all"}, "all": {"points": 12, "basis": "net", "floor": 0}}
    rules = book(item("help", 8, cap="help"), item("bad", -5, cap="all"), caps=caps)
    rows = [
        event("a", "help", "2023-05-01"),
        event("b", "bad", "2023-05-02"),
        event("c", "help", "2023-05-03"),
    ]
    assert used(rows, rules) == [("a", 8, "awarded", 8), ("b", -5, "deducted", 3), ("c", 2, "capped", 10)]


STEPS = [{"from": date(2023, 1, 1), "points": 55}, {"from": date(2023, 8, 1), "points": 40}]


def test_a_cap_that_falls_takes_nothing_back_and_grants_nothing_until_there_is_room():
    rules = book(item("x", 30, cap="c"), caps={"c": {"points": STEPS}})
    rows = [event("a", "x", "2023-05-01"), event("b", "x", "2023-07-31"), event("c", "x", "2023-08-01")]
    assert used(rows, rules) == [
        ("a", 30, "awarded", 30),
        ("b", 25, "capped", 55),
        ("c", 0, "capped", 55),
    ]


def test_a_cap_that_rises_makes_room_for_what_is_posted_from_that_day_on():
    steps = [{"from": date(2023, 1, 1), "points": 20}, {"from": date(2023, 8, 1), "points": 40}]
    rules = book(item("x", 15, cap="c"), caps={"c": {"points": steps}})
    days = ("2023-05-01", "2023-06-01", "2023-07-31", "2023-08-01", "2023-09-01")
    assert used([event(day[5:], "x", day) for day in days], rules) == [
        ("05-01", 15, "awarded", 15),
        ("06-01", 5, "capped", 20),
        ("07-31", 0, "capped", 20),
        ("08-01", 15, "awarded", 35),
        ("09-01", 5, "capped", 40),
    ]


def test_a_dated_cap_looks_at_the_day_of_posting_but_never_beyond_the_scoring_year():
    steps = [*STEPS, {"from": date(2024, 1, 1), "points": 100}]
    rules = book(item("x", 50, cap="c"), caps={"c": {"points": steps}})
    rows = [event("june", "x", "2023-06-01", decided_on="2023-08-01")]
    assert used(rows, rules) == [("june", 40, "capped", 40)]
    next_year = [event("june", "x", "2023-06-01", decided_on="2024-02-01")]
    assert used(next_year, rules) == [("june", 40, "capped", 40)]


def test_a_dated_cap_may_count_by_period_and_lie_within_another():
    caps = {"in": {"points": STEPS, "period": "half", "within": "out"}, "out": 70}
    rules = book(item("x", 50, cap="in"), caps=caps)
    rows = [event("a", "x", "2023-06-30"), event("b", "x", "2023-07-01"), event("c", "x", "2023-08-01")]
    assert used(rows, rules) == [
        ("a", 50, "awarded", 50),
        ("b", 20, "capped", 50),
        ("c", 0, "capped", 50),
    ]


def test_a_matter_cap_stands_before_the_caps_of_periods():
    rules = book(
        item("x", 10, matter="required", matter_cap=14, cap="c"),
        caps={"c": {"points": 12, "period": "month"}},
    )
    rows = [event(name, "x", f"2023-05-0{n}", matter_id="m") for n, name in enumerate("abc", 1)]
    assert used(rows, rules) == [("a", 10, "awarded", 10), ("b", 2, "capped", 12), ("c", 0, "capped", 12)]


def test_a_superseded_honour_stays_so_under_a_full_cap_and_a_topped_up_one_is_capped():
    honours = [
        item(name, points, exclusive="h", matter="required", cap="c")
        for name, points in (("town", 50), ("city", 80))
    ]
    rules = book(*honours, caps={"c": {"points": 60, "period": "half"}})
    rows = [
        event("a", "town", "2023-05-01", matter_id="m"),
        event("b", "city", "2023-05-02", matter_id="m"),
        event("c", "town", "2023-05-03", matter_id="m"),
    ]
    assert used(rows, rules) == [
        ("a", 50, "awarded", 50),
        ("b", 10, "capped", 60),
        ("c", 0, "superseded", 60),
    ]


def test_what_is_forfeited_stays_counted_under_every_cap():
    caps = {"in": {"points": 20, "period": "quarter", "within": "out"}, "out": 25}
    rules = book(
        item("x", 15, cap="in"),
        item("y", 15, cap="out"),
        item("fire", 0, forfeits={"scope": "quarter", "items": ["x"]}),
        caps=caps,
    )
    rows = [event("a", "x", "2023-05-01"), event("f", "fire", "2023-05-02"), event("b", "y", "2023-05-03")]
    assert used(rows, rules) == [
        ("a", 15, "awarded", 15),
        ("f", 0, "noted", None),
        ("b", 10, "capped", 25),
        ("a", -15, "reversed", None),
    ]


def test_a_floor_may_be_met_by_what_was_taken_back_before():
    rules = book(
        item("x", 15, cap="c"),
        item("bad", -10, cap="c"),
        item("fire", 0, forfeits={"scope": "year", "items": ["x"]}),
        caps={"c": {"points": 20, "basis": "net", "floor": 0}},
    )
    rows = [event("a", "x", "2023-05-01"), event("f", "fire", "2023-05-02"), event("b", "bad", "2023-05-03")]
    # The forfeited 15 stay counted, so the deduction still finds them to bring down.
    assert used(rows, rules) == [
        ("a", 15, "awarded", 15),
        ("f", 0, "noted", None),
        ("b", -10, "deducted", 5),
        ("a", -15, "reversed", None),
    ]


def test_a_line_worth_nothing_is_noted_and_tells_what_its_cap_has_granted():
    rules = book(
        item("x", 10, cap="c"), item("nil", 0, cap="c"), caps={"c": {"points": 10, "period": "month"}}
    )
    rows = [event("a", "x", "2023-05-01"), event("b", "nil", "2023-05-02"), event("c", "nil", "2023-06-02")]
    assert used(rows, rules) == [("a", 10, "awarded", 10), ("b", 0, "noted", 10), ("c", 0, "noted", 0)]
