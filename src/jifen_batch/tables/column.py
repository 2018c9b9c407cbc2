"""What a table says of itself: its columns, their types, what each means, and what sorts it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = pl.String()
INT = pl.Int32()
POINTS = pl.Int64()
BOOLEAN = pl.Boolean()
DATE = pl.Date()
TIME = pl.Datetime("us")


@dataclass(frozen=True)
class Column:
    """One column: `nullable` says whether a null can stand in it, `meaning` what a value says.

    `since`: the version of the tables that brought it; a file of an older one has no such column.
    """

    name: str
    dtype: pl.DataType
    meaning: str
    nullable: bool = False
    since: int = 1


@dataclass(frozen=True)
class Table:
    """One table: its columns in order, the keys that sort it, and the column that its path carries."""

    name: str
    columns: tuple[Column, ...]
    sort_keys: tuple[str, ...] = ()
    partition: str | None = None

    def __iter__(self) -> Iterator[Column]:
        """Columns in order, the partition's among them."""
        return iter(self.columns)

    @property
    def names(self) -> list[str]:
        """Names of all columns, in order."""
        return [column.name for column in self.columns]

    @cached_property
    def schema(self) -> pl.Schema:
        """Types of all columns, in order, the partition's among them; not to be changed."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def of_version(self, version: int) -> Table:
        """The table as programs of that version of the tables wrote it; without columns before its first."""
        return replace(self, columns=tuple(one for one in self.columns if one.since <= version))

    @property
    def file_names(self) -> list[str]:
        """Names of the columns that stand in the files themselves."""
        return [name for name in self.names if name != self.partition]

    @property
    def required(self) -> list[str]:
        """Names of the columns in which no null may stand."""
        return [column.name for column in self.columns if not column.nullable]


TOWN = Column("town_id", TEXT, "the town (镇) of the household's place in the scoring year")
VILLAGE = Column("village_id", TEXT, "the village (村) of the household's place in the scoring year")
HOUSEHOLD = Column("household_id", TEXT, "the household (户)")
YEAR = Column("scoring_year", INT, "the calendar year in which the event occurred")
CATEGORY = Column("category", TEXT, "类别 of the item")
QUARTER = Column("quarter", TEXT, "the quarter that announces it, as 2023Q3")
