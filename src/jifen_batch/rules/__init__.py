"""The rule book: read, layered, checked, compiled (specification 2.3).

Files are found and parsed, held against the format, laid over the books they extend, checked as whole
books, and compiled to flat tables. Complaints are gathered all the way and raised together.
"""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import Complaint, RulesRefusedError
from jifen_batch.rules.checks import check
from jifen_batch.rules.compile import compile_books
from jifen_batch.rules.coverage import overlaps
from jifen_batch.rules.file import RuleFile, parse, read_files, unread
from jifen_batch.rules.layers import layer
from jifen_batch.rules.shape import shape
from jifen_batch.rules.show import as_data, book_at
from jifen_batch.rules.warnings import PLACES, unknown_scopes, warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jifen_batch.rules.layered import LayeredBook
    from jifen_batch.sentence import Sentence
    from jifen_batch.tables.rule_tables import RuleTables

    Respelt = Callable[[pl.DataFrame, str, Sequence[str]], tuple[list[str], Sentence] | None]

__all__ = ["LoadedRules", "RuleFile", "load", "unread"]

FINGERPRINT_DIGITS = 16


@dataclass(frozen=True)
class LoadedRules:
    """All rule books of a run: compiled, the files they were read from, and layered for show."""

    tables: RuleTables
    files: list[RuleFile]
    layered: list[LayeredBook]

    @property
    def fingerprint(self) -> str:
        """Of all books together, in any order; a comment changes none, nor does a file's name."""
        books = sorted(self.tables.books.select("id", "fingerprint").iter_rows())
        return hashlib.sha256(json.dumps(books).encode()).hexdigest()[:FINGERPRINT_DIGITS]

    def show(
        self, year: int, *, village: str | None = None, town: str | None = None
    ) -> dict[str, Any] | None:
        """The book that applies to a village, a town or the base in a year, as plain data; else None.

        See `show.as_data` for what it holds. Give a village its town as well, for where no book of its
        own applies.
        """
        book = book_at(self.layered, year, village=village, town=town)
        return as_data(book) if book else None

    @property
    def warnings(self) -> list[Complaint]:
        """What these books say that is accepted, and perhaps not meant so."""
        return warnings(self.layered)

    def unknown_scopes(self, register: pl.DataFrame, respelt: Respelt) -> list[Complaint]:
        """A warning for each book whose scope names a place that the register has not.

        `respelt` says of the register, a column of it and places that it lacks which of them are written
        otherwise there, and what to do about it.
        """
        known = {name: frozenset(register[name].unique().cast(pl.String)) for name in PLACES}
        return unknown_scopes(self.layered, known, partial(respelt, register))


def load(paths: Sequence[Path]) -> LoadedRules:
    """Rule files and folders, read, layered, checked and compiled.

    Raises `InputRefusedError` for a path that cannot be read, `RulesRefusedError` with all complaints
    about all files.
    """
    files = read_files(paths)
    complaints: list[Complaint] = []
    sheets = []
    unread_ids: set[str] = set()
    for file in files:
        draft, unreadable = parse(file)
        complaints += unreadable
        if draft.tables is None:
            unread_ids |= draft.ids
            continue
        shaped, misshapen = shape(draft)
        complaints += misshapen
        sheets.append(shaped)
    books = layer(sheets, unread_ids, complaints.append)
    complaints += check(books)
    complaints += overlaps(books)
    if complaints:
        raise RulesRefusedError(complaints)
    return LoadedRules(compile_books(books), files, books)
