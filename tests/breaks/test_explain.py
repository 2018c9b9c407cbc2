"""One small case for each cause: the other system made that mistake, and the amounts bear it out."""

from datetime import date, datetime

import polars as pl
import pytest

import pencil
from breaks.small import breaks, told, wang

MAY, JUNE, JULY = date(2024, 5, 10), date(2024, 6, 20), date(2024, 7, 1)
SERVICE = {"code": "service", "points": 7}
YEARLY = {"code": "yearly", "points": 20, "per": "year"}
CAPPED = {"code": "capped", "points": 30, "cap": "group", "cap_points": 50}
FINE = {"code": "fine", "points": -4}


def event(name, item, day=MAY, **more):
    return {"event_id": name, "item": item, "occurred_on": day} | more


@pytest.mark.parametrize(
    ("status", "cause"),
    [("declared", "pending"), ("assessed", "pending"), ("declined", "declined"), ("withdrawn", "withdrawn")],
)
def test_an_event_that_was_never_approved_was_counted(status, cause):
    events = pencil.events(event("a", "service"), event("b", "service", status=status, quantity=2))
    assert told(pencil.rules(SERVICE), events, wang(21)) == [(cause, "b")]


def test_all_pending_events_of_a_household_were_counted():
    pending = [event(name, "service", status="declared") for name in "bcde"]
    events = pencil.events(event("a", "service"), *pending)
    assert told(pencil.rules(SERVICE), events, wang(35)) == [("pending", "b, c, d, e")]


def test_two_of_three_alike_were_counted():
    pending = [event(name, "service", status="declared") for name in "bcd"]
    found = breaks(pencil.rules(SERVICE), pencil.events(event("a", "service"), *pending), wang(21))
    assert found.select("cause", "because", "pieces").rows() == [("pending", "b; c", 2)]


def test_a_rejected_row_was_counted_for_what_it_would_have_brought():
    events = pencil.events(event("a", "service"), event("b", "service "))
    assert told(pencil.rules(SERVICE), events, wang(14)) == [("rejected", "b (unknown_item)")]


@pytest.mark.parametrize("theirs", [20, 60])
def test_a_wrong_quantity_was_counted_as_given_or_as_one(theirs):
    events = pencil.events(event("a", "yearly", quantity=3))
    assert told(pencil.rules(YEARLY), events, wang(theirs)) == [("rejected", "a (bad_quantity)")]


def test_a_duplicate_was_counted_twice():
    events = pencil.events(event("a", "yearly"), event("b", "yearly", JUNE))
    assert told(pencil.rules(YEARLY), events, wang(40)) == [("duplicate", "b")]


def test_the_year_cap_was_not_applied():
    events = pencil.events(*(event(name, "capped") for name in "abc"))
    assert told(pencil.rules(CAPPED), events, wang(90)) == [("cap_not_applied", "group")]


def test_a_pending_event_under_a_full_cap_brings_nothing_and_explains_nothing():
    events = pencil.events(
        event("a", "capped"), event("b", "capped"), event("c", "capped", status="declared")
    )
    assert told(pencil.rules(CAPPED), events, wang(80)) == [(None, None)]


def test_a_tier_was_counted_beside_the_higher_one():
    town = {"code": "town", "points": 50, "exclusive": "honour", "matter": "year"}
    city = {"code": "city", "points": 200, "exclusive": "honour", "matter": "year"}
    events = pencil.events(event("a", "town"), event("b", "city", JUNE))
    assert told(pencil.rules(town, city), events, wang(250)) == [("tier_counted_twice", "honour")]


def test_a_tier_of_another_year_keeps_its_hold_on_this_one():
    town = {"code": "town", "points": 50, "exclusive": "honour"}
    city = {"code": "city", "points": 200, "exclusive": "honour"}
    events = pencil.events(
        event("a", "town", date(2023, 5, 1), matter_id="m"),
        event("b", "city", matter_id="m"),
        event("c", "town", status="declared", matter_id="other"),
    )
    assert told(pencil.rules(town, city), events, wang(200)) == [
        (None, None)  # without the tier, and with the pending honour: both come to 200
    ]


