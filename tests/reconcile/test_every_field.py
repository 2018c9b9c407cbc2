"""Each field of an item and of a cap, changed alone in an older book: each command says so.

The fields are those of the rule model itself, so that one which is added without a case here is noticed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import polars as pl
import pytest
from click.testing import CliRunner

from jifen_batch.cli.program import program
from jifen_batch.rules.model import CapTable, Item
from jifen_batch.scheme import rule_fields
from jifen_batch.tables import LEDGER

AS_OF = "2024-06-01"
PLAIN = {"category": "甲", "task": "任务", "name": "事项", "points": 10, "per": "event"}
YES, NO = True, False
KINDS = {"A": "出租户", "B": None}
GRAINS = ((), ("category",), ("category", "item"), ("category", "quarter"))


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
class Case:
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
    "code": [Case("a", "z", (*TWICE, row("e3", "2023-05-02", of="B", item="z")), moved="AB")],
    "row": [Case(1, 2, moved="")],
    "category": [Case("甲", "乙")],
    "task": [Case("任务", "别的任务", moved="")],
    "name": [Case("事项", "别的事项", moved="")],
    "content": [Case(None, "内容", moved="")],
    "clause": [Case(None, "原文", moved="")],
    "points": [
        Case(10, 12),
        Case(0, 12),
        Case(-5, 12),
        Case(10, [{"from": "2020-01-01", "points": 10}, {"from": "2023-03-15", "points": 20}]),
    ],
    "per": [
        Case("event", "month"),
        Case("event", "year"),
        Case("event", "matter", a={"matter": "year"}),
        Case("month", "year", TWO_MONTHS),
        Case("month", "matter", TWO_MONTHS, a={"matter": "year"}),
        # What counts once in a period takes no quantity.
        Case("event", "year", (row("e1", "2023-03-01", quantity="3"),)),
    ],
    "pledge": [
        Case(None, YES, (row("e1", "2023-03-01"),), a={"per": "month"}),
        Case(None, YES, (row("e1", "2023-03-01", until="2023-07-10"),), a={"per": "month"}),
        Case(None, YES, (row("e1", "2023-10-03", decided_on="2024-01-20"),), a={"per": "month"}),
    ],
    "cap": [Case(None, "c", caps={"c": 15}), Case("c", "d", caps={"c": 15, "d": 5})],
    "matter_cap": [Case(None, 15, a={"matter": "year"}), Case(5, 15, a={"matter": "year"})],
    "matter": [
        Case("event", "year", a={"per": "matter"}),
        Case("day", "year", a={"matter_cap": 15}),
        Case("event", "required"),
    ],
    "exclusive": [
        Case(None, "t", a={"matter": "year"}),
        # Tiers meet across the years: a line of another year has its say, under the older rule alone.
        Case(None, "t", TWO_YEARS, more={"b": {"points": 30, "exclusive": "t"}}),
    ],
    "by_member": [Case(None, YES, MEMBERS, a={"per": "year", "points": 60})],
    "forfeits": [  # of the item x
        Case(None, {"scope": "year", "items": ["a"]}, ACCIDENT, more=VICTIMS),
        Case(
            {"scope": "year", "items": ["a", "b"]}, {"scope": "year", "items": ["a"]}, ACCIDENT, more=VICTIMS
        ),
        Case({"scope": "year", "items": ["a"]}, {"scope": "month", "items": ["a"]}, ACCIDENT, more=VICTIMS),
    ],
    "notice": [Case("item", "hidden", moved="")],
    "kinds": [
        Case(None, ["低保户"]),
        Case(["出租户"], ["低保户"]),
        Case(["出租户"], ["出租户", "低保户"], moved=""),
    ],
    "grant": [
        Case(None, YES, a={"per": "year"}, moved="AB"),
        Case(None, YES, (row("e1", "2023-03-01"),), a={"per": "month"}, moved="AB"),
    ],
    "spendable": [Case(None, NO, moved="")],
    "disabled": [Case(None, YES)],
    "unset": [Case(None, ["cap"], a={"cap": "c"}, caps={"c": 15})],
}
CAP = {
    "points": [
        Case(15, 5),
        Case(15, [{"from": "2020-01-01", "points": 15}, {"from": "2023-03-10", "points": 12}]),
    ],
    # Deductions may stand under a net cap alone, so that no edit of a basis alone moves points.
    "basis": [Case("awards", "net", moved="")],
    "period": [Case("year", "month", TWO_MONTHS), Case("quarter", "half", TWO_MONTHS)],
    "within": [Case(None, "d", caps={"d": 12})],
    "floor": [Case(None, 0, (*TWICE, row("e3", "2023-04-01", item="b")), caps=NET, more=LOSS)],
}


STANDARD = {"points": 15, "basis": "awards"}


def toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    plain_day = isinstance(value, str) and value[:2] == "20" and value[4:5] == "-"
    return value if plain_day else json.dumps(value, ensure_ascii=False)


def written(folder, items, caps, over=None):
    """A book of these items and caps, and, where `over` says something of item a, one that lies on it."""
    folder.mkdir()
    head = '[book]\nid = "{}"\ntitle = "细则"\nsource = "文"\n'
    text = head.format("b") + f"first_year = 2020\n[caps]\n{lines(caps)}"
    for code, fields in items.items():
        text += f"[[items]]\n{lines({'code': code, **PLAIN, **fields})}"
    (folder / "base.toml").write_text(text, encoding="utf-8")
    if over is not None:
        text = head.format("local") + f'extends = "b"\n[[items]]\n{lines({"code": "a", **over})}'
        (folder / "local.toml").write_text(text, encoding="utf-8")
    return folder


def lines(fields):
    return "".join(f"{key} = {toml(value)}\n" for key, value in fields.items() if value is not None)


def books(folder, kind, name, case):
    """The two books of a case, as folders."""
    both = []
    for number, value in enumerate((case.one, case.other)):
        a, caps, more, over, code = dict(case.a), dict(case.caps), dict(case.more), None, "a"
        if kind == "cap":
            a["cap"] = "c"
            caps["c"] = {
                key: said
                for key, said in (STANDARD | caps.get("c", {}) | {name: value}).items()
                if said is not None
            }
        elif name in {"disabled", "unset"}:
            over = {name: value}
        elif name == "code":
            code = value
        elif name == "forfeits":
            more["x"] = {"points": 0, "forfeits": value}
        else:
            a[name] = value
        both.append(written(folder / f"book{number}", {code: a, **more}, caps, over))
    return both


def run(*words):
    result = CliRunner().invoke(program, [*map(str, words), "--json"])
    assert result.exit_code in {0, 4}, result.output
    return json.loads(result.stdout)


def posted(ledger):
    """The ledger's lines; a run without one has no file of them."""
    files = list(ledger.rglob("*.parquet"))
    return pl.read_parquet(files, hive_partitioning=True) if files else LEDGER.schema.to_frame()


