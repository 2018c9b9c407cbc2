"""A local book over the book it extends: what it inherits, overrides, removes, switches off."""

import datetime as dt

import pytest

from rules.writing import BOOK, change, item, load, local

CAPPED = BOOK + "[caps]\nx = 60\n" + item("a", cap='"x"', clause='"原文"', row="1") + item("b")


def row_of(loaded, book, code):
    """One item of one book as compiled; None where the book has none in force."""
    tables = loaded.tables
    number = tables.books.filter(id=book)["book"].item()
    found = tables.items.filter(book=number, code=code)
    return found.row(0, named=True) if found.height else None


def points_of(loaded, book, code):
    steps = loaded.tables.points.filter(rule=row_of(loaded, book, code)["rule"])
    return steps.select("from_date", "points").rows()


def test_a_known_code_overrides_just_the_fields_it_gives(tmp_path):
    loaded = load(tmp_path, CAPPED, local("v") + change("a", name='"新名"'))
    assert row_of(loaded, "v", "a") | {"rule": 0, "book": 0} == row_of(loaded, "base", "a") | {
        "name": "新名",
        "rule": 0,
        "book": 0,
    }


def test_the_extended_book_itself_stays_as_it_was(tmp_path):
    loaded = load(tmp_path, CAPPED, local("v") + "[caps]\nx = 1\n" + change("a", points="9"))
    assert row_of(loaded, "base", "a")["cap_points"] == 60
    assert points_of(loaded, "base", "a") == [(dt.date(2000, 1, 1), 5)]


def test_unset_removes_inherited_fields(tmp_path):
    loaded = load(tmp_path, CAPPED, local("v") + change("a", unset='["cap", "clause", "row"]'))
    row = row_of(loaded, "v", "a")
    assert (row["cap"], row["cap_points"], row["clause"], row["row"]) == (None, None, None, None)


def test_a_field_once_unset_is_no_longer_inherited_further_down(tmp_path):
    down = local("w", extends="v") + change("a", per='"year"')
    loaded = load(tmp_path, CAPPED, local("v") + change("a", unset='["cap"]'), down)
    assert row_of(loaded, "w", "a")["cap"] is None


def test_a_new_code_is_added(tmp_path):
    loaded = load(tmp_path, CAPPED, local("v") + item("c", points="7"))
    assert points_of(loaded, "v", "c") == [(dt.date(2000, 1, 1), 7)]
    assert row_of(loaded, "base", "c") is None


def test_disabled_removes_an_item_until_a_book_further_down_enables_it(tmp_path):
    off = local("v") + change("a", disabled="true")
    on = local("x", extends="w") + change("a", disabled="false")
    loaded = load(tmp_path, CAPPED, off, local("w", extends="v"), on)
    assert [row_of(loaded, book, "a") is not None for book in ("base", "v", "w", "x")] == [
        True,
        False,
        False,
        True,
    ]


def test_other_fields_layer_on_while_an_item_is_disabled(tmp_path):
    off = local("v") + change("a", disabled="true", points="6")
    still = local("w", extends="v") + change("a", row="3")
    on = local("x", extends="w") + change("a", disabled="false")
    loaded = load(tmp_path, CAPPED, off, still, on)
    assert row_of(loaded, "x", "a")["row"] == 3
    assert points_of(loaded, "x", "a") == [(dt.date(2000, 1, 1), 6)]


def test_a_cap_given_again_replaces_the_inherited_one_whole(tmp_path):
    net = BOOK + '[caps]\nx = {points = 60, basis = "net"}\n' + item("a", cap='"x"')
    loaded = load(tmp_path, net, local("v") + "[caps]\nx = {points = 70}\n")
    row = row_of(loaded, "v", "a")
    assert (row["cap_points"], row["cap_net"]) == (70, False)


@pytest.mark.parametrize(
    ("lines", "years"),
    [
        ([], (2023, 2025)),
        (["first_year = 2024"], (2024, 2025)),
        (["last_year = 2030"], (2023, 2030)),
        (['unset = ["last_year"]'], (2023, None)),
    ],
)
def test_years_are_inherited_unless_given_or_unset(lines, years, tmp_path):
    loaded = load(tmp_path, BOOK + "last_year = 2025\n", local("v", *lines))
    assert loaded.tables.books.filter(id="v").select("first_year", "last_year").row(0) == years


def test_title_and_source_are_inherited_unless_given(tmp_path):
    loaded = load(tmp_path, BOOK, local("v", 'title = "本村细则"'))
    assert loaded.tables.books.filter(id="v").select("title", "source").row(0) == ("本村细则", "甲文")


def test_the_day_points_lapse_is_inherited_unless_given(tmp_path):
    lapsing = BOOK + '[wallet]\nexpires = "03-31"\n'
    never = local("w") + '[wallet]\nexpires = "none"\n'
    loaded = load(tmp_path, lapsing, local("v", 'scope = {towns = ["T"]}') + "[wallet]\n", never)
    assert {book.head.id: book.expires for book in loaded.layered} == {
        "base": "03-31",
        "v": "03-31",
        "w": "none",
    }


def test_the_order_of_files_does_not_matter(tmp_path):
    loaded = load(
        tmp_path, local("w", extends="v") + change("a", row="3"), local("v") + change("a", row="2"), CAPPED
    )
    assert row_of(loaded, "w", "a")["row"] == 3


def test_a_chain_of_a_thousand_books_is_layered(tmp_path):
    chain = [
        local(f"n{n}", f"first_year = {2023 + n}", extends=f"n{n - 1}" if n else "base") for n in range(1_000)
    ]
    loaded = load(tmp_path, BOOK + item("a"), *chain)
    assert loaded.layered[-1].depth == 1_000


def test_an_item_that_a_book_does_not_touch_is_shared_not_copied(tmp_path):
    """So a thousand local books cost little more than their own lines."""
    base, village = load(tmp_path, CAPPED, local("v") + change("a", row="2")).layered
    assert village.items["b"] is base.items["b"]
    assert village.items["a"] is not base.items["a"]
