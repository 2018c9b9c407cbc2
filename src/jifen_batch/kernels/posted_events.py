"""Whose events have a line, by numbers: what a night is held against the one before by (specification 4).

An event's number is the hash of its id. A household's stand side by side, so that whose it is is kept once
for all of them, and a county's take eight bytes a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.groups import group_starts
from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

# Every event has a line in its first month, and of a pledge's others there is no need.
FIRST_MONTH_DAYS = 31


@dataclass(frozen=True)
class PostedEvents:
    """`owners`, a row per stretch of `events` (UInt64) that stand side by side: whose, and how many `lines`.

    An owner may have several stretches, and an event may stand in one twice.
    """

    owners: pl.DataFrame
    events: pl.Series

    @classmethod
    def of(cls, rows: pl.DataFrame) -> PostedEvents:
        """Rows of `event` and whose it is.

        `household` A A B with `event` 7 8 9 are the owners A (2 lines) and B (1) of 7 8 9.
        """
        owners = rows.drop("event")
        begins = group_starts(*owners)
        lines = pl.Series("lines", np.diff(begins, append=rows.height))
        return cls(owners[begins].with_columns_seq(lines), rows["event"])

    @classmethod
    def together(cls, parts: Sequence[PostedEvents]) -> PostedEvents:
        """Those of several, in their order; there is at least one."""
        return cls(pl.concat([one.owners for one in parts]), pl.concat([one.events for one in parts]))

    def where(self, owners: pl.Series) -> PostedEvents:
        """Those of the owners that have a flag."""
        if owners.all():
            return self
        return PostedEvents(self.owners.filter(owners), self.events.filter(self._of_lines(owners)))

    def rows(self) -> pl.DataFrame:
        """A row per event: whose it is, and `event`."""
        owners = self.owners.drop("lines")
        return owners.select_seq(self._of_lines(column) for column in owners).with_columns_seq(
            self.events.alias("event")
        )

    def sums(self) -> pl.DataFrame:
        """The owners, a row per stretch, with its `lines` and the `sum` of its events modulo 2^64."""
        begins = np.cumsum(self.owners["lines"].to_numpy()) - self.owners["lines"].to_numpy()
        sums = np.add.reduceat(self.events.to_numpy(), begins) if len(begins) else begins.astype(np.uint64)
        return self.owners.with_columns_seq(pl.Series("sum", sums))

    def _of_lines(self, of_owners: pl.Series) -> pl.Series:
        """What is said of each stretch, for each of its events."""
        return pl.Series(of_owners.name, np.repeat(of_owners.to_numpy(), self.owners["lines"].to_numpy()))


def posted_events(lines: pl.DataFrame, events: pl.DataFrame) -> PostedEvents:
    """The events that have a line, by `year` and `household_place`, but for grants, which nobody reports.

    `lines` number in `event_row` the `events` that they are of.
    """
    event_row = lines["event_row"]
    days = lines["accrued_on"].to_physical() - events["occurred_on"][event_row].to_physical()
    event = events["id_hash"][event_row].alias("event")
    rows = lines.select_seq("year", "household_place").with_columns_seq(event)
    return PostedEvents.of(rows.filter((days < FIRST_MONTH_DAYS) & event.is_not_null()))