@pytest.mark.parametrize("theirs", [14, 7])
def test_an_incident_took_nothing_back_or_only_what_came_after_it(theirs):
    incident = {"code": "incident", "points": 0, "forfeits": ("year", ["service"])}
    events = pencil.events(event("a", "service"), event("i", "incident", JUNE), event("b", "service", JULY))
    assert [cause for cause, _ in told(pencil.rules(SERVICE, incident), events, wang(theirs))] == [
        "forfeiture_not_taken_back"
    ]


def test_a_line_of_a_day_before_enrolment_was_counted():
    people = pencil.register(wang=[("village", "town", JUNE, None)])
    events = pencil.events(event("a", "service"), event("b", "service", JULY))
    assert told(pencil.rules(SERVICE), events, wang(14), people=people) == [("not_enrolled", "a")]


def test_an_approval_after_the_as_of_date_was_counted_early():
    events = pencil.events(event("a", "service", decided_on=date(2025, 1, 20)))
    assert told(pencil.rules(SERVICE), events, wang(7)) == [("not_yet_posted", "a")]


def test_a_deduction_was_left_out():
    events = pencil.events(event("a", "service"), event("b", "fine"))
    assert told(pencil.rules(SERVICE, FINE), events, wang(7)) == [("deduction_left_out", "b")]


def test_an_older_revision_was_counted_instead_of_the_one_that_stands():
    first, then = datetime(2024, 5, 11), datetime(2024, 5, 12)  # noqa: DTZ001 - local time
    events = pencil.events(
        event("a", "service", recorded_at=first, quantity=3), event("a", "service", recorded_at=then)
    )
    assert told(pencil.rules(SERVICE), events, wang(21)) == [("older_revision", "a")]


def test_former_points_were_applied_also_where_a_cap_bites():
    former = pencil.rules({**CAPPED, "points": 20})
    events = pencil.events(*(event(name, "capped") for name in "ab"))
    assert told(pencil.rules(CAPPED), events, wang(40), former=[former]) == [("older_rules", "former")]


def test_a_late_approval_stands_in_another_quarter_as_two_opposite_differences():
    events = pencil.events(event("a", "service", JUNE, decided_on=date(2024, 8, 20)))
    keys = ("household_id", "scoring_year", "quarter")
    theirs = [("wang", 2024, "2024Q2", 7), ("wang", 2024, "2024Q3", 0)]
    assert told(pencil.rules(SERVICE), events, theirs, keys) == [("late_approval", "a")] * 2


def test_a_late_approval_explains_nothing_where_the_other_quarter_agrees():
    events = pencil.events(event("a", "service", JUNE, decided_on=date(2024, 8, 20)))
    keys = ("household_id", "scoring_year", "quarter")
    theirs = [("wang", 2024, "2024Q2", 7), ("wang", 2024, "2024Q3", 7)]
    assert told(pencil.rules(SERVICE), events, theirs, keys) == [(None, None)]


def test_two_mistakes_together_are_found_where_neither_is_enough():
    events = pencil.events(event("a", "service", status="declared"), event("b", "fine"))
    assert told(pencil.rules(SERVICE, FINE), events, wang(7)) == [("pending+deduction_left_out", "a; b")]


def test_where_two_causes_would_do_none_is_given_and_both_are_counted():
    events = pencil.events(event("a", "service", status="declared"), event("b", "service", status="declined"))
    found = breaks(pencil.rules(SERVICE), events, wang(7))
    assert found.select("cause", "because", "pieces", "explained", "explanations").rows() == [
        (None, None, None, None, 2)
    ]


def test_a_single_cause_is_not_given_where_two_others_together_would_do():
    other = {"code": "other", "points": 3}
    events = pencil.events(event("a", "service", status="declared"), event("b", "fine"), event("c", "other"))
    events = events.with_columns(
        status=pl.when(pl.col("event_id") == "c").then(pl.lit("declined")).otherwise("status")
    )
    assert told(pencil.rules(SERVICE, FINE, other), events, wang(3)) == [(None, None)]


