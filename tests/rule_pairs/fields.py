"""What each field of an item and of a cap may say, in pairs: each pair is a village under two rule books."""

from __future__ import annotations

from dataclasses import dataclass, field

PLAIN = {"category": "甲", "task": "任务", "name": "事项", "points": 10, "per": "event"}
YES, NO = True, False


def row(event, day, *, of="A", item="a", **more):
    return {
        "event_id": event,
        "household_id": of,
        "item": item,
        "occurred_on": day,
        "status": "approved",
        **more,
    }


TWICE = (row("e1", "2023-03-01"), row("e2", "2023-03-20"))
TWO_MONTHS = (*TWICE, row("e3", "2023-05-02"))
MEMBERS = (
    row("e1", "2023-03-01", member_id="1"),
    row("e2", "2023-03-02", member_id="2"),
    row("e3", "2023-03-01", of="B", member_id="1"),
)
TWO_YEARS = (row("e1", "2022-12-01", matter_id="m"), row("e2", "2023-03-02", item="b", matter_id="m"))
ACCIDENT = (
    row("e1", "2023-03-01"),
    row("e2", "2023-03-02", item="b"),
    row("e3", "2023-05-01", item="x"),
    row("e4", "2023-03-01", of="B"),
)
VICTIMS = {"a": {}, "b": {"points": 20}}
NET, LOSS = {"c": {"points": 15, "basis": "net"}}, {"b": {"points": -40, "cap": "c"}}


@dataclass(frozen=True)
class Pair:
    """A field of item a (or cap c) that says `one` in a book and `other` in another, null where neither.

    `a` are its further fields, `more` the other items by code; `moved` are those whose points differ.
    """

    one: object
    other: object
    events: tuple = TWICE
    a: dict = field(default_factory=dict)
    more: dict = field(default_factory=dict)
    caps: dict = field(default_factory=dict)
    moved: str = "A"


ITEM = {
    "code": [Pair("a", "z", (*TWICE, row("e3", "2023-05-02", of="B", item="z")), moved="AB")],
    "row": [Pair(1, 2, moved="")],
    "category": [Pair("甲", "乙")],
    "task": [Pair("任务", "别的任务", moved="")],
    "name": [Pair("事项", "别的事项", moved="")],
    "content": [Pair(None, "内容", moved="")],
    "clause": [Pair(None, "原文", moved="")],
    "points": [
        Pair(10, 12),
        Pair(0, 12),
        Pair(-5, 12),
        Pair(10, [{"from": "2020-01-01", "points": 10}, {"from": "2023-03-15", "points": 20}]),
    ],
    "per": [
        Pair("event", "month"),
        Pair("event", "year"),
        Pair("event", "matter", a={"matter": "year"}),
        Pair("month", "year", TWO_MONTHS),
        Pair("month", "matter", TWO_MONTHS, a={"matter": "year"}),
        # What counts once in a period takes no quantity.
        Pair("event", "year", (row("e1", "2023-03-01", quantity="3"),)),
    ],
    "pledge": [
        Pair(None, YES, (row("e1", "2023-03-01"),), a={"per": "month"}),
        Pair(None, YES, (row("e1", "2023-03-01", until="2023-07-10"),), a={"per": "month"}),
        Pair(None, YES, (row("e1", "2023-10-03", decided_on="2024-01-20"),), a={"per": "month"}),
    ],
    "cap": [Pair(None, "c", caps={"c": 15}), Pair("c", "d", caps={"c": 15, "d": 5})],
    "matter_cap": [Pair(None, 15, a={"matter": "year"}), Pair(5, 15, a={"matter": "year"})],
    "matter": [
        Pair("event", "year", a={"per": "matter"}),
        Pair("day", "year", a={"matter_cap": 15}),
        Pair("event", "required"),
    ],
    "exclusive": [
        Pair(None, "t", a={"matter": "year"}),
        # Tiers meet across the years: a line of another year has its say, under the older rule alone.
        Pair(None, "t", TWO_YEARS, more={"b": {"points": 30, "exclusive": "t"}}),
    ],
    "by_member": [Pair(None, YES, MEMBERS, a={"per": "year", "points": 60})],
    "forfeits": [  # of the item x
        Pair(None, {"scope": "year", "items": ["a"]}, ACCIDENT, more=VICTIMS),
        Pair(
            {"scope": "year", "items": ["a", "b"]}, {"scope": "year", "items": ["a"]}, ACCIDENT, more=VICTIMS
        ),
        Pair({"scope": "year", "items": ["a"]}, {"scope": "month", "items": ["a"]}, ACCIDENT, more=VICTIMS),
    ],
    "notice": [Pair("item", "hidden", moved="")],
    "kinds": [
        Pair(None, ["低保户"]),
        Pair(["出租户"], ["低保户"]),
        Pair(["出租户"], ["出租户", "低保户"], moved=""),
    ],
    "grant": [
        Pair(None, YES, a={"per": "year"}, moved="AB"),
        Pair(None, YES, (row("e1", "2023-03-01"),), a={"per": "month"}, moved="AB"),
    ],
    "spendable": [Pair(None, NO, moved="")],
    "disabled": [Pair(None, YES)],
    "unset": [Pair(None, ["cap"], a={"cap": "c"}, caps={"c": 15})],
}
CAP = {
    "points": [
        Pair(15, 5),
        Pair(15, [{"from": "2020-01-01", "points": 15}, {"from": "2023-03-10", "points": 12}]),
    ],
    # Deductions may stand under a net cap alone, so that no edit of a basis alone moves points.
    "basis": [Pair("awards", "net", moved="")],
    "period": [Pair("year", "month", TWO_MONTHS), Pair("quarter", "half", TWO_MONTHS)],
    "within": [Pair(None, "d", caps={"d": 12})],
    "floor": [Pair(None, 0, (*TWICE, row("e3", "2023-04-01", item="b")), caps=NET, more=LOSS)],
}

PAIRS = dict(
    enumerate(
        (kind, name, pair)
        for kind, fields in (("item", ITEM), ("cap", CAP))
        for name, pairs in fields.items()
        for pair in pairs
    )
)
