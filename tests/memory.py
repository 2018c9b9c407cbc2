"""A random village scored in memory, whole or in parts, for laws that need no files."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

import villages
from jifen_batch import rules
from jifen_batch.inputs.row_buffer.buffer import Shelf
from jifen_batch.kernels.parts import cut, without_copies
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.kernels.seating import seated
from jifen_batch.scoring import Scored, Terms, score
from jifen_batch.tables import EVENTS, HOUSEHOLDS
from jifen_batch.worker import read_events

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.tables.rule_tables import RuleTables

ROOM = 1 << 40


@dataclass(frozen=True)
class Case:
    """What a village is scored from: rows as the store reads them, spells, compiled books, two options."""

    rows: pl.DataFrame
    register: pl.DataFrame
    books: RuleTables
    as_of: date
    grace_days: int

    @cached_property
    def parts(self) -> list[Scored]:
        return self.scored(1 << 19)

    def scored(self, rows_per_part: int) -> list[Scored]:
        """What each part came to."""
        places = number_places(self.register)
        terms = Terms(places, rule_book(self.books, places), self.as_of, self.grace_days)
        parts = shelved(self.rows, terms, rows_per_part)
        assert [law for part in parts for law in part.tally.broken_laws] == []
        return parts

    @property
    def ledger(self) -> pl.DataFrame:
        """All lines, in the order of the parts."""
        return pl.concat([part.ledger for part in self.parts])

    def but(self, **changes: object) -> Case:
        """The same with something else."""
        return replace(self, **changes)


def shelved(rows: pl.DataFrame, terms: Terms, rows_per_part: int) -> list[Scored]:
    """Rows put at their seats in two batches, and scored in parts."""
    places = terms.places
    shelf = Shelf(Path("nowhere"), ROOM)
    half = rows.height // 2
    for number, batch in enumerate([rows[:half], rows[half:]]):
        shelf.put((0, number), seated(batch, places))
    torn = read_events.torn(shelf, places, terms.as_of)
    return [
        as_read(score(without_copies(shelf.take(seats), places, seats), terms, torn, seats))
        for seats in cut(read_events.load(shelf, places), rows_per_part)
    ]


def as_read(scored: Scored) -> Scored:
    """The same with every name a plain string, as whoever reads the files sees it."""
    tables = ("ledger", "balances", "announcements", "unposted", "rejects")
    plain = {name: getattr(scored, name).with_columns(pl.selectors.enum().cast(pl.String)) for name in tables}
    return replace(scored, **plain)


def case(seed: int) -> Case:
    """The random village of a seed."""
    village = villages.make(seed)
    rows = [{name: row.get(name) for name in EVENTS.names} for row in village.events]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in village.rule_texts.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        books = rules.load([Path(folder)]).tables
    return Case(
        numbered(_without_empty(pl.DataFrame(rows, schema=EVENTS.schema | {"quantity": pl.Int64}))),
        pl.DataFrame(village.households, schema=HOUSEHOLDS.schema),
        books,
        village.as_of,
        village.grace_days,
    )


def numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with their number in the order of reading."""
    return rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("source"))


def _without_empty(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with null for every empty text."""
    return rows.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep())
