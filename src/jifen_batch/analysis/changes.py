"""What changed between two ledgers: the lines that stand in one and not in the other.

Ground for attribution: a line that stands in both needs no reason, and of those there are most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.tables import LEDGER

if TYPE_CHECKING:
    from collections.abc import Sequence

REMOVED, ADDED = -1, 1
CHANGED = pl.Schema({**LEDGER.schema, "change": pl.Int32(), "kept": pl.Boolean()})


def changed_lines(
    before: pl.DataFrame, after: pl.DataFrame, columns: Sequence[str] = LEDGER.names
) -> pl.DataFrame:
    """The difference of two ledgers, whole rows held against whole rows, by `columns`; nulls are equal.

    Where one side is of an older version of the tables, `columns` are those that it had: what came later
    is no change. Both have the columns of `LEDGER`, in any order of rows, and no row twice (specification 4,
    Key). One row per line that stands on one side only: the ledger's columns, `change` (Int32, -1 stood
    before, +1 stands after) and `kept` (its event also has lines that stand on both sides). Sorted by
    scoring year and the ledger's own keys, what stood before first.
    """
    changes = _one_sided(before.select(LEDGER.names), after, columns)
    removed = changes.filter(pl.col("change") == REMOVED)
    kept = _events_that_stay(before, removed, changes["event_id"].unique())
    changes = changes.with_columns(kept=pl.col("event_id").is_in(kept.implode()))
    return changes.sort("scoring_year", *LEDGER.sort_keys, "change")


def one_sided(before: pl.DataFrame, after: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Lines of only one side, as far as these columns tell: the columns and `change`, unordered.

    No two lines of a side may be equal in them.
    """
    return _one_sided(before.select(columns), after.select(columns), columns)


def _one_sided(before: pl.DataFrame, after: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The same, with all columns that both sides have, in their order."""
    sides = (before, after.select(before.columns))
    only = [
        one.join(other, on=columns, how="anti", nulls_equal=True).with_columns(
            change=pl.lit(change, pl.Int32)
        )
        for one, other, change in (
            (sides[0], sides[1], REMOVED),
            (sides[1], sides[0], ADDED),
        )
    ]
    return pl.concat(only)


def _events_that_stay(before: pl.DataFrame, removed: pl.DataFrame, events: pl.Series) -> pl.Series:
    """Which of these events have more lines than those that went."""
    stood = before.select("event_id").filter(pl.col("event_id").is_in(events.implode()))
    stood = stood.group_by("event_id").len(name="stood")
    gone = removed.group_by("event_id").len(name="gone")
    stood = stood.join(gone, on="event_id", how="left")
    return stood.filter(pl.col("stood") > pl.col("gone").fill_null(0))["event_id"]
