"""What differs between two sets of books: each edit told once, with what stood there and what stands now."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

import villages
from jifen_batch import rules
from jifen_batch.cli import output
from jifen_batch.notices import rule_changes
from jifen_batch.rules.diff import KINDS, changes
from jifen_batch.rules.model import INHERITED_BY_BOOK, LAYERED_FIELDS, CapTable
from rules.writing import BOOK, change, item, load, local

CONFIGS = Path(__file__).parents[2] / "configs" / "rules"
HEAD = BOOK + "[caps]\nx = 60\n"
PLEDGE = item("a", per='"month"', cap='"x"', clause='"五分"', row="1")
BASE = HEAD + PLEDGE + item("b")
POINTS = re.compile(r'"points" = ([1-9][0-9]*)')
PLACES = local("p", 'scope = {villages = ["S", "T"]}')
TOWN = local("t", 'scope = {towns = ["T"]}')


def told(folder, before, after):
    """Book, kind, key, field, before and after of each change."""
    sides = []
    for name, texts in (("before", before), ("after", after)):
        (folder / name).mkdir()
        sides.append(load(folder / name, *texts))
    return changes(*sides)


def brief(found):
    return [(one.book, one.kind, one.key, one.field, one.before, one.after) for one in found]


FIELDS = {
    "points": ("points", "6", 5, 6),
    "dated points": (
        "points",
        "[{from = 2023-01-01, points = 5}, {from = 2024-07-01, points = 6}]",
        5,
        [{"from": date(2023, 1, 1), "points": 5}, {"from": date(2024, 7, 1), "points": 6}],
    ),
    "per": ("per", '"year"', "month", "year"),
    "pledge": ("pledge", "true", False, True),
    "clause": ("clause", '"六分"', "五分", "六分"),
    "row": ("row", "2", 1, 2),
    "cap": ("cap", None, "x", None),
    "category": ("category", '"别类"', "类", "别类"),
    "task": ("task", '"别"', "任务", "别"),
    "name": ("name", '"别名"', "名", "别名"),
    "content": ("content", '"内容"', None, "内容"),
    "matter_cap": ("matter_cap", "9", None, 9),
    "matter": ("matter", '"day"', "event", "day"),
    "by_member": ("by_member", "true", False, True),
    "notice": ("notice", '"hidden"', "item", "hidden"),
    "forfeits": (
        "forfeits",
        '{scope = "year", items = ["b", "b"]}',
        None,
        {"scope": "year", "items": ["b"]},
    ),
}


@pytest.mark.parametrize("edit", FIELDS)
def test_a_field_of_an_item_is_told_as_it_was_and_is(tmp_path, edit):
    field, written, before, after = FIELDS[edit]
    given = {"per": '"month"', "cap": '"x"', "clause": '"五分"', "row": "1"} | {field: written}
    found = told(tmp_path, [BASE], [HEAD + item("a", **given) + item("b")])
    ours = [one for one in found if one.kind == "item_changed"]
    assert brief(ours) == [("base", "item_changed", "a", field, before, after)]
    assert {one.kind for one in found} <= {"item_changed", "cap_changed"}


def test_an_exclusive_group_is_told_by_its_name(tmp_path):
    before = [BOOK + item("a", exclusive='"g"')]
    found = told(tmp_path, before, [BOOK + item("a", exclusive='"h"')])
    assert brief(found) == [("base", "item_changed", "a", "exclusive", "g", "h")]


def test_every_field_of_an_item_and_a_book_has_a_word():
    said = {
        of: {name for name, one in fields.items() if one.zh} for of, fields in rule_changes.FIELDS.items()
    }
    assert said["item"] == set(LAYERED_FIELDS)
    assert said["book"] == {*INHERITED_BY_BOOK, "extends", "scope", "expires", "grades"}
    assert said["cap"] == set(CapTable.fields())


def test_a_cap_is_told_with_the_items_under_it(tmp_path):
    [found] = told(tmp_path, [BASE], [BASE.replace("x = 60", "x = 80")])
    assert brief([found]) == [("base", "cap_changed", "x", "points", 60, 80)]
    assert (found.items, found.name, found.clause) == (("a",), "名", "五分")


def test_the_items_under_a_cap_are_called_as_they_are_now(tmp_path):
    renamed = BASE.replace("x = 60", "x = 80").replace(PLEDGE, PLEDGE.replace('"名"', '"新名"'))
    found = told(tmp_path, [BASE], [renamed])
    assert [(one.kind, one.name) for one in found] == [("cap_changed", "新名"), ("item_changed", "新名")]


def test_what_comes_and_goes_is_told_as_a_whole(tmp_path):
    after = [BOOK + "[caps]\ny = {points = 3, basis = 'net'}\n" + item("c", cap='"y"') + item("b")]
    found = told(tmp_path, [BASE], after)
    assert [(one.kind, one.key) for one in found] == [
        ("cap_added", "y"),
        ("cap_removed", "x"),
        ("item_added", "c"),
        ("item_removed", "a"),
    ]
    plain = {"period": "year", "within": None, "floor": None}
    assert (found[0].after, found[1].before) == (
        {"points": 3, "basis": "net", **plain},
        {"points": 60, "basis": "awards", **plain},
    )


def test_disabled_and_restored_are_not_removed_and_added(tmp_path):
    off = TOWN + change("b", disabled="true")
    assert [one.kind for one in told(tmp_path, [BASE, TOWN], [BASE, off])] == ["item_disabled"]
    (tmp_path / "back").mkdir()
    assert [one.kind for one in told(tmp_path / "back", [BASE, off], [BASE, TOWN])] == ["item_restored"]


def test_an_edit_of_the_district_is_told_once_and_marked_below(tmp_path):
    """The village has its own points, so that the edit does not reach it; the town inherits it."""
    village = local("v", 'scope = {villages = ["V"]}', extends="t") + change("b", points="9")
    edited = BASE.replace(item("b"), item("b", points="7"))
    found = told(tmp_path, [BASE, TOWN, village], [edited, TOWN, village])
    assert [(one.book, one.key, one.inherited) for one in found] == [("base", "b", False), ("t", "b", True)]


def test_a_new_local_book_is_held_against_what_applied_there(tmp_path):
    """The district raises b from 5 to 7 on the same day: for the town that has 8 now, it was 5."""
    edited = BASE.replace(item("b"), item("b", points="7"))
    found = told(tmp_path, [BASE], [edited, TOWN + change("b", points="8")])
    assert brief(found)[0] == ("base", "item_changed", "b", "points", 5, 7)
    assert [one.kind for one in found[1:]] == ["book_added", "item_changed"]
    assert brief(found)[2] == ("t", "item_changed", "b", "points", 5, 8)


def test_a_local_book_taken_away_falls_back_on_the_one_it_extended(tmp_path):
    found = told(tmp_path, [BASE, TOWN + change("b", points="8")], [BASE])
    assert [one.kind for one in found] == ["book_removed", "item_changed"]
    assert brief(found)[1] == ("t", "item_changed", "b", "points", 8, 5)


def test_the_head_of_a_book_is_told_field_by_field(tmp_path):
    after = BASE.replace("first_year = 2023", "first_year = 2024\nlast_year = 2030")
    after = after.replace("甲细则", "乙细则") + '[wallet]\nexpires = "12-31"\n'
    assert [(one.field, one.before, one.after) for one in told(tmp_path, [BASE], [after])] == [
        ("title", "甲细则", "乙细则"),
        ("first_year", 2023, 2024),
        ("last_year", None, 2030),
        ("expires", "none", "12-31"),
    ]


def test_comments_order_and_layers_that_change_nothing_are_no_difference(tmp_path):
    assert (
        told(_made(tmp_path / "places"), [BASE, PLACES], [BASE, PLACES.replace('"S", "T"', '"T", "S"')]) == []
    )
    said_again = TOWN + change("b", points="5", content='""', notice='"item"')
    assert told(tmp_path, [BASE, TOWN], [said_again, "# 注\n" + BASE]) == []


@pytest.mark.parametrize("seed", range(12))
def test_books_differ_exactly_where_their_fingerprints_do(tmp_path, seed):
    """Random books against the same with one number changed; a cap that holds no item counts for nothing."""
    texts = list(villages.make(seed).rule_texts.values())
    edited = [POINTS.sub(lambda found: f'"points" = {int(found[1]) - 1}', text, count=1) for text in texts]
    assert edited != texts
    sides = [load(_made(tmp_path / name), *each) for name, each in (("a", texts), ("b", edited))]
    assert changes(sides[0], sides[0]) == []
    found = [one for one in changes(*sides) if one.items or not one.kind.startswith("cap")]
    assert bool(found) == (sides[0].fingerprint != sides[1].fingerprint)


def _made(folder):
    folder.mkdir()
    return folder


@pytest.mark.parametrize("reading", sorted((CONFIGS / "readings").glob("*.toml")), ids=lambda path: path.stem)
def test_a_reading_is_a_new_book_and_what_it_changes(reading, capsys):
    shipped = CONFIGS / "baoshan-2023.toml"
    found = changes(rules.load([shipped]), rules.load([shipped, reading]))
    assert [one.kind for one in found].index("book_added") == 0
    assert {one.kind for one in found[1:]} <= {"item_changed", "cap_changed"}
    assert len(found) > 1
    output.tables(*rule_changes.parts(found))
    printed = capsys.readouterr().out
    assert all(one.key is None or one.key in printed for one in found)


def test_a_change_is_plain_data_for_machines(tmp_path):
    found = told(tmp_path, [BASE], [BASE.replace("x = 60", "x = 80")])
    assert json.loads(json.dumps([one.as_data() for one in found], default=str)) == [
        {
            "book": "base",
            "kind": "cap_changed",
            "key": "x",
            "field": "points",
            "before": 60,
            "after": 80,
            "clause": "五分",
            "name": "名",
            "items": ["a"],
            "inherited": False,
        }
    ]
    assert found[0].kind in KINDS
