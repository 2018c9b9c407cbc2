"""Local books that end only because the book which they extend does: nobody wrote that down for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jifen_batch.rules.layered import LayeredBook


def ending_with_base(books: Iterable[LayeredBook]) -> Iterator[tuple[LayeredBook, int]]:
    """Books with a scope whose `last_year` is that of a book they extend, with this year; in their order."""
    for book in books:
        place = book.places.get("last_year")
        last = book.head.last_year
        if (
            book.head.scope is not None
            and last is not None
            and place is not None
            and place.depth < book.depth
        ):
            yield book, last
