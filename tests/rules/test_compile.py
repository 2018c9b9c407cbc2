"""Layered books as frames, and the fingerprint that says whether a book changed."""

import datetime as dt

import polars as pl
import pytest

from jifen_batch import rules
from rules.writing import BOOK, change, item, load, local, write

FULL = (
    BOOK
    + "[caps]\nx = 60\n"
    + item(
        "b",
        cap='"x"',
        points="[{from = 2022-05-01, points = 5}, {from = 2024-07-01, points = 6}]",
        clause='""',
    )
    + item(
        "a",
        per='"month"',
        pledge="true",
        notice='"hidden"',
        forfeits='{scope = "year", items = ["c", "b", "c"]}',
    )
    + item("c", matter_cap="0", matter='"day"')
)


def fingerprint(folder, *texts, book="base"):
    folder.mkdir()
    return load(folder, *texts).tables.books.filter(id=book)["fingerprint"].item()


def test_rules_are_numbered_by_book_and_code(tmp_path):
    tables = load(tmp_path, local("ahead") + item("d"), FULL).tables
    assert tables.books.select("book", "id").rows() == [(0, "ahead"), (1, "base")]
    assert tables.items.select("rule", "book", "code").rows() == [
        *((n, 0, code) for n, code in enumerate("abcd")),
        *((n, 1, code) for n, code in enumerate("abc", 4)),
    ]


def test_frames_have_the_types_that_kernels_expect(tmp_path):
    tables = load(tmp_path, FULL).tables
    assert tables.books.schema == {
        "book": pl.Int32, "id": pl.String, "title": pl.String, "source": pl.String,
        "first_year": pl.Int32, "last_year": pl.Int32, "expires": pl.String, "fingerprint": pl.String,
    }  # fmt: skip
    assert tables.scopes.schema == {
        "level": pl.Int8, "place_id": pl.String, "scoring_year": pl.Int32, "book": pl.Int32,
    }  # fmt: skip
    assert tables.items.schema == {
        "rule": pl.Int32, "book": pl.Int32, "code": pl.String, "row": pl.Int32, "category": pl.String,
        "task": pl.String, "name": pl.String, "content": pl.String, "clause": pl.String, "per": pl.String,
        "pledge": pl.Boolean, "by_member": pl.Boolean, "matter": pl.String, "exclusive": pl.String,
        "matter_cap": pl.Int64, "cap": pl.String, "cap_row": pl.Int32, "cap_points": pl.Int64,
        "cap_net": pl.Boolean, "cap_terms": pl.String, "forfeits_scope": pl.String,
        "forfeits_before": pl.Boolean, "notice": pl.String, "grant": pl.Boolean, "spendable": pl.Boolean,
        "kinds": pl.String,
    }  # fmt: skip
    assert tables.points.schema == {"rule": pl.Int32, "from_date": pl.Date, "points": pl.Int64}
    assert tables.forfeits.schema == {
        "trigger": pl.Int32, "forfeited": pl.Int32, "scope": pl.String, "before": pl.Boolean,
    }  # fmt: skip
    assert tables.caps.schema == {
        "name": pl.String, "net": pl.Boolean, "floor": pl.Int64, "period": pl.String, "within": pl.Int32,
    }  # fmt: skip
    assert tables.cap_points.schema == {"cap": pl.Int32, "from_date": pl.Date, "points": pl.Int64}
    assert tables.kinds.schema == {"rule": pl.Int32, "kind": pl.String}
    assert tables.grades.schema == {
        "book": pl.Int32, "name": pl.String, "at_least": pl.Int64, "top": pl.Int64, "top_percent": pl.Int64,
    }  # fmt: skip
    assert tables.bars.schema == {"grade": pl.Int32, "rule": pl.Int32}


def test_a_book_without_items_compiles_to_the_same_types(tmp_path):
    full, empty = tmp_path / "full", tmp_path / "empty"
    full.mkdir()
    empty.mkdir()
    assert load(empty, BOOK).tables.forfeits.schema == load(full, FULL).tables.forfeits.schema


def test_what_an_item_leaves_out_has_its_default(tmp_path):
    row = load(tmp_path, BOOK + item("a")).tables.items.row(0, named=True)
    assert {
        key: row[key] for key in ("row", "content", "clause", "exclusive", "matter_cap", "cap", "cap_points")
    } == (dict.fromkeys(("row", "content", "clause", "exclusive", "matter_cap", "cap", "cap_points")))
    assert (row["matter"], row["notice"]) == ("event", "item")
    assert (row["pledge"], row["by_member"], row["cap_net"]) == (False, False, False)


def test_a_matter_cap_of_nothing_is_not_the_same_as_none(tmp_path):
    items = load(tmp_path, FULL).tables.items
    assert items["matter_cap"].to_list() == [None, None, 0]


