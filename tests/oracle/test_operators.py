"""Each operator of the oracle by a case that a pencil can check, and each pair that meet."""

from __future__ import annotations

import pytest

from oracle.small import book, event, item, run, seen, spell, told

HONOURS = [
    item("town", 50, exclusive="honour", matter="required"),
    item("district", 100, exclusive="honour", matter="required"),
    item("city", 200, exclusive="honour", matter="required"),
]


def test_the_first_day_of_a_spell_counts_and_the_first_day_after_it_does_not():
    gone = [spell(enrolled_on="2023-05-02", left_on="2023-05-04")]
    days = ["2023-05-01", "2023-05-02", "2023-05-03", "2023-05-04"]
    scored = run([event(day[-2:], "x", day) for day in days], book(item("x")), households=gone)
    assert told(scored) == [
        ("01", "not_enrolled", 0, None),
        ("02", "awarded", 10, None),
        ("03", "awarded", 10, None),
        ("04", "not_enrolled", 0, None),
    ]


def test_enrolment_is_asked_on_the_months_last_day():
    late = [spell(enrolled_on="2023-05-31")]
    scored = run([event("early", "x", "2023-05-01")], book(item("x", per="month")), households=late)
    assert told(scored) == [("early", "awarded", 10, None)]


@pytest.mark.parametrize(
    ("per", "second", "third"),
    [
        ("month", "2023-05-31", "2023-06-01"),
        ("year", "2023-12-31", "2024-01-01"),
    ],
)
def test_once_per_period_the_first_stands(per, second, third):
    rows = [event("one", "x", "2023-05-01"), event("two", "x", second), event("next", "x", third)]
    scored = run(rows, book(item("x", per=per)))
    assert sorted(told(scored)) == [
        ("next", "awarded", 10, None),
        ("one", "awarded", 10, None),
        ("two", "duplicate", 0, "one"),
    ]


def test_once_per_matter_of_a_year_and_a_null_matter_is_the_events_own():
    rows = [
        event("one", "x", "2023-05-01", matter_id="m"),
        event("two", "x", "2023-05-02", matter_id="m"),
        event("own", "x", "2023-05-03"),
        event("self", "x", "2023-05-04"),
        event("year", "x", "2024-05-01", matter_id="m"),
    ]
    assert told(run(rows, book(item("x", per="matter")))) == [
        ("one", "awarded", 10, None),
        ("two", "duplicate", 0, "one"),
        ("own", "awarded", 10, None),
        ("self", "awarded", 10, None),
        ("year", "awarded", 10, None),
    ]


def test_a_day_and_a_year_as_matter_never_meet_a_given_id():
    rows = [
        event("a", "day", matter_id="2023-05-01"),
        event("b", "day"),
        event("c", "day"),
        event("d", "year", matter_id="2023"),
        event("e", "year", "2023-06-01"),
        event("f", "year", "2023-06-02"),
    ]
    rules = book(item("day", per="matter", matter="day"), item("year", per="matter", matter="year"))
    assert [line[:2] for line in told(run(rows, rules))] == [
        ("a", "awarded"),
        ("b", "awarded"),
        ("c", "duplicate"),
        ("d", "awarded"),
        ("e", "awarded"),
        ("f", "duplicate"),
    ]


def test_by_member_counts_each_member_once_and_nobody_is_a_member_too():
    members = {"a": "1", "b": "2", "c": "1", "d": None, "e": None}
    rows = [event(name, "x", member_id=member) for name, member in members.items()]
    assert told(run(rows, book(item("x", per="year", by_member=True)))) == [
        ("a", "awarded", 10, None),
        ("b", "awarded", 10, None),
        ("c", "duplicate", 0, "a"),
        ("d", "awarded", 10, None),
        ("e", "duplicate", 0, "d"),
    ]


def test_without_by_member_a_household_counts_once_whoever_it_was():
    scored = run(
        [event("a", "x", member_id="1"), event("b", "x", member_id="2")], book(item("x", per="year"))
    )
    assert told(scored)[1] == ("b", "duplicate", 0, "a")


def test_an_events_own_matter_is_not_the_given_one_of_the_same_name():
    rows = [event("a", "x"), event("b", "x", matter_id="a")]
    assert [line[1] for line in told(run(rows, book(item("x", per="matter"))))] == ["awarded", "awarded"]


