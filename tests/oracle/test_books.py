"""How the oracle layers rule books, and which one it takes for a place and year."""

from __future__ import annotations

from datetime import date

from oracle.book import book_of, read_books
from oracle.small import book, event, item, run, seen, spell


def chosen(*books, town="t", village="v", year=2024):
    found = book_of(read_books(books), town, village, year)
    return found and found.book_id


def test_the_village_wins_over_the_town_and_the_town_over_the_base():
    base = book(item("x"))
    town = book(id="town", extends="base", scope={"towns": ["t"]})
    village = book(id="village", extends="town", scope={"villages": ["v"]}, first_year=2024, last_year=2024)
    row_buffer = (village, base, town)
    assert [chosen(*row_buffer, year=year) for year in range(2022, 2026)] == [None, "town", "village", "town"]
    assert chosen(*row_buffer, village="w") == "town"
    assert chosen(*row_buffer, town="u", village="w") == "base"


def test_of_one_level_the_book_that_extends_applies_at_any_distance():
    row_buffer = [
        book(item("x")),
        book(id="a", extends="base", last_year=2023),
        book(id="b", extends="a", last_year=2024),
    ]
    assert [chosen(*reversed(row_buffer), year=year) for year in (2023, 2024, 2025)] == ["b", "b", "base"]


def test_a_scope_is_not_inherited():
    town = book(id="town", extends="base", scope={"towns": ["t"]})
    wide = book(id="wide", extends="town", first_year=2024)
    row_buffer = (book(item("x")), town, wide)
    assert [
        chosen(*row_buffer, town=name, year=year) for name, year in (("t", 2024), ("u", 2024), ("u", 2023))
    ] == [
        "town",
        "wide",
        "base",
    ]


def test_years_are_inherited_and_the_end_can_be_opened_again():
    row_buffer = [
        book(item("x"), last_year=2023),
        book(id="a", extends="base", first_year=2024, unset=["last_year"]),
    ]
    assert [chosen(*row_buffer, year=year) for year in (2023, 2024, 2030)] == ["base", "a", "a"]


def fields_of(book_id, code, *books):
    (found,) = [one for one in read_books(books) if one.book_id == book_id]
    return found.items.get(code)


def test_an_item_overrides_just_the_fields_it_gives_and_unset_removes_some():
    base = book(item("x", 10, cap="c", matter_cap=5, clause="条"), caps={"c": 20})
    local = book({"code": "x", "points": 7, "unset": ["matter_cap"]}, id="a", extends="base", caps={"c": 30})
    found = fields_of("a", "x", base, local)
    assert (
        found.steps[0][1],
        found.caps[0].points_on(date(2023, 1, 1)),
        found.matter_cap,
        found.fields["clause"],
    ) == (
        7,
        30,
        None,
        "条",
    )
    assert fields_of("base", "x", base, local).caps[0].points_on(date(2023, 1, 1)) == 20


def test_while_disabled_an_items_other_fields_still_layer():
    base = book(item("x", 10), item("y"))
    off = book({"code": "x", "disabled": True, "points": 3}, id="off", extends="base")
    on = book({"code": "x", "disabled": False}, id="on", extends="off")
    assert fields_of("off", "x", base, off, on) is None
    assert fields_of("off", "y", base, off, on) is not None
    assert fields_of("on", "x", base, off, on).steps[0][1] == 3


def test_a_household_that_moves_keeps_its_book_and_place_until_the_year_ends():
    moved = [spell(left_on="2023-07-01"), spell(village="w", enrolled_on="2023-07-01")]
    local = book({"code": "x", "points": 1}, id="w", extends="base", scope={"villages": ["w"]})
    rows = [event("a", "x", "2023-08-01"), event("b", "x", "2024-08-01")]
    scored = run(rows, book(item("x")), local, households=moved)
    assert seen(scored, "ledger", "event_id", "village_id", "points", "book") == [
        ("a", "v", 10, "base"),
        ("b", "w", 1, "w"),
    ]


def test_a_household_that_was_not_enrolled_in_a_year_stands_where_it_was_last_or_will_be_first():
    spells = [
        spell(village="oldest", enrolled_on="2022-06-01", left_on="2022-12-01"),
        spell(village="old", enrolled_on="2023-01-01", left_on="2024-01-01"),
        spell(village="new", enrolled_on="2025-01-01"),
    ]
    rows = [event("a", "x", "2024-05-01"), event("b", "x", "2021-05-01"), event("c", "x", "2025-05-01")]
    scored = run(rows, book(item("x"), first_year=2020), households=spells)
    assert dict(seen(scored, "ledger", "event_id", "village_id")) == {"a": "old", "b": "oldest", "c": "new"}
