"""Which book governs a place and year, and which items it has: for rows that somebody looks at again."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jifen_batch.tables.rule_tables import LEVEL_BASE, LEVEL_TOWN, LEVEL_VILLAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen_batch.tables.rule_tables import RuleTables


class Governing:
    """The books in force, asked row by row; what was asked once is known."""

    def __init__(self, books: RuleTables) -> None:
        """Names of items by code, for each book."""
        self._books = {(level, place, year): book for level, place, year, book in books.scopes.iter_rows()}
        self._items: dict[int, dict[str, str]] = {}
        for book, code, name in books.items.select("book", "code", "name").iter_rows():
            self._items.setdefault(book, {})[code] = name
        self.book = cache(self._book)

    def _book(self, town: str | None, village: str | None, year: int | None) -> int | None:
        """The number of the book at a place in a year; null where none governs it."""
        levels = ((LEVEL_VILLAGE, village), (LEVEL_TOWN, town), (LEVEL_BASE, None))
        found = (self._books.get((level, place, year)) for level, place in levels)
        return next((one for one in found if one is not None), None)

    def items(self, book: int) -> Mapping[str, str]:
        """The names of a book's items, by code."""
        return self._items.get(book, {})

    def lacks(self, town: str, village: str, year: int, item: str) -> bool:
        """Whether there is a book, and it has no such item."""
        book = self.book(town, village, year)
        return book is not None and item not in self.items(book)
