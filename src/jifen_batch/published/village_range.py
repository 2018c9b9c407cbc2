"""Large tables side by side, some whole villages at a time, in pieces that memory holds.

Ledgers and announced lines are sorted by town and village, so a stretch of villages is a short piece of
each of their files; readers pass over the rest by the statistics in the footers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACE = ("town_id", "village_id")
LINES_AT_ONCE = 1 << 19


@dataclass(frozen=True)
class VillageRange:
    """Villages from one to another, both included, by town and village as bytes."""

    first: tuple[str, str]
    last: tuple[str, str]

    @property
    def holds(self) -> pl.Expr:
        """Whether a row's village is in it; comparisons that readers hold against footer statistics."""
        town, village = (pl.col(name) for name in PLACE)
        from_first = (town > self.first[0]) | ((town == self.first[0]) & (village >= self.first[1]))
        to_last = (town < self.last[0]) | ((town == self.last[0]) & (village <= self.last[1]))
        return from_first & to_last


def cut(tables: Sequence[pl.LazyFrame], lines_at_once: int = LINES_AT_ONCE) -> list[VillageRange]:
    """Stretches, ascending, of about so many rows of all these tables together, or of one village.

    Every village with a row in any of them lies in exactly one.
    """
    counts = [table.group_by(PLACE).agg(lines=pl.len().cast(pl.Int64)) for table in tables]
    return of_villages(pl.concat(pl.collect_all(counts, engine="streaming")), lines_at_once)


def of_villages(counted: pl.DataFrame, lines_at_once: int = LINES_AT_ONCE) -> list[VillageRange]:
    """The same, of villages counted already: `PLACE` and `lines` (Int64), a village in any number of rows."""
    villages = counted.group_by(PLACE).agg(pl.col("lines").sum()).sort(PLACE)
    number = (pl.col("lines").cum_sum() - pl.col("lines")) // lines_at_once
    ends = (
        villages.group_by(number.alias("number"), maintain_order=True)
        .agg(pl.struct(PLACE).first().alias("first"), pl.struct(PLACE).last().alias("last"))
        .select("first", "last")
    )
    return [
        VillageRange((first["town_id"], first["village_id"]), (last["town_id"], last["village_id"]))
        for first, last in ends.iter_rows()
    ]
