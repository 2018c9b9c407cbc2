"""The few books of many that have to do with a place are loaded, and say the same as all of them."""

import pytest

import villages
from jifen_batch import rules
from jifen_batch.desk.explain import governing_books
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rulebook import rule_book
from pencil import register

HEAD = '[book]\nid = "{id}"\n'
BASE = (
    HEAD
    + """title = "t"
source = "s"
first_year = 2023
[[items]]
code = "a"
category = "c"
task = "t"
name = "n"
points = 5
per = "event"
"""
)
LOCAL = HEAD + 'extends = "{extends}"\nscope = {{{scope}}}\n'


def row_buffer(folder, **books):
    (folder / "rules").mkdir()
    for name, text in books.items():
        (folder / "rules" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def loaded(folder, books=(), places=("v1", "t1")):
    return sorted(governing_books.governing(folder, books, places).tables.books["id"])


def local(book_id, extends, scope):
    return LOCAL.format(id=book_id, extends=extends, scope=scope)


def test_books_of_other_places_are_left_alone(tmp_path):
    folder = row_buffer(
        tmp_path,
        base=BASE.format(id="base"),
        ours=local("ours", "base", 'villages = ["v1"]'),
        theirs=local("theirs", "base", 'villages = ["v2"]'),
        town=local("town", "base", 'towns = ["t1", "t2"]'),
    )
    assert loaded(folder) == ["base", "ours", "town"]


def test_a_book_that_was_applied_comes_with_all_that_it_extends(tmp_path):
    folder = row_buffer(
        tmp_path,
        base=BASE.format(id="base"),
        far=local("far", "base", 'towns = ["t9"]'),
        near=local("near", "far", 'villages = ["v9"]'),
        other=local("other", "base", 'villages = ["v8"]'),
    )
    assert loaded(folder, books=["near"]) == ["base", "far", "near"]


def test_what_a_governing_book_extends_comes_too_wherever_it_applies_itself(tmp_path):
    folder = row_buffer(
        tmp_path,
        base=BASE.format(id="base"),
        far=local("far", "base", 'villages = ["v9"]'),
        ours=local("ours", "far", 'villages = ["v1"]'),
        other=local("other", "base", 'villages = ["v8"]'),
    )
    assert loaded(folder) == ["base", "far", "ours"]


@pytest.mark.parametrize(
    "text",
    [
        'book = {id = "odd", extends = "base", scope = {villages = ["v1"]}}\n',
        '[book]\nid = "odd"\nextends = "base"\nscope = {villages = ["\\u0076\\u0031"]}\n',
        '[book]\nid = "odd"\nextends = "base"\n[book.scope]\nvillages = ["v1"]\n',
        '[book]\nid = "odd"\nextends = "base"\nfirst_year = 2024\n',
    ],
    ids=["inline", "escaped", "table", "base level"],
)
def test_however_a_book_is_written_it_is_found(tmp_path, text):
    assert loaded(row_buffer(tmp_path, base=BASE.format(id="base"), odd=text)) == ["base", "odd"]


def test_where_a_book_was_overlooked_all_are_loaded(tmp_path):
    folder = row_buffer(
        tmp_path,
        base=BASE.format(id="base"),
        far=local("far", "base", 'villages = ["v9"]'),
        ours=local("ours", "far", 'villages = ["v1"]').replace("extends", '"extends"'),
        other=local("other", "base", 'villages = ["v8"]'),
    )
    assert loaded(folder) == ["base", "far", "other", "ours"]


@pytest.mark.parametrize("seed", range(4))
def test_every_place_and_year_has_the_same_book_as_by_all(tmp_path, seed):
    village = villages.make(seed)
    folder = row_buffer(
        tmp_path, **{name.removesuffix(".toml"): text for name, text in village.rule_texts.items()}
    )
    everything = rules.load([folder / "rules"]).tables
    for spell in village.households[:4]:
        people = register(one=[(spell["village_id"], spell["town_id"], spell["enrolled_on"], None)])
        places = number_places(people)
        few = governing_books.governing(folder, [], [spell["village_id"], spell["town_id"]]).tables
        by_few, by_all = (_ids(tables, places) for tables in (few, everything))
        assert by_few == by_all


def _ids(tables, places):
    """Id of the book in force by year."""
    return tables.books["id"].gather(rule_book(tables, places).books).to_list()
