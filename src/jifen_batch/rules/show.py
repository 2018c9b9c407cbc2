"""The layered book that applies to a place and year, as plain data for `rules show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.rules.coverage import spans
from jifen_batch.rules.declared import data_of
from jifen_batch.rules.model import INHERITED_BY_BOOK, LAYERED_FIELDS
from jifen_batch.rules.plain import cap_data, grade_data
from jifen_batch.tables.rule_tables import LEVEL_BASE, LEVEL_TOWN, LEVEL_VILLAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jifen_batch.rules.layered import KeyPlace, LayeredBook, LayeredItem


def book_at(
    books: Iterable[LayeredBook], year: int, *, village: str | None = None, town: str | None = None
) -> LayeredBook | None:
    """The book that applies in a scoring year: the village's, else the town's, else the base; or None."""
    wanted = [(LEVEL_VILLAGE, village), (LEVEL_TOWN, town), (LEVEL_BASE, None)]
    found = {
        (span.level, span.place_id): span.book
        for span in spans(books)
        if span.first_year <= year <= span.last_year
    }
    return next((found[at] for at in wanted if at in found), None)


def as_data(book: LayeredBook) -> dict[str, Any]:
    """A layered book as dicts, lists, texts, numbers and dates.

    `book`, `caps` and each of `items` carry `given`: for every field, the book and file and line where it
    was last given; items also `unset`: the same for fields removed. `items` are those in force, by code;
    `disabled` are the codes of the others; `grades` stand in their order, each with where it is `given`.
    """
    head = book.head
    scope = head.scope.said() if head.scope else None
    return {
        "book": {
            "id": head.id,
            **{name: getattr(head, name) for name in INHERITED_BY_BOOK},
            "extends": [each.head.id for each in book.extends],
            "scope": scope,
            "expires": book.expires,
            "given": {name: _origin(place) for name, place in book.places.items()},
        },
        "caps": {
            name: {**cap_data(cap), "given": {"points": _origin(cap.place)}}
            for name, cap in sorted(book.caps.items())
        },
        "items": [_item(item) for item in sorted(book.enabled, key=lambda item: item.code)],
        "grades": [{**grade_data(grade), "given": _origin(grade.place)} for grade in book.grades],
        "disabled": sorted(item.code for item in book.items.values() if item.disabled_at is not None),
    }


def _item(item: LayeredItem) -> dict[str, Any]:
    values = {name: getattr(item.fields, name) for name in LAYERED_FIELDS}
    given = {name: place for name, place in item.places.items() if values.get(name) is not None}
    return {
        "code": item.code,
        **{name: data_of(value) for name, value in values.items() if value is not None},
        "given": {name: _origin(place) for name, place in given.items()},
        "unset": {name: _origin(place) for name, place in item.removed.items() if values[name] is None},
    }


def _origin(place: KeyPlace) -> dict[str, Any]:
    return {"book": place.book_id, "file": place.draft.shown, "line": place.line}