def named(edits):
    """What a command says was edited: fields, and kinds where the whole of something came or went."""
    return {edit["field"] or edit["kind"] for edit in edits}


WHOLE = {
    "code": {"item_added", "item_removed"},
    "disabled": {"item_disabled", "item_restored"},
    "unset": {"cap"},
}
# Points that move between categories alone: none of a household's.
EVEN = {"category": {"A"}}
CASES = [
    (kind, name, case)
    for kind, fields in (("item", ITEM), ("cap", CAP))
    for name, cases in fields.items()
    for case in cases
]


def called(value):
    """The kind and the field of a case, as the name of its test."""
    return "-".join(value[:2]) if isinstance(value, tuple) else ("older_one", "older_other")[value]


@pytest.fixture
def asked(tmp_path):
    """The options of inputs and output for a case's events."""

    def options(case):
        columns = dict.fromkeys(key for event in case.events for key in event)
        events = [{key: event.get(key) for key in columns} for event in case.events]
        spell = {"village_id": "v", "town_id": "t", "enrolled_on": "2020-01-01"}
        for name, rows in (
            ("e", events),
            ("h", [{"household_id": of, **spell, "kind": kind} for of, kind in KINDS.items()]),
        ):
            pl.DataFrame(rows).write_csv(tmp_path / f"{name}.csv")
        inputs = ("--events", tmp_path / "e.csv", "--households", tmp_path / "h.csv", "--as-of", AS_OF)
        return inputs, ("--out", tmp_path / "out")

    return options


@pytest.mark.parametrize(("case", "older"), [(case, older) for case in CASES for older in (0, 1)], ids=called)
def test_an_older_book_of_one_other_field_is_what_every_command_names(case, older, asked, tmp_path):
    kind, name, case = case
    both = books(tmp_path, kind, name, case)
    inputs, out = asked(case)
    ledgers, runs = {}, {}
    for at in (older, 1 - older):
        runs[at] = run("run", *inputs, *out, "--rules", both[at], "--max-reject-rate", "1")["run_id"]
        ledgers[at] = posted(tmp_path / "out" / "current" / "ledger")

    told = run("compare", *out, runs[older], "current")
    what_if = run("what-if", *inputs, *out, "--rules", both[older])
    assert named(told["rules"]) & WHOLE.get(name, {name})
    assert named(what_if["changes"]) & WHOLE.get(name, {name})
    assert told["unattributed"] == told["lines_unattributed"] == 0

    for grain in GRAINS:
        keys = ["household_id", "scoring_year", *grain]
        theirs = ledgers[older].group_by(keys).agg(pl.col("points").sum()).sort(keys)
        ours = ledgers[1 - older].group_by(keys).agg(ours=pl.col("points").sum())
        pairs = theirs.join(ours, on=keys, how="full", coalesce=True).fill_null(0)
        differ = pairs.filter(pl.col("points") != pl.col("ours"))
        if not grain:
            assert set(differ["household_id"]) == set(case.moved) - EVEN.get(name, set())
        if theirs.height == 0:
            continue
        theirs.write_csv(tmp_path / "theirs.csv")
        breaks = run("reconcile", *out, "--statement", tmp_path / "theirs.csv")["breaks"]
        held = differ.filter(pl.col("scoring_year").is_in(theirs["scoring_year"].unique().implode()))
        if "quarter" not in grain:
            assert len(breaks) == held.height
        assert {one["cause"] for one in breaks} <= {"older_rules"}, (grain, breaks)


def test_no_field_of_the_rule_model_is_left_out():
    assert set(ITEM) == set(Item.fields()) == set(rule_fields.ITEM)
    assert set(CAP) == set(CapTable.fields()) == set(rule_fields.CAP_TABLE)


def test_what_moves_points_in_a_case_decides_something():
    for fields, cases in ((rule_fields.ITEM, ITEM), (rule_fields.CAP_TABLE, CAP)):
        for name, field_of_rule in fields.items():
            moves = any(case.moved for case in cases[name])
            assert not moves or field_of_rule.decides or name == "unset"
