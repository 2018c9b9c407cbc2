"""Layered books as the flat frames that kernels gather from (see `tables.rule_tables.RuleTables`).

A thousand local books say the same of nearly all items, so what is said of one is written once, and a
rule is the number of what is said: the frames are gathered from those, in as many polars calls as for one
book.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_YEAR
from jifen_batch.dataclass import dataclass
from jifen_batch.rules.cap_numbers import CapNumbers
from jifen_batch.rules.coverage import spans, territories
from jifen_batch.rules.frames import Row, frame
from jifen_batch.rules.items import is_taken_by_all, steps_of
from jifen_batch.rules.plain import cap_data, grade_data
from jifen_batch.tables.rule_tables import RuleTables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jifen_batch.rules.layered import LayeredBook, LayeredCap, LayeredItem
    from jifen_batch.rules.model import Forfeits

_BOOKS = {
    "book": pl.Int32,
    "id": pl.String,
    "title": pl.String,
    "source": pl.String,
    "first_year": pl.Int32,
    "last_year": pl.Int32,
    "expires": pl.String,
    "fingerprint": pl.String,
}
_SPANS = {
    "level": pl.Int8,
    "place_id": pl.String,
    "first_year": pl.Int32,
    "last_year": pl.Int32,
    "book": pl.Int32,
}
_FIELDS = {
    "code": pl.String,
    "row": pl.Int32,
    "category": pl.String,
    "task": pl.String,
    "name": pl.String,
    "content": pl.String,
    "clause": pl.String,
    "per": pl.String,
    "pledge": pl.Boolean,
    "by_member": pl.Boolean,
    "matter": pl.String,
    "exclusive": pl.String,
    "matter_cap": pl.Int64,
    "cap": pl.String,
    "cap_row": pl.Int32,
    "cap_points": pl.Int64,
    "cap_net": pl.Boolean,
    "cap_terms": pl.String,
    "forfeits_scope": pl.String,
    "forfeits_before": pl.Boolean,
    "notice": pl.String,
    "grant": pl.Boolean,
    "spendable": pl.Boolean,
    "kinds": pl.String,
}
_RULES = {"book": pl.Int32, "said": pl.UInt32}
_STEPS = {"said": pl.UInt32, "from_date": pl.Date, "points": pl.Int64}
_FORFEITS = {"trigger": pl.Int32, "forfeited": pl.Int32, "scope": pl.String, "before": pl.Boolean}
_KINDS = {"said": pl.UInt32, "kind": pl.String}
_GRADES = {
    "book": pl.Int32,
    "name": pl.String,
    "at_least": pl.Int64,
    "top": pl.Int64,
    "top_percent": pl.Int64,
}
_BARS = {"grade": pl.Int32, "rule": pl.Int32}


@dataclass(frozen=True)
class _Said:
    """What books say of an item, the `number`th that any says: `text` is all of it, for the fingerprint."""

    number: int
    fields: Row
    steps: list[tuple[dt.date, int]]
    kinds: list[str]
    forfeits: Forfeits | None
    taken_by_all: bool
    text: bytes


def compile_books(books: Sequence[LayeredBook]) -> RuleTables:
    """Frames of books that were checked and are refused nowhere; numbered by id and code, as bytes."""
    ordered = sorted(books, key=lambda book: book.head.id or "")
    said: dict[Row, _Said] = {}
    caps = CapNumbers()
    rows = _Rows([], [], [], [], [])
    for number, book in enumerate(ordered):
        items = sorted(book.enabled, key=lambda item: item.code)
        here = _said_of(book, items, said, caps)
        first_rule = len(rows.rules)
        numbers = {item.code: rule for rule, item in enumerate(items, first_rule)}
        for rule, one in enumerate(here, first_rule):
            rows.forfeits.extend((rule, numbers[code], *how) for code, how in _forfeited(one, items, here))
        rows.books.append((number, *_head(book), _fingerprint(book, here)))
        rows.rules.extend((number, one.number) for one in here)
        _add_grades(rows, number, book, numbers)
    rules = frame(rows.rules, _RULES).with_row_index("rule").cast({"rule": pl.Int32})
    return RuleTables(
        books=frame(rows.books, _BOOKS),
        scopes=_scopes(ordered),
        items=_items(rules, said.values()),
        points=_points(rules, said.values()),
        forfeits=frame(rows.forfeits, _FORFEITS),
        caps=caps.frame(),
        cap_points=caps.steps_frame(),
        kinds=_kinds(rules, said.values()),
        grades=frame(rows.grades, _GRADES),
        bars=frame(rows.bars, _BARS),
    )


@dataclass(frozen=True)
class _Rows:
    """Rows of the frames, as they are gathered book by book."""

    books: list[Row]
    rules: list[Row]
    forfeits: list[Row]
    grades: list[Row]
    bars: list[Row]


def _add_grades(rows: _Rows, number: int, book: LayeredBook, rules: Mapping[str, int]) -> None:
    """The grades of a book in their order, and what bars them."""
    for grade in book.grades:
        fields = grade.fields
        rows.bars.extend((len(rows.grades), rules[code]) for code in sorted(set(fields.bars or [])))
        rows.grades.append((number, fields.name, fields.at_least, fields.top, fields.top_percent))


def _said_of(
    book: LayeredBook, items: list[LayeredItem], said: dict[Row, _Said], caps: CapNumbers
) -> list[_Said]:
    """What a book says of its items, in their order; `said` gets what none before it has said."""
    begin = _begin(book)
    here = []
    for item in items:
        # Books and their parts live as long as this takes, so no two have the same identity.
        around = book.caps_around(item.fields.cap)
        key = (id(item), *map(id, around), begin)
        if (one := said.get(key)) is None:
            number = caps.number(around, begin)
            steps, kinds = _steps(begin, item), sorted(set(item.fields.kinds or []))
            text = _text(_told(item, around, steps))
            forfeits = item.fields.forfeits
            fields = _fields(item, number, around)
            one = said[key] = _Said(len(said), fields, steps, kinds, forfeits, is_taken_by_all(item), text)
        here.append(one)
    return here


def _told(item: LayeredItem, around: list[LayeredCap], steps: list[tuple[dt.date, int]]) -> Row:
    """All that is said of an item, for the fingerprint of its book.

    What the rule language came to say later stands only where it is said, so that a book that says nothing
    of it keeps its fingerprint.
    """
    fields = item.fields
    cap = around[0] if around else None
    plain = cap.fields.points if cap and cap.fields and isinstance(cap.fields.points, int) else None
    named = fields.forfeits.items if fields.forfeits else []
    scope = fields.forfeits.scope if fields.forfeits else None
    codes = [] if named == "all" else [(code, scope) for code in sorted(set(named))]
    told: Row = (
        (
            *_said_first(item),
            plain,
            cap.net if cap else False,
            scope,
            fields.notice or "item",
        ),
        steps,
        codes,
    )
    more = {
        "caps": [cap_data(each) for each in around] if any(map(_says_more, around)) else None,
        "forfeits": "all" if named == "all" else None,
        "reach": "before" if fields.forfeits and fields.forfeits.reach == "before" else None,
        "kinds": sorted(set(fields.kinds)) if fields.kinds else None,
        "grant": fields.grant or None,
        "spendable": False if fields.spendable is False else None,
    }
    further = {name: value for name, value in more.items() if value is not None}
    return (*told, further) if further else told


def _says_more(cap: LayeredCap) -> bool:
    """Whether a cap says more than a number of points for a year, and what it holds."""
    data = cap_data(cap)
    return (data["period"], data["within"], data["floor"]) != ("year", None, None) or not isinstance(
        data["points"], int
    )


def _forfeited(
    one: _Said, items: list[LayeredItem], here: list[_Said]
) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Codes that an item of a book forfeits, each once, with the scope and whether just what was before."""
    if one.forfeits is None:
        return
    scope, named = one.forfeits.scope, one.forfeits.items
    for item, other in zip(items, here, strict=True):
        of_matter = scope != "matter" or item.fields.matter == "required"
        if item.code in named if named != "all" else other.taken_by_all and of_matter:
            yield item.code, (scope, one.forfeits.reach == "before")


