"""One pencil case per operator and per adjacent pair of operators (specification 3.3)."""

from __future__ import annotations

from datetime import date

import pytest

from pencil import events, ledger, register, rules, scored


def day(month: int, number: int, year: int = 2023) -> date:
    return date(year, month, number)


def test_a_pledge_accrues_on_each_month_end_in_force_within_its_year():
    pledge = rules({"code": "pledge", "per": "month", "pledge": True})
    rows = events(
        {"event_id": "p", "item": "pledge", "occurred_on": day(10, 31), "until": day(12, 30)},
    )
    assert ledger(pledge, rows) == [("p", "10-31", 5, "awarded", None), ("p", "11-30", 5, "awarded", None)]


def test_a_pledge_decided_late_posts_its_months_on_the_day_of_the_decision():
    pledge = rules({"code": "pledge", "per": "month", "pledge": True})
    late = {"event_id": "p", "item": "pledge", "occurred_on": day(11, 2), "decided_on": day(12, 5)}
    assert ledger(pledge, events(late)) == [
        ("p", "12-05", 5, "awarded", None),
        ("p", "12-31", 5, "awarded", None),
    ]


def test_a_pledge_that_never_meets_a_month_end_leaves_no_line():
    pledge = rules({"code": "pledge", "per": "month", "pledge": True})
    brief = {"event_id": "p", "item": "pledge", "occurred_on": day(3, 2), "until": day(3, 30)}
    result = scored(pledge, events(brief))
    assert result.ledger.height == 0
    assert result.unposted["state"].to_list() == ["no_month_end"]


def test_a_month_not_over_by_the_as_of_date_is_not_posted_yet():
    monthly = rules({"code": "yard", "per": "month"})
    rows = events({"event_id": "y", "item": "yard", "occurred_on": day(3, 2)})
    assert scored(monthly, rows, as_of=day(3, 30)).unposted["state"].to_list() == ["not_yet_posted"]
    assert ledger(monthly, rows, as_of=day(3, 31)) == [("y", "03-31", 5, "awarded", None)]


def test_a_line_before_enrolment_counts_for_nothing_and_blocks_nothing():
    people = register(wang=[("village", "town", day(3, 10), None)])
    yearly = rules({"code": "exit", "per": "year"})
    rows = events(
        {"event_id": "early", "item": "exit", "occurred_on": day(3, 9)},
        {"event_id": "later", "item": "exit", "occurred_on": day(3, 10)},
    )
    assert ledger(yearly, rows, people) == [
        ("early", "03-09", 0, "not_enrolled", None),
        ("later", "03-10", 5, "awarded", None),
    ]


def test_the_first_of_a_period_stands_by_posting_order_then_id_bytes():
    monthly = rules({"code": "yard", "per": "month"})
    rows = events(
        {"event_id": "b", "item": "yard", "occurred_on": day(3, 2)},
        {"event_id": "a", "item": "yard", "occurred_on": day(3, 30)},
        {"event_id": "B", "item": "yard", "occurred_on": day(3, 31)},
        {"event_id": "April", "item": "yard", "occurred_on": day(4, 1)},
    )
    assert ledger(monthly, rows) == [
        ("B", "03-31", 5, "awarded", None),
        ("a", "03-31", 0, "duplicate", "B"),
        ("b", "03-31", 0, "duplicate", "B"),
        ("April", "04-30", 5, "awarded", None),
    ]


def test_by_member_gives_each_member_a_period_and_the_unnamed_one_too():
    yearly = rules({"code": "soldier", "per": "year", "by_member": True})
    rows = events(
        *(
            {"event_id": f"{n}", "item": "soldier", "occurred_on": day(5, n), "member_id": member}
            for n, member in enumerate(["1", None, "2", "1", None], 1)
        )
    )
    assert [line[2:] for line in ledger(yearly, rows)] == [
        (5, "awarded", None),
        (5, "awarded", None),
        (5, "awarded", None),
        (0, "duplicate", "1"),
        (0, "duplicate", "2"),
    ]


