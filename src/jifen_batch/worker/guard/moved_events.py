"""Events that have a line of one household before and of another now, or of none: read once a night.

Whether an event is gone and whether an id changed unsaid are two questions to the same two ledgers. They
are answered by numbers for ids, and only for households whose events do not add up to what they did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.groups import group_starts
from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.validate import IS_GRANT
from jifen_batch.published import identity, village_range
from jifen_batch.published.differing import unlike
from jifen_batch.tables import LEDGER

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun

LINES_AT_ONCE = 1 << 22
# Two ids of one number would hide one event that is lost, once in some billions of runs.
NUMBERS = {"household": pl.col("household_id").hash(), "event": pl.col("event_id").hash()}
# Every event has a line in its first month, and of a pledge's others there is no need.
IN_FIRST_MONTH = pl.col("accrued_on") - pl.col("occurred_on") < pl.duration(days=31)


@dataclass(frozen=True)
class MovedEvents:
    """Events of the run before that left their household's lines (`away`), and those that `came` to one's.

    Each has `household` and `event` (`NUMBERS` of their ids as of now), a row once, unordered. What the
    household had and has is in neither, nor are grants, which nobody reports.
    """

    away: pl.DataFrame
    came: pl.DataFrame


def since(drafted: DraftRun, before: Path) -> MovedEvents:
    """What moved between the run `before` and a draft."""
    had, has = unlike(before, drafted.folder, LEDGER)
    had = identity.of_now(had, drafted.renamed)
    both = [_rows_that_moved(*sides) for sides in _pieces(had, has)]
    away, came = (pl.concat(side) for side in zip(*both, strict=True))
    # A household may have moved from one piece to another.
    return MovedEvents(
        *(one.join(other, on=[*NUMBERS], how="anti") for one, other in ((away, came), (came, away)))
    )


def _pieces(*sides: pl.LazyFrame) -> list[list[pl.LazyFrame]]:
    """The lines of both sides, some whole villages at a time, so that a county's fit into memory."""
    lines = sum(one.select(pl.len()).collect().item() for one in sides)
    if lines <= LINES_AT_ONCE:
        return [[*sides]]
    return [[one.filter(some.holds) for one in sides] for some in village_range.cut(sides, LINES_AT_ONCE)]


def _rows_that_moved(had: pl.LazyFrame, has: pl.LazyFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The events of both sides of households that have not on both the same."""
    was, now = ((pairs, _sums(pairs)) for pairs in (_pairs(had), _pairs(has)))
    unequal = [
        one.join(other, on=one.columns, how="anti")["household"]
        for one, other in ((was[1], now[1]), (now[1], was[1]))
    ]
    some = pl.col("household").is_in(pl.concat(unequal).implode())
    return was[0].filter(some).unique(), now[0].filter(some).unique()


def _pairs(lines: pl.LazyFrame) -> pl.DataFrame:
    """Household and event of the lines (`NUMBERS`), in their order, an event's further months left out."""
    return lines.filter(~IS_GRANT, IN_FIRST_MONTH).select(**NUMBERS).collect(engine="streaming")


def _sums(pairs: pl.DataFrame) -> pl.DataFrame:
    """The events of each household added up modulo 2^64, and how many they are: a row per household."""
    begins = group_starts(pairs["household"])
    # Where ids became one, a household's lines stand in more than one place.
    sums = np.add.reduceat(pairs["event"].to_numpy(), begins) if len(begins) else begins.astype(np.uint64)
    runs = pairs.select("household")[begins].with_columns(
        events=pl.Series(sums), lines=pl.Series(np.diff(begins, append=pairs.height))
    )
    return runs.group_by("household").agg(pl.col("events", "lines").sum())