def test_what_no_mistake_explains_may_be_what_an_earlier_run_said():
    events = pencil.events(event("a", "service"), event("b", "service"), event("c", "service"))
    earlier = [("run-1", "wang", 2024, 7)]
    assert told(pencil.rules(SERVICE), events, wang(7), earlier=earlier) == [("older_run", "run-1")]


def test_one_event_that_they_lack_is_named_only_where_no_other_brought_as_much():
    rules = pencil.rules(SERVICE, YEARLY)
    events = pencil.events(event("a", "service"), event("b", "service"), event("c", "yearly"))
    assert told(rules, events, wang(14)) == [("missing_there", "c")]
    assert told(rules, events, wang(27)) == [(None, None)]


def test_a_household_that_nobody_enrolled_is_unknown():
    events = pencil.events(event("a", "service"))
    theirs = [*wang(7), ("zhang", 2024, 5)]
    assert told(pencil.rules(SERVICE), events, theirs) == [("unknown_household", None)]


def test_a_row_that_stands_twice_explains_itself_where_one_of_them_is_right():
    events = pencil.events(event("a", "service"))
    assert told(pencil.rules(SERVICE), events, [*wang(7), *wang(7)]) == [("duplicate_row", None)]
    assert told(pencil.rules(SERVICE), events, [*wang(9), *wang(9)]) == [(None, None)]


def test_an_amount_that_nothing_brings_has_no_cause():
    events = pencil.events(event("a", "service"), event("b", "service", status="declared"))
    found = breaks(pencil.rules(SERVICE), events, wang(8))
    assert found.select("cause", "explanations").rows() == [(None, 0)]


def test_the_whole_of_a_cause_and_a_part_of_it_do_not_add_up():
    pending = [event(name, "service", status="declared") for name in "bc"]
    events = pencil.events(event("a", "yearly"), *pending)
    assert told(pencil.rules(SERVICE, YEARLY), events, wang(20 + 14 + 7)) == [(None, None)]


def test_two_readings_of_one_row_do_not_add_up():
    events = pencil.events(event("a", "service", quantity=2000))
    assert told(pencil.rules(SERVICE), events, wang(7000)) == [("rejected", "a (bad_quantity)")]
    assert told(pencil.rules(SERVICE), events, wang(7000 + 7)) == [(None, None)]


def test_two_events_that_a_cap_has_no_room_for_do_not_add_up():
    pending = [
        event(name, "capped", status=status) for name, status in (("b", "declared"), ("c", "declined"))
    ]
    events = pencil.events(event("a", "capped"), *pending)
    rules = pencil.rules(CAPPED)
    assert told(rules, events, wang(30 + 20 + 20)) == [(None, None)]


def test_a_pending_event_and_a_missing_cap_add_up_where_the_cap_does_not_concern_the_event():
    events = pencil.events(
        event("a", "capped"), event("b", "capped", quantity=2), event("c", "service", status="declared")
    )
    rules = pencil.rules(CAPPED, SERVICE)
    assert told(rules, events, wang(90 + 7)) == [("pending+cap_not_applied", "c; group")]


def test_a_tier_reached_in_another_year_counts_for_what_else_is_tried():
    city = {"code": "city", "points": 200, "exclusive": "honour"}
    events = pencil.events(
        event("a", "city", date(2023, 5, 1), matter_id="m"),
        event("b", "city", matter_id="m"),
        event("c", "service", status="declared"),
    )
    assert told(pencil.rules(city, SERVICE), events, wang(7)) == [("pending", "c")]


def test_a_key_that_several_rows_name_is_not_explained_by_anything_else():
    events = pencil.events(event("a", "service"), event("b", "service", status="declared"))
    assert told(pencil.rules(SERVICE), events, [*wang(5), *wang(9)]) == [(None, None)]


def test_nothing_is_said_where_our_own_figure_cannot_be_scored_again():
    events = pencil.events(event("a", "service"), event("b", "service", status="declared"))
    other = pencil.rules({**SERVICE, "points": 6})
    assert told(pencil.rules(SERVICE), events, wang(12), kept=other) == [(None, None)]
