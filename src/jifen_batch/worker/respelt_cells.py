"""Events that are rejected because a cell is written otherwise than what it stands for.

To each of such rows a sentence is said; but where a whole column is spoilt, people have to know the column,
what was done to it, and in which of two inputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs import respelling
from jifen_batch.published import runs
from jifen_batch.scheme.reject_reasons import (
    CONFLICTING_HOUSEHOLD,
    UNKNOWN_HOUSEHOLD,
    UNKNOWN_ITEM,
    UNKNOWN_STATUS,
)
from jifen_batch.scheme.states import STATUSES
from jifen_batch.tables import REJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.inputs.respelling import Pairs
    from jifen_batch.sentence import Sentence
    from jifen_batch.worker.draft import DraftRun

# Why rows are rejected of which a cell is written otherwise. Where the same row stands there twice, once
# with another spelling of its household, both are torn between two.
COLUMNS = {
    "household_id": (UNKNOWN_HOUSEHOLD, CONFLICTING_HOUSEHOLD),
    "item": (UNKNOWN_ITEM,),
    "status": (UNKNOWN_STATUS,),
}
# Which input has what the cells stand for; null: that is fixed.
KNOWN = {"household_id": "--households", "item": "--rules", "status": None}


@dataclass(frozen=True)
class RespeltCells:
    """One `column` of events: `rows` rejected for it are `pairs` of what is known and what they write.

    `share`: how much of the rows that are rejected for this column that is.
    """

    column: str
    rows: int
    share: float
    pairs: Pairs

    @property
    def sentences(self) -> Iterator[Sentence]:
        """What to do, and in which input: ids of a register may be the spoilt ones."""
        return respelling.between(KNOWN[self.column], "--events", self.column, self.pairs)

    def as_data(self) -> dict[str, Any]:
        """For the log: the column, the rows, and the first pairs."""
        first = self.pairs[: respelling.NAMED_AT_MOST]
        return {"column": self.column, "rows": self.rows, "known_and_written": [list(one) for one in first]}


def found(drafted: DraftRun) -> list[RespeltCells]:
    """The columns of a draft's rejects that are written otherwise, those of most rows first."""
    cells = [one for column in COLUMNS if (one := _of_column(drafted, column))]
    return sorted(cells, key=lambda one: -one.rows)


def _of_column(drafted: DraftRun, column: str) -> RespeltCells | None:
    rejects = runs.scan(drafted.folder, REJECTS).filter(
        pl.col("reason").is_in([one.name for one in COLUMNS[column]])
    )
    written = rejects.group_by(column).agg(rows=pl.len()).collect(engine="streaming")
    written = written.with_columns(pl.col(column).cast(pl.String))
    pairs = respelling.counterparts(known(drafted, column), written[column]) if written.height else []
    if not pairs:
        return None
    of_pairs = written.filter(pl.col(column).is_in([here for _, here in pairs]))
    rows = int(of_pairs["rows"].sum())
    return RespeltCells(column, rows, rows / int(written["rows"].sum()), pairs)


def known(drafted: DraftRun, column: str) -> pl.Series:
    """What a cell may say; no ids of a run that was published before, whose register is not read again."""
    if column == "item":
        return drafted.books.tables.items["code"]
    if column == "status":
        return pl.Series(STATUSES, dtype=pl.String)
    if drafted.taken is None:
        return pl.Series(dtype=pl.String)
    return drafted.taken.terms.places.households["household_id"]