def test_an_empty_text_is_null(tmp_path):
    assert load(tmp_path, FULL).tables.items.filter(code="b")["clause"].to_list() == [None]


def test_points_step_on_their_dates_and_undated_ones_hold_from_the_start(tmp_path):
    assert load(tmp_path, FULL).tables.points.rows() == [
        (0, dt.date(2000, 1, 1), 5),
        (1, dt.date(2022, 5, 1), 5),
        (1, dt.date(2024, 7, 1), 6),
        (2, dt.date(2000, 1, 1), 5),
    ]


def test_the_first_step_begins_no_later_than_a_book_of_long_ago(tmp_path):
    tables = load(tmp_path, BOOK.replace("2023", "1990") + item("a")).tables
    assert tables.points["from_date"].to_list() == [dt.date(1990, 1, 1)]


def test_what_books_share_of_an_item_is_said_by_each_under_its_own_cap_and_first_year(tmp_path):
    """Two items, of which the local books touch none: one begins long ago, and one has a lower cap."""
    base = BOOK + "[caps]\nx = 60\n" + item("b", cap='"x"') + item("a")
    long_ago = local("v", "first_year = 1990", "last_year = 1990")
    lower = local("w", 'scope = {villages = ["W"]}') + "[caps]\nx = 40\n"
    tables = load(tmp_path, base, long_ago, lower).tables
    assert tables.items.select("rule", "book", "code", "cap_points").rows() == [
        (0, 0, "a", None),
        (1, 0, "b", 60),
        (2, 1, "a", None),
        (3, 1, "b", 60),
        (4, 2, "a", None),
        (5, 2, "b", 40),
    ]
    assert tables.points.rows() == [
        (rule, dt.date(1990 if rule in {2, 3} else 2000, 1, 1), 5) for rule in range(6)
    ]
    assert tables.books["fingerprint"].n_unique() == 3


def test_forfeits_are_rules_of_the_same_book_each_once(tmp_path):
    tables = load(tmp_path, FULL, local("v")).tables
    assert tables.forfeits.rows() == [
        (trigger, taken, "year", False) for trigger, taken in ((0, 1), (0, 2), (3, 4), (3, 5))
    ]


SAME = {
    "a comment": BOOK + "# 注\n" + item("a", content='"内容"') + item("b"),
    "the order of items": BOOK + item("b") + item("a", content='"内容"'),
    "the order of keys": BOOK
    + item("a", content='"内容"').replace('code = "a"\n', "")
    + 'code = "a"\n'
    + item("b"),
    "whitespace and line ends": (BOOK + item("a", content='"内容"') + item("b"))
    .replace(" = ", "=")
    .replace("\n", "\r\n"),
    "an unused cap": BOOK + "[caps]\nz = 5\n" + item("a", content='"内容"') + item("b"),
}
OTHER = {
    "points": BOOK + item("a", content='"内容"', points="6") + item("b"),
    "a text": BOOK + item("a", content='"别的"') + item("b"),
    "a year": BOOK.replace("2023", "2024") + item("a", content='"内容"') + item("b"),
    "when points lapse": BOOK + '[wallet]\nexpires = "12-31"\n' + item("a", content='"内容"') + item("b"),
    "an item": BOOK + item("a", content='"内容"'),
}


@pytest.mark.parametrize("name", SAME)
def test_the_fingerprint_does_not_change_with(name, tmp_path):
    plain = BOOK + item("a", content='"内容"') + item("b")
    assert fingerprint(tmp_path / "plain", plain) == fingerprint(tmp_path / "other", SAME[name])


@pytest.mark.parametrize("name", OTHER)
def test_the_fingerprint_changes_with(name, tmp_path):
    plain = BOOK + item("a", content='"内容"') + item("b")
    assert fingerprint(tmp_path / "plain", plain) != fingerprint(tmp_path / "other", OTHER[name])


def test_an_edit_of_the_base_changes_the_fingerprint_of_what_extends_it(tmp_path):
    before = fingerprint(tmp_path / "before", BOOK + item("a"), local("v"), book="v")
    assert before != fingerprint(tmp_path / "after", BOOK + item("a", points="6"), local("v"), book="v")


def test_a_layer_that_says_what_is_inherited_anyway_changes_no_fingerprint(tmp_path):
    before = fingerprint(tmp_path / "before", BOOK + item("a"), local("v"), book="v")
    again = local("v") + change("a", points="5")
    assert before == fingerprint(tmp_path / "after", BOOK + item("a"), again, book="v")


def test_loading_the_same_files_again_gives_the_same_frames(tmp_path):
    folder = write(tmp_path, FULL, local("v"))
    one, two = rules.load([folder]).tables, rules.load([folder]).tables
    assert all(
        getattr(one, name).equals(getattr(two, name)) for name in ("books", "scopes", "items", "points")
    )
