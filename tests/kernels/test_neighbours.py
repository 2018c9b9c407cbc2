"""Pencil cases of the newer rules, one for a pair of neighbours: what one leaves the other takes up (3.3)."""

from __future__ import annotations

from datetime import date

import polars as pl

from jifen_batch.tables import HOUSEHOLDS
from oracle.small import book
from oracle.small import item as rule
from pencil import compiled, events, scored


def on(text):
    return date.fromisoformat(text)


def event(event_id, item, occurred_on, **more):
    days = {name: on(value) if name in {"decided_on", "until"} else value for name, value in more.items()}
    return {"event_id": event_id, "item": item, "occurred_on": on(occurred_on)} | days


def home(*spells):
    """The register of household wang: `enrolled_on`, `left_on` and kind of each spell."""
    rows = [
        {"household_id": "wang", "village_id": "v", "town_id": "t", "enrolled_on": on(first)}
        | {"left_on": on(last) if last else None, "kind": kind}
        for first, last, kind in spells
    ]
    return pl.DataFrame(rows, schema={name: HOUSEHOLDS.schema[name] for name in rows[0]})


HOME = home(("2020-01-01", None, None))


def lines(rules, *rows, people=HOME, as_of="2023-12-31", grace_days=15):
    """The ledger: event, day posted, points, what its own cap has granted, disposition."""
    found = scored(compiled(rules), events(*rows), people, as_of=on(as_of), grace_days=grace_days).ledger
    return [
        (one["event_id"], f"{one['posted_on']:%m-%d}", one["points"], one["cap_used"], one["disposition"])
        for one in found.iter_rows(named=True)
    ]


def granted(code, points, per="year", **more):
    return rule(code, points, per, grant=True, **more)


FLOORED = {"conduct": {"points": 20, "basis": "net", "floor": 0}}


def test_a_floor_and_a_forfeiture():
    """20 − 15 − 10: the floor lets 5 of the 10 through; the veto takes 20 back, and gives no room."""
    rules = book(
        granted("base", 20, cap="conduct"),
        rule("litter", -15, cap="conduct"),
        rule("quarrel", -10, cap="conduct"),
        rule("veto", 0, forfeits={"scope": "year", "items": "all"}),
        caps=FLOORED,
    )
    rows = [
        event("a", "litter", "2023-02-01"),
        event("b", "quarrel", "2023-03-01"),
        event("c", "veto", "2023-04-01"),
        event("d", "quarrel", "2023-05-01"),
    ]
    assert lines(rules, *rows) == [
        ("grant:base:2023", "01-01", 20, 20, "awarded"),
        ("a", "02-01", -15, 5, "deducted"),
        ("b", "03-01", -5, 0, "floored"),
        ("grant:base:2023", "04-01", -20, None, "reversed"),
        ("c", "04-01", 0, None, "noted"),
        ("d", "05-01", 0, 0, "floored"),
    ]


def test_a_dated_cap_and_a_late_approval():
    """40 from August on. What was done in May and approved in September is held at 40, not at 60."""
    steps = [{"from": on("2023-01-01"), "points": 60}, {"from": on("2023-08-01"), "points": 40}]
    caps = {"help": {"points": steps}}
    rules = book(rule("help", 25, cap="help"), caps=caps)
    rows = [
        event("a", "help", "2023-03-01"),
        event("b", "help", "2023-05-01", decided_on="2023-09-01"),
        event("c", "help", "2023-06-01"),
        event("d", "help", "2023-12-20", decided_on="2024-01-10"),
    ]
    assert lines(rules, *rows, as_of="2024-02-01") == [
        ("a", "03-01", 25, 25, "awarded"),
        ("c", "06-01", 25, 50, "awarded"),
        ("b", "09-01", 0, 50, "capped"),
        ("d", "01-10", 0, 50, "capped"),
    ]


def test_a_grant_and_a_kind_that_changes_in_mid_month():
    """A landlord from 16 May on: the grant of May goes by its last day, that of the year by its first."""
    people = home(("2020-01-01", "2023-05-16", "自住户"), ("2023-05-16", None, "出租户"))
    rules = book(
        granted("own", 5, "month", kinds=["自住户"]),
        granted("let", 2, "month", kinds=["出租户"]),
        granted("year", 50, kinds=["出租户"]),
    )
    found = lines(rules, people=people, as_of="2023-05-31")
    assert found[0] == ("grant:year:2023", "01-01", 0, None, "not_eligible")
    assert found[-4:] == [
        ("grant:let:2023", "04-30", 0, None, "not_eligible"),
        ("grant:own:2023", "04-30", 5, None, "awarded"),
        ("grant:let:2023", "05-31", 2, None, "awarded"),
        ("grant:own:2023", "05-31", 0, None, "not_eligible"),
    ]


def test_a_reset_on_the_very_day():
    """What is posted on the day of the reset stands, by whatever id; of the day before it goes."""
    rules = book(
        rule("good", 10),
        rule("reset", 0, forfeits={"scope": "year", "items": "all", "reach": "before"}),
    )
    rows = [
        event("a", "good", "2023-06-30"),
        event("b", "good", "2023-07-01"),
        event("c", "reset", "2023-07-01"),
        event("d", "good", "2023-07-01"),
        event("e", "good", "2023-05-01", decided_on="2023-07-01"),
    ]
    assert lines(rules, *rows) == [
        ("a", "06-30", 10, None, "awarded"),
        ("e", "07-01", 10, None, "awarded"),
        ("a", "07-01", -10, None, "reversed"),
        ("b", "07-01", 10, None, "awarded"),
        ("c", "07-01", 0, None, "noted"),
        ("d", "07-01", 10, None, "awarded"),
    ]