def test_a_line_without_enrolment_does_not_use_the_period_up():
    late = [spell(enrolled_on="2023-05-02")]
    rows = [event("before", "x", "2023-05-01"), event("after", "x", "2023-05-02")]
    assert told(run(rows, book(item("x", per="year")), households=late)) == [
        ("before", "not_enrolled", 0, None),
        ("after", "awarded", 10, None),
    ]


def test_the_higher_tier_tops_up_across_years_and_the_cause_reached_the_highest_first():
    rows = [
        event("town", "town", "2023-05-01", matter_id="m"),
        event("again", "town", "2023-06-01", matter_id="m"),
        event("city", "city", "2024-05-01", matter_id="m"),
        event("district", "district", "2024-06-01", matter_id="m"),
        event("other", "district", "2024-06-02", matter_id="n"),
        event("equal", "city", "2024-07-01", matter_id="m"),
    ]
    assert told(run(rows, book(*HONOURS))) == [
        ("town", "awarded", 50, None),
        ("again", "superseded", 0, "town"),
        ("city", "topped_up", 150, "town"),
        ("district", "superseded", 0, "city"),
        ("other", "awarded", 100, None),
        ("equal", "superseded", 0, "city"),
    ]


def test_a_tier_that_was_not_enrolled_holds_nobody_back():
    late = [spell(enrolled_on="2023-05-02")]
    rows = [
        event("city", "city", "2023-05-01", matter_id="m"),
        event("town", "town", "2023-05-02", matter_id="m"),
    ]
    assert told(run(rows, book(*HONOURS), households=late))[1] == ("town", "awarded", 50, None)


def test_a_day_is_one_matter_for_the_whole_group():
    tiers = [item("low", 10, exclusive="g", matter="day"), item("high", 30, exclusive="g", matter="day")]
    rows = [event("a", "low"), event("b", "high"), event("c", "low", "2023-05-02")]
    assert told(run(rows, book(*tiers))) == [
        ("a", "awarded", 10, None),
        ("b", "topped_up", 20, "a"),
        ("c", "awarded", 10, None),
    ]


def test_one_matter_brings_at_most_its_cap_and_duplicates_do_not_fill_it():
    rows = [event(name, "x", matter_id="m", quantity=times) for name, times in [("a", 1), ("b", 2), ("c", 1)]]
    assert told(run([*rows, event("d", "x")], book(item("x", 5, matter_cap=12)))) == [
        ("a", "awarded", 5, None),
        ("b", "capped", 7, None),
        ("c", "capped", 0, None),
        ("d", "awarded", 5, None),
    ]
    members = [("a", "1"), ("b", "1"), ("c", "2")]
    twice = [event(name, "x", matter_id="m", member_id=member) for name, member in members]
    rules = book(item("x", 5, per="matter", by_member=True, matter_cap=8))
    assert told(run(twice, rules)) == [
        ("a", "awarded", 5, None),
        ("b", "duplicate", 0, "a"),
        ("c", "capped", 3, None),
    ]


def test_each_year_a_matter_has_its_cap_anew():
    rows = [event("a", "x", "2023-05-01", matter_id="m"), event("b", "x", "2024-05-01", matter_id="m")]
    assert [line[2] for line in told(run(rows, book(item("x", 10, matter_cap=8))))] == [8, 8]


def test_tiers_are_measured_by_gross_whatever_the_caps_left():
    low = item("low", 50, exclusive="g", matter="year", matter_cap=20)
    high = item("high", 60, exclusive="g", matter="year")
    rows = [event("a", "low", "2023-05-01"), event("b", "high", "2023-05-02")]
    assert told(run(rows, book(low, high))) == [("a", "capped", 20, None), ("b", "topped_up", 10, "a")]


def test_a_topped_up_line_that_a_cap_cuts_is_capped_and_has_no_cause():
    honours = [tier | {"cap": "c"} for tier in HONOURS]
    rows = [event("a", "town", matter_id="m"), event("b", "city", "2023-05-02", matter_id="m")]
    scored = run([*rows, event("c", "town", "2023-05-03", matter_id="m")], book(*honours, caps={"c": 120}))
    assert told(scored) == [
        ("a", "awarded", 50, None),
        ("b", "capped", 70, None),
        ("c", "superseded", 0, "b"),
    ]
    assert seen(scored, "ledger", "cap_used") == [(50,), (120,), (120,)]