def test_per_matter_counts_once_a_matter_and_a_null_matter_is_never_a_given_one():
    breach = rules({"code": "breach", "per": "matter", "points": -20, "matter": "year"})
    rows = events(
        {"event_id": "a", "item": "breach", "occurred_on": day(5, 1), "matter_id": "y2023"},
        {"event_id": "b", "item": "breach", "occurred_on": day(5, 2)},
        {"event_id": "c", "item": "breach", "occurred_on": day(5, 3)},
        {"event_id": "d", "item": "breach", "occurred_on": day(5, 4), "matter_id": "y2023"},
    )
    assert [line[2:] for line in ledger(breach, rows)] == [
        (-20, "deducted", None),
        (-20, "deducted", None),
        (0, "duplicate", "b"),
        (0, "duplicate", "a"),
    ]


HONOURS = (
    {"code": "town", "points": 50, "exclusive": "model", "matter": "year"},
    {"code": "city", "points": 200, "exclusive": "model", "matter": "year"},
)


def test_the_highest_tier_stands_and_later_ones_only_top_up():
    rows = events(
        {"event_id": "a", "item": "town", "occurred_on": day(1, 5)},
        {"event_id": "b", "item": "city", "occurred_on": day(2, 5)},
        {"event_id": "c", "item": "town", "occurred_on": day(3, 5)},
        {"event_id": "d", "item": "city", "occurred_on": day(4, 5)},
    )
    assert ledger(rules(*HONOURS), rows) == [
        ("a", "01-05", 50, "awarded", None),
        ("b", "02-05", 150, "topped_up", "a"),
        ("c", "03-05", 0, "superseded", "b"),
        ("d", "04-05", 0, "superseded", "b"),
    ]


def test_a_given_matter_is_one_honour_across_scoring_years():
    rows = events(
        {"event_id": "a", "item": "city", "occurred_on": day(12, 5), "matter_id": "best"},
        {"event_id": "b", "item": "city", "occurred_on": day(2, 5, 2024), "matter_id": "best"},
        {"event_id": "c", "item": "city", "occurred_on": day(3, 5, 2024)},
    )
    assert [line[2:] for line in ledger(rules(*HONOURS), rows)] == [
        (200, "awarded", None),
        (0, "superseded", "a"),
        (200, "awarded", None),
    ]


def test_an_honour_a_year_may_be_had_again_next_year():
    rows = events(
        {"event_id": "a", "item": "city", "occurred_on": day(12, 5)},
        {"event_id": "b", "item": "city", "occurred_on": day(2, 5, 2024)},
    )
    assert [line[2:] for line in ledger(rules(*HONOURS), rows)] == [
        (200, "awarded", None),
        (200, "awarded", None),
    ]


def test_what_a_cap_takes_from_a_tier_is_not_given_to_the_next():
    capped = [item | {"cap": "c", "cap_points": 30} for item in HONOURS]
    rows = events(
        {"event_id": "a", "item": "town", "occurred_on": day(1, 5)},
        {"event_id": "b", "item": "city", "occurred_on": day(2, 5)},
    )
    assert ledger(rules(*capped), rows) == [
        ("a", "01-05", 30, "capped", None),
        ("b", "02-05", 0, "capped", None),
    ]


def test_volunteering_is_held_per_activity_and_per_year():
    item = {"code": "v", "matter": "day", "matter_cap": 10, "cap": "v", "cap_points": 12}
    rows = events(
        {"event_id": "a", "item": "v", "occurred_on": day(1, 5)},
        {"event_id": "b", "item": "v", "occurred_on": day(1, 5), "quantity": 2},
        {"event_id": "c", "item": "v", "occurred_on": day(1, 6)},
        {"event_id": "d", "item": "v", "occurred_on": day(1, 7)},
    )
    result = scored(rules(item), rows).ledger
    assert result["points"].to_list() == [5, 5, 2, 0]
    assert result["disposition"].to_list() == ["awarded", "capped", "capped", "capped"]
    assert result["cap_used"].to_list() == [5, 10, 12, 12]


def test_given_matters_are_not_mixed_up_with_days():
    item = {"code": "v", "matter": "day", "matter_cap": 10, "points": 10}
    rows = events(
        {"event_id": "a", "item": "v", "occurred_on": day(1, 5), "matter_id": "tree planting"},
        {"event_id": "b", "item": "v", "occurred_on": day(1, 5)},
        {"event_id": "c", "item": "v", "occurred_on": day(1, 9), "matter_id": "tree planting"},
    )
    assert [line[2] for line in ledger(rules(item), rows)] == [10, 10, 0]


