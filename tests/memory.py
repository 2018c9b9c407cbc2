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
from jifen_batch.engine.cross_household import load_of
from jifen_batch.engine.here import cross_household_ids
from jifen_batch.inputs.pieces import NONE_UNREADABLE
from jifen_batch.inputs.row_buffer.buffer import RowBuffer
from jifen_batch.kernels.household_places import with_household_places
from jifen_batch.kernels.parts import cut, without_copies
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.kernels.successions import renaming, under_new_ids
from jifen_batch.kernels.unreadable import at_their_places
from jifen_batch.scoring import Scored, Terms, score
from jifen_batch.tables import EVENTS, HOUSEHOLDS, SUCCESSIONS

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.tables.rule_tables import RuleTables

ROOM = 1 << 40


@dataclass(frozen=True)
class Case:
    """What a village is scored from: rows as they are read, spells, new ids, compiled books, two options."""

    rows: pl.DataFrame
    register: pl.DataFrame
    renamed: pl.DataFrame
    books: RuleTables
    as_of: date
    grace_days: int

    @property
    def terms(self) -> Terms:
        """What rows are scored by."""
        places = number_places(self.register, renamed=self.renamed)
        return Terms(places, rule_book(self.books, places), self.as_of, self.grace_days)

    @cached_property
    def parts(self) -> list[Scored]:
        return self.scored(1 << 19)

    def scored(self, rows_per_part: int) -> list[Scored]:
        """What each part came to."""
        parts = buffered(self.rows, self.terms, rows_per_part)
        assert [law for part in parts for law in part.tally.broken_invariants] == []
        return parts

    @property
    def ledger(self) -> pl.DataFrame:
        """All lines, in the order of the parts."""
        return pl.concat([part.ledger for part in self.parts])

    def but(self, **changes: object) -> Case:
        """The same with something else."""
        return replace(self, **changes)


def buffered(rows: pl.DataFrame, terms: Terms, rows_per_part: int) -> list[Scored]:
    """Rows put at their household places in two batches, and scored in parts."""
    places = terms.places
    row_buffer = RowBuffer(Path("nowhere"), ROOM)
    half = rows.height // 2
    for number, batch in enumerate([rows[:half], rows[half:]]):
        row_buffer.put((0, number), with_household_places(batch, places))
    torn = cross_household_ids(row_buffer, places, terms.as_of)
    return [
        as_read(
            score(
                without_copies(row_buffer.take(household_places), places, household_places),
                terms,
                torn,
                household_places,
                at_their_places(NONE_UNREADABLE, places),
            )
        )
        for household_places in cut(load_of(row_buffer, places), rows_per_part)
    ]


def as_read(scored: Scored) -> Scored:
    """The same with every name a plain string, as whoever reads the files sees it."""
    tables = ("ledger", "balances", "announcements", "unposted", "rejects")
    plain = {name: getattr(scored, name).with_columns(pl.selectors.enum().cast(pl.String)) for name in tables}
    return replace(scored, **plain)


def case(seed: int) -> Case:
    """The random village of a seed."""
    return case_of(villages.make(seed))


def case_of(village: villages.Village) -> Case:
    """A random village, made already."""
    rows = [{name: row.get(name) for name in EVENTS.names} for row in village.events]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in village.rule_texts.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        books = rules.load([Path(folder)]).tables
    renamed = renaming(pl.DataFrame(village.successions, schema=SUCCESSIONS.schema), village.as_of)
    register = pl.DataFrame(village.households, schema=HOUSEHOLDS.schema).with_columns(
        pl.col(pl.String).replace("", None)
    )
    return Case(
        numbered(_without_empty(pl.DataFrame(rows, schema=EVENTS.schema | {"quantity": pl.Int64}))),
        register.with_columns(under_new_ids(register["household_id"], renamed)),
        renamed,
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