def _items(rules: pl.DataFrame, said: Iterable[_Said]) -> pl.DataFrame:
    """A row per rule, of `rules` with `book` and `said`: all fields that its book says of its item."""
    fields = frame([one.fields for one in said], _FIELDS)
    return rules.select("rule", "book").hstack(fields[rules["said"]])


def _points(rules: pl.DataFrame, said: Iterable[_Said]) -> pl.DataFrame:
    """A row per rule, as in `_items`, and step of its points, in the order of steps."""
    steps = frame([(one.number, *step) for one in said for step in one.steps], _STEPS)
    return rules.join(steps, on="said", maintain_order="left_right").select("rule", "from_date", "points")


def _kinds(rules: pl.DataFrame, said: Iterable[_Said]) -> pl.DataFrame:
    """A row per rule, as in `_items`, and kind of household that it is for."""
    kinds = frame([(one.number, kind) for one in said for kind in one.kinds], _KINDS)
    return rules.join(kinds, on="said", maintain_order="left_right").select("rule", "kind")


def _head(book: LayeredBook) -> Row:
    """A book's row without its number and fingerprint, in the order of `_BOOKS`."""
    head = book.head
    return (head.id, head.title, head.source, head.first_year, head.last_year, book.expires)


def _said_first(item: LayeredItem) -> Row:
    """From code to cap, in the order of `_FIELDS`; an empty text is null."""
    fields = item.fields
    return (
        item.code,
        fields.row,
        fields.category,
        fields.task,
        fields.name,
        fields.content or None,
        fields.clause or None,
        fields.per,
        bool(fields.pledge),
        bool(fields.by_member),
        fields.matter or "event",
        fields.exclusive,
        fields.matter_cap,
        fields.cap,
    )