def test_what_the_matter_cap_cut_does_not_fill_the_year_cap():
    rules = book(item("x", 10, matter_cap=10, cap="c"), item("y", 10, cap="c"), caps={"c": 25})
    rows = [event("a", "x", matter_id="m", quantity=9), event("b", "y", "2023-05-02", quantity=2)]
    scored = run([*rows, event("c", "y", "2024-01-01")], rules)
    assert told(scored) == [("a", "capped", 10, None), ("b", "capped", 15, None), ("c", "awarded", 10, None)]
    assert seen(scored, "ledger", "cap_used") == [(10,), (25,), (10,)]


def test_under_a_net_cap_a_deduction_makes_room_again():
    rules = book(
        item("good", 8, cap="c"), item("bad", -5, cap="c"), caps={"c": {"points": 10, "basis": "net"}}
    )
    rows = [event("a", "good"), event("b", "good"), event("c", "bad"), event("d", "good")]
    scored = run(rows, rules)
    assert told(scored) == [
        ("a", "awarded", 8, None),
        ("b", "capped", 2, None),
        ("c", "deducted", -5, None),
        ("d", "capped", 5, None),
    ]
    assert seen(scored, "ledger", "cap_used") == [(8,), (10,), (5,), (10,)]


def fire(scope, **more):
    return item("fire", -20, forfeits={"scope": scope, "items": ["rent"]}, **more)


def test_an_incident_takes_the_year_what_was_before_by_a_reversal_what_comes_after_at_once():
    rows = [
        event("last year", "rent", "2023-05-01"),
        event("before", "rent", "2024-02-01"),
        event("fire", "fire", "2024-05-01", decided_on="2024-05-20"),
        event("between", "rent", "2024-05-10"),
        event("at once", "rent", "2024-04-01", decided_on="2024-05-20"),
        event("same day", "rent", "2024-05-20"),
        event("after", "rent", "2024-08-01"),
        event("second fire", "fire", "2024-03-01", decided_on="2024-06-01"),
    ]
    scored = run(rows, book(fire("year"), item("rent")))
    assert told(scored) == [
        ("last year", "awarded", 10, None),
        ("before", "awarded", 10, None),
        ("between", "awarded", 10, None),
        ("before", "reversed", -10, "fire"),
        ("at once", "forfeited", 0, "fire"),
        ("fire", "deducted", -20, None),
        ("between", "reversed", -10, "fire"),
        ("same day", "forfeited", 0, "fire"),
        ("second fire", "deducted", -20, None),
        ("after", "forfeited", 0, "fire"),
    ]


def test_an_incident_takes_its_own_month_or_its_own_matter_only():
    rows = [
        event("april", "rent", "2023-04-30", matter_id="m"),
        event("may", "rent", "2023-05-01", matter_id="n"),
        event("fire", "fire", "2023-05-31", matter_id="m"),
    ]
    for scope, taken in {"month": "may", "matter": "april"}.items():
        rules = book(fire(scope, matter="required"), item("rent", matter="required"))
        reversals = [line for line in told(run(rows, rules)) if line[1] == "reversed"]
        assert reversals == [(taken, "reversed", -10, "fire")]


def test_an_incident_told_twice_or_outside_enrolment_forfeits_nothing():
    late = [spell(enrolled_on="2023-02-01")]
    rows = [event("early fire", "fire", "2023-01-01"), event("rent", "rent", "2023-03-01")]
    scored = run(rows, book(fire("year"), item("rent")), households=late)
    assert told(scored)[1] == ("rent", "awarded", 10, None)
    monthly = book(fire("month", per="year"), item("rent"))
    rows = [
        event("a", "fire", "2023-01-01"),
        event("b", "fire", "2023-03-01"),
        event("rent", "rent", "2023-03-01"),
    ]
    assert told(run(rows, monthly)) == [
        ("a", "deducted", -20, None),
        ("b", "duplicate", 0, "a"),
        ("rent", "awarded", 10, None),
    ]


