"""What becomes of every row: dispositions before scoring, each reject reason, each state, each candidate."""

from __future__ import annotations

import pytest

from oracle.small import book, event, item, run, seen, spell, told

RULES = book(
    item("x"),
    item("monthly", 5, per="month"),
    item("pledge", 5, per="month", pledge=True),
    item("once", per="year"),
    item("feast", per="matter", matter="required"),
    item("tier", 50, exclusive="g"),
)


def rejected(rows, *books, **more):
    """Event and reason of each reject."""
    return seen(run(rows, *(books or (RULES,)), **more), "rejects", "event_id", "reason")


def test_rows_recorded_after_the_as_of_date_do_not_exist():
    rows = [
        event("last minute", "x", recorded_at="2023-06-30T23:59:59.999999"),
        event("too late", "x", recorded_at="2023-07-01T00:00:00"),
        event("no time", "x"),
    ]
    scored = run(rows, RULES, as_of="2023-06-30")
    assert [line[0] for line in told(scored)] == ["last minute", "no time"]
    assert scored.accounting["not_visible"] == 1


def test_equal_rows_collapse_into_the_smallest_file_and_row_but_never_without_an_id():
    twice = [
        event("a", "x", source_file="part-9", source_row=1, quantity=0),
        event("a", "x", source_file="part-10", source_row=7, quantity=0, member_id=""),
        event(None, "x", source_row=3),
        event("", "x", source_row=4),
    ]
    scored = run(twice, RULES)
    assert scored.accounting["collapsed"] == 1
    assert seen(scored, "rejects", "reason", "source_file", "source_row") == [
        ("missing_field", "a", 3),
        ("missing_field", "a", 4),
        ("bad_quantity", "part-10", 7),
    ]


def test_a_null_quantity_and_1_are_two_revisions():
    assert rejected([event("a", "x"), event("a", "x", quantity=1)]) == [("a", "conflicting_revision")] * 2


def test_the_latest_revision_stands_also_when_it_is_rejected_or_withdrawn():
    first = event("a", "x", recorded_at="2023-05-02T00:00:00")
    for status, count in {"withdrawn": "withdrawn", "approve": "rejected", "approved": "posted"}.items():
        later = event("a", "x", recorded_at="2023-05-03T00:00:00", status=status, decision_id="2")
        scored = run([event("a", "x"), later, first], RULES)
        assert (scored.accounting["superseded"], scored.accounting[count]) == (2, 1)
        assert seen(scored, "unposted", "state").count(("superseded",)) == 2


def test_without_a_single_latest_revision_all_are_rejected_the_older_ones_too():
    at = "2023-05-03T00:00:00"
    rows = [
        event("a", "x"),
        event("a", "x", recorded_at=at),
        event("a", "x", recorded_at=at, status="declined"),
    ]
    assert rejected(rows) == [("a", "conflicting_revision")] * 3


def test_two_households_under_one_event_reject_all_of_it_but_a_null_one_names_nobody():
    both = [event("a", "x"), event("a", "x", household_id="k"), event("a", "x", household_id=None)]
    assert rejected(both, households=[spell(), spell("k")]) == [("a", "conflicting_household")] * 3
    later = event("a", "x", household_id="", recorded_at="2023-05-03T00:00:00")
    assert rejected([event("a", "x"), later]) == [("a", "missing_field")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (event("a", "", "1999-01-01"), "missing_field"),
        (event("a", "x", "1999-12-31", status="?"), "bad_date"),
        (event("a", "x", decided_on="2100-01-01"), "bad_date"),
        (event("a", "x", until="2100-01-01"), "bad_date"),
        (event("a", "x", status="Approved", household_id="?"), "unknown_status"),
        (event("a", "x", "2022-01-01", household_id="h "), "unknown_household"),
        (event("a", "?", "2022-12-31"), "no_rule_book"),
        (event("a", "X", quantity=0), "unknown_item"),
        (event("a", "x", quantity=0, until="2023-01-01"), "bad_quantity"),
        (event("a", "x", quantity=1001), "bad_quantity"),
        (event("a", "monthly", quantity=2), "bad_quantity"),
        (event("a", "once", quantity=2), "bad_quantity"),
        (event("a", "feast", quantity=2), "bad_quantity"),
        (event("a", "tier", quantity=2), "bad_quantity"),
        (event("a", "feast", until="2023-01-01"), "unexpected_until"),
        (event("a", "pledge", until="2023-04-30", member_id="13800138000"), "until_before_start"),
        (event("a", "feast", matter_id="", member_id="13800138000"), "missing_matter"),
        (event("a", "x", member_id="户12345６７８９٠١ "), "personal_number"),
        (event("a", "x", status="declined", quantity=-1), "bad_quantity"),
    ],
)
def test_the_first_failure_names_the_reject(row, reason):
    assert rejected([row]) == [("a", reason)]


