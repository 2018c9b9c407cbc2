"""Layered books as the flat frames that kernels gather from (see `jifen_batch.compiled.RuleTables`).

Rows are gathered in plain lists over all books and become frames once, at the end: a thousand books cost
no more polars calls than one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.compiled import RuleTables
from jifen_batch.rules.checks import steps_of
from jifen_batch.rules.coverage import FIRST_YEAR, spans, territories

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_ITEMS = {"rule": pl.Int32, "book": pl.Int32, **_FIELDS}
_POINTS = {"rule": pl.Int32, "from_date": pl.Date, "points": pl.Int64}
_FORFEITS = {"trigger": pl.Int32, "forfeited": pl.Int32, "scope": pl.String}

Row = tuple[object, ...]


def compile_books(books: Sequence[LayeredBook]) -> RuleTables:
    """Frames of books that were checked and are refused nowhere; numbered by id and code, as bytes."""
    ordered = sorted(books, key=lambda book: book.head.id or "")
    book_rows: list[Row] = []
    item_rows: list[Row] = []
    point_rows: list[Row] = []
    forfeit_rows: list[Row] = []
    texts: dict[Row, str] = {}
    for number, book in enumerate(ordered):
        items = sorted(book.enabled, key=lambda item: item.code)
        first_rule = len(item_rows)
        rules = {item.code: first_rule + place for place, item in enumerate(items)}
        for rule, item in enumerate(items, first_rule):
            item_rows.append((rule, number, *_fields(book, item)))
            point_rows += [(rule, *step) for step in _steps(book, item)]
            forfeit_rows += [(rule, rules[code], scope) for code, scope in _forfeited(item)]
        book_rows.append((number, *_head(book), _fingerprint(book, items, texts)))
    return RuleTables(
        books=_frame(book_rows, _BOOKS),
        scopes=_scopes(ordered),
        items=_frame(item_rows, _ITEMS),
        points=_frame(point_rows, _POINTS),
        forfeits=_frame(forfeit_rows, _FORFEITS),
    )


def _frame(rows: list[Row], schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
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


def _steps(book: LayeredBook, item: LayeredItem) -> list[tuple[dt.date, int]]:
    """Points by date; undated ones hold from the first day that the book governs, or earlier."""
    return [(date or _begin(book), points) for date, points in steps_of(item)]


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


def _fingerprint(book: LayeredBook, items: list[LayeredItem], texts: dict[Row, str]) -> str:
    """Digest of all that a layered book says; the same whatever its comments, order and layers.

    `texts` keeps what was written of items that many books share.
    """
    says: Row = (_head(book), sorted(territories(book), key=str))
    digest = hashlib.sha256(_text(says).encode())
    for item in items:
        cap = book.caps.get(item.fields.cap or "")
        key: Row = (id(item), cap and cap.points, cap and cap.net, _begin(book))
        if (text := texts.get(key)) is None:
            fields = (_fields(book, item), _steps(book, item), _forfeited(item))
            text = texts[key] = _text(fields)
        digest.update(text.encode())
    return digest.hexdigest()


def _text(says: Row) -> str:
    return json.dumps(says, ensure_ascii=False, default=dt.date.isoformat) + "\n"