def test_forfeited_points_give_no_room_back_and_what_brought_nothing_is_not_taken_back():
    rules = book(fire("month"), item("rent", cap="c"), item("other", cap="c"), caps={"c": 15})
    rows = [
        event("a", "rent", "2023-05-01"),
        event("b", "other", "2023-05-02"),
        event("c", "rent", "2023-05-03"),
        event("fire", "fire", "2023-05-04"),
        event("d", "other", "2023-05-05"),
    ]
    scored = run(rows, rules)
    assert told(scored) == [
        ("a", "awarded", 10, None),
        ("b", "capped", 5, None),
        ("c", "capped", 0, None),
        ("a", "reversed", -10, "fire"),
        ("fire", "deducted", -20, None),
        ("d", "capped", 0, None),
    ]
    assert seen(scored, "ledger", "cap_used") == [(10,), (15,), (15,), (None,), (None,), (15,)]


def test_a_reversal_repeats_its_award_but_for_what_the_contract_names():
    rows = [
        event("rent", "rent", "2023-01-10", member_id="1", quantity=2),
        event("fire", "fire", "2023-06-01"),
    ]
    scored = run(rows, book(fire("year"), item("rent", cap="c"), caps={"c": 60}))
    award, back = (line for line in scored.tables["ledger"] if line["event_id"] == "rent")
    changed = {name for name in award if award[name] != back[name]}
    assert changed == {"posted_on", "quarter", "gross", "points", "cap_used", "disposition", "cause"}
    assert (back["posted_on"].month, back["quarter"], back["gross"], back["cap_used"]) == (
        6,
        "2023Q2",
        -20,
        None,
    )


def test_what_is_out_of_play_forfeited_or_reversed_has_no_cap_used():
    late = [spell(enrolled_on="2023-02-01")]
    rules = book(
        item("rent", per="month", cap="c"),
        item("zero", 0, cap="c"),
        item("fire", 0, forfeits={"scope": "year", "items": ["rent", "zero"]}),
        caps={"c": 60},
    )
    rows = [
        event("not enrolled", "rent", "2023-01-02"),
        event("before", "rent", "2023-03-01"),
        event("fire", "fire", "2023-05-01"),
        event("first", "rent", "2023-05-02"),
        event("second", "rent", "2023-05-03"),
        event("zero", "zero", "2023-06-01"),
    ]
    assert seen(run(rows, rules, households=late), "ledger", "event_id", "disposition", "cap_used") == [
        ("not enrolled", "not_enrolled", None),
        ("before", "awarded", 10),
        ("before", "reversed", None),
        ("fire", "noted", None),
        ("first", "forfeited", None),
        ("second", "duplicate", None),
        ("zero", "noted", 20),
    ]


def test_an_item_of_nothing_is_noted_also_where_it_triggers_and_also_where_it_is_named():
    rules = book(
        item("warning", 0, forfeits={"scope": "year", "items": ["rent", "note"]}),
        item("rent"),
        item("note", 0),
    )
    rows = [
        event("warning", "warning"),
        event("rent", "rent", "2023-06-01"),
        event("note", "note", "2023-06-02"),
    ]
    assert told(run(rows, rules)) == [
        ("warning", "noted", 0, None),
        ("rent", "forfeited", 0, "warning"),
        ("note", "noted", 0, None),
    ]


def test_a_second_deduction_of_a_period_is_a_duplicate():
    rows = [event("a", "bad", "2023-05-01"), event("b", "bad", "2023-05-02")]
    assert told(run(rows, book(item("bad", -5, per="month")))) == [
        ("a", "deducted", -5, None),
        ("b", "duplicate", 0, "a"),
    ]


def test_ties_are_settled_by_the_bytes_of_the_event_id():
    ids = ["\U0001f3e0", "\uff45", "é", "e10", "e1", "Z"]
    scored = run([event(name, "x") for name in ids], book(item("x")))
    assert [line[0] for line in told(scored)] == ["Z", "e1", "e10", "é", "\uff45", "\U0001f3e0"]


def test_a_later_approval_comes_later_however_early_it_happened():
    rows = [event("early", "x", "2023-05-01", decided_on="2023-05-20"), event("late", "x", "2023-05-10")]
    assert told(run(rows, book(item("x", per="year")))) == [
        ("late", "awarded", 10, None),
        ("early", "duplicate", 0, "late"),
    ]