@pytest.mark.parametrize(
    "row",
    [
        event("a", "x", quantity=1000),
        event("a", "feast", matter_id="m", quantity=1),
        event("a", "pledge", until="2023-05-01"),
        event("a", "x", decided_on="2099-12-31"),
        event("a", "x", member_id="1234567890 1"),
    ],
)
def test_what_is_just_within_bounds_is_not_rejected(row):
    assert rejected([row]) == []


def test_a_reject_has_its_place_wherever_household_and_day_are_known():
    rows = [
        event("a", "x", "1999-05-05"),
        event("b", "x", occurred_on=None),
        event("c", "x", household_id="?"),
        event("d", "x", quantity=2**31),
    ]
    assert seen(run(rows, RULES), "rejects", "event_id", "village_id", "quantity") == [
        ("c", None, None),
        ("b", None, None),
        ("a", "v", None),
        ("d", "v", None),
    ]


def test_every_row_is_accounted_for_and_what_has_no_line_says_why():
    rows = [event(status, "x", status=status) for status in ("declared", "assessed", "declined", "withdrawn")]
    rows += [
        event("waits", "x", decided_on="2026-01-01"),
        event("short", "pledge", "2023-05-01", until="2023-05-30"),
        event("posted", "pledge"),
    ]
    scored = run(rows, RULES)
    states = dict(seen(scored, "unposted", "event_id", "state"))
    assert states == {
        "declared": "declared",
        "assessed": "assessed",
        "declined": "declined",
        "withdrawn": "withdrawn",
        "waits": "not_yet_posted",
        "short": "no_month_end",
    }
    assert scored.accounting["rows"] == 7 == sum(scored.accounting.values()) - 7


def accrued(scored):
    return [
        (line["accrued_on"].isoformat(), line["posted_on"].isoformat(), line["quarter"])
        for line in scored.tables["ledger"]
    ]


def test_a_pledge_accrues_on_each_month_end_it_is_in_force_and_stops_with_its_year():
    scored = run([event("a", "pledge", "2023-10-31", until="2024-06-30")], RULES)
    assert [days[0] for days in accrued(scored)] == ["2023-10-31", "2023-11-30", "2023-12-31"]
    until = run([event("a", "pledge", "2024-01-15", until="2024-02-29")], RULES)
    assert [days[0] for days in accrued(until)] == ["2024-01-31", "2024-02-29"]


def test_months_of_a_pledge_appear_as_they_end():
    scored = run([event("a", "pledge", "2023-01-01")], RULES, as_of="2023-03-30")
    assert [days[0] for days in accrued(scored)] == ["2023-01-31", "2023-02-28"]


def test_a_monthly_item_confirms_one_month():
    assert accrued(run([event("a", "monthly", "2024-02-01")], RULES)) == [
        ("2024-02-29", "2024-02-29", "2024Q1")
    ]


def test_an_approval_within_the_grace_days_belongs_to_the_quarter_before():
    for decided, quarter in {"2023-07-15": "2023Q2", "2023-07-16": "2023Q3"}.items():
        scored = run([event("a", "x", "2023-06-30", decided_on=decided)], RULES)
        assert accrued(scored) == [("2023-06-30", decided, quarter)]
    early = run([event("a", "x", "2023-06-30", decided_on="2023-01-01")], RULES, grace_days=0)
    assert accrued(early) == [("2023-06-30", "2023-06-30", "2023Q2")]


def test_points_are_those_in_force_when_it_accrues():
    steps = [{"from": spell(enrolled_on=start)["enrolled_on"], "points": points} for start, points in STEPS]
    rules = book(item("x", steps, per="month", pledge=True), item("y", steps))
    rows = [event("a", "x", "2023-06-30", until="2023-07-31"), event("b", "y", "2023-07-30", quantity=3)]
    scored = run(rows, rules)
    assert seen(scored, "ledger", "event_id", "gross", "quantity") == [("a", 5, 1), ("b", 15, 3), ("a", 6, 1)]


STEPS = [("2023-01-01", 5), ("2023-07-31", 6)]
