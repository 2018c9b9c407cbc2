"""Layered books as the flat frames that kernels gather from (see `tables.rule_tables.RuleTables`).

A thousand local books say the same of nearly all items, so what is said of one is written once, and a
rule is the number of what is said: the frames are gathered from those, in as many polars calls as for one
book.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_YEAR
from jifen_batch.rules.checks import steps_of
from jifen_batch.rules.coverage import spans, territories
from jifen_batch.tables.rule_tables import RuleTables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jifen_batch.rules.layered import LayeredBook, LayeredItem

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
    "cap_points": pl.Int64,
    "cap_net": pl.Boolean,
    "forfeits_scope": pl.String,
    "notice": pl.String,
}
_RULES = {"book": pl.Int32, "said": pl.UInt32}
_STEPS = {"said": pl.UInt32, "from_date": pl.Date, "points": pl.Int64}
_FORFEITS = {"trigger": pl.Int32, "forfeited": pl.Int32, "scope": pl.String}

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What books say of an item, the `number`th that any says: `text` is all of it, for the fingerprint."""

    number: int
    fields: Row
    steps: list[tuple[dt.date, int]]
    forfeited: list[tuple[str, str]]
    text: bytes


def compile_books(books: Sequence[LayeredBook]) -> RuleTables:
    """Frames of books that were checked and are refused nowhere; numbered by id and code, as bytes."""
    ordered = sorted(books, key=lambda book: book.head.id or "")
    said: dict[Row, _Said] = {}
    book_rows: list[Row] = []
    rule_rows: list[Row] = []
    forfeit_rows: list[Row] = []
    for number, book in enumerate(ordered):
        items = sorted(book.enabled, key=lambda item: item.code)
        here = _said_of(book, items, said)
        first_rule = len(rule_rows)
        numbers = {item.code: rule for rule, item in enumerate(items, first_rule)}
        for rule, one in enumerate(here, first_rule):
            forfeit_rows += [(rule, numbers[code], scope) for code, scope in one.forfeited]
        book_rows.append((number, *_head(book), _fingerprint(book, here)))
        rule_rows += [(number, one.number) for one in here]
    rules = _frame(rule_rows, _RULES).with_row_index("rule").cast({"rule": pl.Int32})
    return RuleTables(
        books=_frame(book_rows, _BOOKS),
        scopes=_scopes(ordered),
        items=_items(rules, said.values()),
        points=_points(rules, said.values()),
        forfeits=_frame(forfeit_rows, _FORFEITS),
    )


def _said_of(book: LayeredBook, items: list[LayeredItem], said: dict[Row, _Said]) -> list[_Said]:
    """What a book says of its items, in their order; `said` gets what none before it has said."""
    begin = _begin(book)
    here = []
    for item in items:
        # Books and their parts live as long as this takes, so no two have the same identity.
        key = (id(item), id(book.caps.get(item.fields.cap or "")), begin)
        if (one := said.get(key)) is None:
            what = _fields(book, item), _steps(begin, item), _forfeited(item)
            one = said[key] = _Said(len(said), *what, _text(what))
        here.append(one)
    return here


def _items(rules: pl.DataFrame, said: Iterable[_Said]) -> pl.DataFrame:
    """A row per rule, of `rules` with `book` and `said`: all fields that its book says of its item."""
    fields = _frame([one.fields for one in said], _FIELDS)
    return rules.select("rule", "book").hstack(fields[rules["said"]])


def _points(rules: pl.DataFrame, said: Iterable[_Said]) -> pl.DataFrame:
    """A row per rule, as in `_items`, and step of its points, in the order of steps."""
    steps = _frame([(one.number, *step) for one in said for step in one.steps], _STEPS)
    return rules.join(steps, on="said", maintain_order="left_right").select("rule", "from_date", "points")


def _frame(rows: list[Row], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """A frame from rows; by columns, which polars builds several times faster."""
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    series = [
        pl.Series(name, list(values), dtype=dtype)
        for (name, dtype), values in zip(schema.items(), columns, strict=True)
    ]
    return pl.DataFrame(series)


def _head(book: LayeredBook) -> Row:
    """A book's row without its number and fingerprint, in the order of `_BOOKS`."""
    head = book.head
    return (head.id, head.title, head.source, head.first_year, head.last_year, book.expires)


def _fields(book: LayeredBook, item: LayeredItem) -> Row:
    """An item's row without its numbers, in the order of `_FIELDS`; an empty text is null."""
    fields = item.fields
    cap = book.caps[fields.cap] if fields.cap is not None else None
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
        cap.points if cap else None,
        cap.net if cap else False,
        fields.forfeits.scope if fields.forfeits else None,
        fields.notice or "item",
    )


def _steps(begin: dt.date, item: LayeredItem) -> list[tuple[dt.date, int]]:
    """Points by date; undated ones hold from `begin` of the book."""
    return [(date or begin, points) for date, points in steps_of(item)]


def _begin(book: LayeredBook) -> dt.date:
    """A day on or before the first that the book governs, the same for nearly all books."""
    return dt.date(min(book.head.first_year or FIRST_YEAR, FIRST_YEAR), 1, 1)


def _forfeited(item: LayeredItem) -> list[tuple[str, str]]:
    """Codes an item forfeits, each once, with the scope."""
    forfeits = item.fields.forfeits
    return [(code, forfeits.scope) for code in sorted(set(forfeits.items))] if forfeits else []


def _scopes(books: Sequence[LayeredBook]) -> pl.DataFrame:
    """A row per level, place and scoring year, and the one book that applies there."""
    number = {id(book): place for place, book in enumerate(books)}
    rows: list[Row] = [
        (span.level, span.place_id, span.first_year, span.last_year, number[id(span.book)])
        for span in spans(books)
    ]
    return (
        _frame(rows, _SPANS)
        .filter(pl.col("first_year") <= pl.col("last_year"))
        .with_columns(scoring_year=pl.int_ranges("first_year", pl.col("last_year") + 1, dtype=pl.Int32))
        .explode("scoring_year")
        .select("level", "place_id", "scoring_year", "book")
        .sort("level", "place_id", "scoring_year")
    )


def _fingerprint(book: LayeredBook, items: Sequence[_Said]) -> str:
    """Digest of all that a layered book says; the same whatever its comments, order and layers."""
    head = _text((_head(book), sorted(territories(book), key=str)))
    return hashlib.sha256(b"".join([head, *(item.text for item in items)])).hexdigest()


def _text(says: Row) -> bytes:
    return (json.dumps(says, ensure_ascii=False, default=dt.date.isoformat) + "\n").encode()