def test_a_net_cap_makes_room_again_and_an_awards_cap_does_not():
    def both(*, net: bool) -> list[int]:
        cap = {"cap": "w", "cap_points": 10, "cap_net": net}
        minus = {"code": "minus", "points": -5} | (cap if net else {})
        rows = events(
            *({"event_id": f"a{n}", "item": "plus", "occurred_on": day(1, n)} for n in (1, 2, 3)),
            {"event_id": "m", "item": "minus", "occurred_on": day(1, 4)},
            {"event_id": "z", "item": "plus", "occurred_on": day(1, 5)},
        )
        return scored(rules({"code": "plus"} | cap, minus), rows).ledger["points"].to_list()

    assert both(net=True) == [5, 5, 0, -5, 5]
    assert both(net=False) == [5, 5, 0, -5, 0]


def test_an_accident_takes_back_the_year_and_stops_what_comes_after():
    items = rules(
        {"code": "accident", "points": 0, "forfeits": ("year", ["rent"])},
        {"code": "rent", "per": "month", "points": 10, "cap": "rental", "cap_points": 15},
    )
    rows = events(
        *({"event_id": f"r{m}", "item": "rent", "occurred_on": day(m, 1)} for m in (1, 2, 3, 4)),
        {"event_id": "fire", "item": "accident", "occurred_on": day(3, 31)},
    )
    result = scored(items, rows).ledger
    assert ledger(items, rows) == [
        ("r1", "01-31", 10, "awarded", None),
        ("r2", "02-28", 5, "capped", None),
        ("r1", "03-31", -10, "reversed", "fire"),
        ("r2", "03-31", -5, "reversed", "fire"),
        ("fire", "03-31", 0, "noted", None),
        ("r3", "03-31", 0, "forfeited", "fire"),
        ("r4", "04-30", 0, "forfeited", "fire"),
    ]
    assert result["cap_used"].to_list() == [10, 15, None, None, None, None, None]


def test_a_breach_takes_back_its_own_banquet_only():
    items = rules(
        {"code": "banquet", "points": 60, "matter": "required"},
        {
            "code": "breach",
            "points": -20,
            "per": "matter",
            "matter": "required",
            "forfeits": ("matter", ["banquet"]),
        },
    )
    rows = events(
        {"event_id": "wedding", "item": "banquet", "occurred_on": day(5, 1), "matter_id": "w"},
        {"event_id": "funeral", "item": "banquet", "occurred_on": day(5, 2), "matter_id": "f"},
        {"event_id": "noise", "item": "breach", "occurred_on": day(5, 3), "matter_id": "w"},
        {"event_id": "again", "item": "breach", "occurred_on": day(5, 4), "matter_id": "w"},
    )
    assert ledger(items, rows) == [
        ("wedding", "05-01", 60, "awarded", None),
        ("funeral", "05-02", 60, "awarded", None),
        ("wedding", "05-03", -60, "reversed", "noise"),
        ("noise", "05-03", -20, "deducted", None),
        ("again", "05-04", 0, "duplicate", "noise"),
    ]


@pytest.mark.parametrize(("approved", "quarter"), [(day(4, 15), "2023Q1"), (day(4, 16), "2023Q2")])
def test_an_approval_within_the_days_of_grace_belongs_to_the_quarter_before(approved, quarter):
    item = rules({"code": "v"})
    row = {"event_id": "a", "item": "v", "occurred_on": day(3, 20), "decided_on": approved}
    assert scored(item, events(row)).ledger["quarter"].to_list() == [quarter]


def test_points_change_on_their_day():
    item = rules({"code": "v", "points": [(day(1, 1), 5), (day(7, 1), 8)]}, first_year=2023)
    rows = events(
        {"event_id": "a", "item": "v", "occurred_on": day(6, 30)},
        {"event_id": "b", "item": "v", "occurred_on": day(7, 1), "quantity": 3},
    )
    assert [line[2] for line in ledger(item, rows)] == [5, 24]


def test_a_household_that_moves_keeps_its_village_until_the_year_ends():
    spells = [("old", "town", day(1, 1), day(6, 1)), ("new", "town", day(6, 1), None)]
    item = rules({"code": "v"})
    rows = events(
        {"event_id": "a", "item": "v", "occurred_on": day(9, 1)},
        {"event_id": "b", "item": "v", "occurred_on": day(9, 1, 2024)},
    )
    lines = scored(item, rows, register(wang=spells)).ledger
    assert dict(zip(lines["event_id"], lines["village_id"], strict=True)) == {"a": "old", "b": "new"}