def _fields(item: LayeredItem, number: int | None, around: list[LayeredCap]) -> Row:
    """An item's row without its numbers, in the order of `_FIELDS`; an empty text is null."""
    fields = item.fields
    steps = around[0].steps if around else []
    return (
        *_said_first(item),
        number,
        steps[-1][1] if steps else None,
        around[0].net if around else False,
        _text(tuple(cap_data(each) for each in around)).decode() if around else None,
        fields.forfeits.scope if fields.forfeits else None,
        bool(fields.forfeits and fields.forfeits.reach == "before"),
        fields.notice or "item",
        bool(fields.grant),
        fields.spendable is not False,
        "、".join(sorted(set(fields.kinds))) if fields.kinds else None,
    )


def _steps(begin: dt.date, item: LayeredItem) -> list[tuple[dt.date, int]]:
    """Points by date; undated ones hold from `begin` of the book."""
    return [(date or begin, points) for date, points in steps_of(item)]


def _begin(book: LayeredBook) -> dt.date:
    """A day on or before the first that the book governs, the same for nearly all books."""
    return dt.date(min(book.head.first_year or FIRST_YEAR, FIRST_YEAR), 1, 1)


def _scopes(books: Sequence[LayeredBook]) -> pl.DataFrame:
    """A row per level, place and scoring year, and the one book that applies there."""
    number = {id(book): place for place, book in enumerate(books)}
    rows: list[Row] = [
        (span.level, span.place_id, span.first_year, span.last_year, number[id(span.book)])
        for span in spans(books)
    ]
    return (
        frame(rows, _SPANS)
        .filter(pl.col("first_year") <= pl.col("last_year"))
        .with_columns(scoring_year=pl.int_ranges("first_year", pl.col("last_year") + 1, dtype=pl.Int32))
        .explode("scoring_year")
        .select("level", "place_id", "scoring_year", "book")
        .sort("level", "place_id", "scoring_year")
    )


def _fingerprint(book: LayeredBook, items: Sequence[_Said]) -> str:
    """Digest of all that a layered book says; the same whatever its comments, order and layers."""
    grades = [grade_data(grade) for grade in book.grades]
    head = _text((_head(book), sorted(territories(book), key=str), *([grades] if grades else [])))
    return hashlib.sha256(b"".join([head, *(item.text for item in items)])).hexdigest()


def _text(says: Row) -> bytes:
    return (json.dumps(says, ensure_ascii=False, default=dt.date.isoformat) + "\n").encode()