def test_once_a_quarter_and_a_cap_of_the_quarter():
    """The duplicate uses nothing of the cap up; the next quarter begins with both anew."""
    caps = {"q": {"points": 12, "period": "quarter"}}
    rules = book(rule("star", 8, "quarter", cap="q"), rule("help", 6, cap="q"), caps=caps)
    rows = [
        event("a", "star", "2023-01-05"),
        event("b", "star", "2023-03-31"),
        event("c", "help", "2023-03-31"),
        event("d", "star", "2023-04-01"),
    ]
    assert lines(rules, *rows) == [
        ("a", "01-05", 8, 8, "awarded"),
        ("b", "03-31", 0, None, "duplicate"),
        ("c", "03-31", 4, 12, "capped"),
        ("d", "04-01", 8, 8, "awarded"),
    ]


def test_another_kind_and_once_a_half_year():
    """What is not for the household's kind of that day is no first of its half-year."""
    people = home(("2020-01-01", "2023-03-01", "自住户"), ("2023-03-01", None, "出租户"))
    rules = book(rule("lecture", 10, "half", kinds=["出租户"]))
    rows = [
        event("a", "lecture", "2023-02-28"),
        event("b", "lecture", "2023-03-01"),
        event("c", "lecture", "2023-06-30"),
        event("d", "lecture", "2023-07-01"),
    ]
    assert lines(rules, *rows, people=people) == [
        ("a", "02-28", 0, None, "not_eligible"),
        ("b", "03-01", 10, None, "awarded"),
        ("c", "06-30", 0, None, "duplicate"),
        ("d", "07-01", 10, None, "awarded"),
    ]


def test_a_tier_and_a_cap_around_its_cap():
    """50, then topped up to 100: the inner cap of 80 leaves 30 of that, the outer one of 70 leaves 20."""
    caps = {"honour": {"points": 80, "within": "all"}, "all": 70}
    rules = book(
        rule("town", 50, exclusive="g", matter="required", cap="honour"),
        rule("district", 100, exclusive="g", matter="required", cap="honour"),
        caps=caps,
    )
    rows = [
        event("a", "town", "2023-02-01", matter_id="m"),
        event("b", "district", "2023-03-01", matter_id="m"),
    ]
    assert lines(rules, *rows) == [("a", "02-01", 50, 50, "awarded"), ("b", "03-01", 20, 80, "capped")]


def test_a_floor_of_an_inner_cap_and_room_in_the_outer():
    """The yard's floor lets 10 of 15 through; the outer cap goes down by those 10, and has room for 10."""
    caps = {
        "yard": {"points": 10, "basis": "net", "floor": 0, "within": "all"},
        "all": {"points": 30, "basis": "net"},
    }
    rules = book(
        rule("tidy", 10, cap="yard"), rule("dirty", -15, cap="yard"), rule("help", 20, cap="all"), caps=caps
    )
    rows = [
        event("a", "tidy", "2023-02-01"),
        event("b", "help", "2023-03-01"),
        event("c", "dirty", "2023-04-01"),
        event("d", "help", "2023-05-01"),
    ]
    assert lines(rules, *rows) == [
        ("a", "02-01", 10, 10, "awarded"),
        ("b", "03-01", 20, 30, "awarded"),
        ("c", "04-01", -10, 0, "floored"),
        ("d", "05-01", 10, 30, "capped"),
    ]


def test_a_veto_by_quarter_and_a_grant_of_each_month():
    """An incident of May takes April to June of the monthly base, and leaves March and July."""
    rules = book(
        granted("base", 3, "month"), rule("fire", -1, forfeits={"scope": "quarter", "items": ["base"]})
    )
    assert lines(rules, event("f", "fire", "2023-05-10"), as_of="2023-07-31")[2:] == [
        ("grant:base:2023", "03-31", 3, None, "awarded"),
        ("grant:base:2023", "04-30", 3, None, "awarded"),
        ("grant:base:2023", "05-10", -3, None, "reversed"),
        ("f", "05-10", -1, None, "deducted"),
        ("grant:base:2023", "05-31", 0, None, "forfeited"),
        ("grant:base:2023", "06-30", 0, None, "forfeited"),
        ("grant:base:2023", "07-31", 3, None, "awarded"),
    ]


def test_a_reset_and_a_net_cap():
    """What a reset takes back stays in the sum of the cap: 20 are used up, and nothing more is granted."""
    caps = {"c": {"points": 20, "basis": "net"}}
    rules = book(
        rule("good", 20, cap="c"),
        rule("reset", 0, forfeits={"scope": "year", "items": ["good"], "reach": "before"}),
        caps=caps,
    )
    rows = [
        event("a", "good", "2023-02-01"),
        event("b", "reset", "2023-03-01"),
        event("c", "good", "2023-04-01"),
    ]
    assert lines(rules, *rows) == [
        ("a", "02-01", 20, 20, "awarded"),
        ("a", "03-01", -20, None, "reversed"),
        ("b", "03-01", 0, None, "noted"),
        ("c", "04-01", 0, 20, "capped"),
    ]
