"""Operator 3, exclusive tier: the highest stands, and nothing counts twice (specification 3.3.3).

同一事项积分，就高不就低，不重复积分: within a household, an exclusive group and a matter, over all years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import rows_that
from jifen_batch.kernels.enrol import DISPOSITION
from jifen_batch.kernels.matters import matters
from jifen_batch.tables import POSTING_ORDER

if TYPE_CHECKING:
    from jifen_batch.kernels.context import Context


def keep_highest_tier(lines: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Reduce each exclusive line to what it brings above the highest before it.

    Honours are rare: only lines of exclusive items that still play are looked at. They meet across
    scoring years, so they are put in posting order by day and event, not by account. `points` falls
    to gross less the highest earlier gross, never below 0; `disposition` becomes `topped_up` (part)
    or `superseded` (nothing) and `cause` the event that first reached that highest.
    """
    events, book = context.events, context.book
    rows = rows_that(lines["in_play"] & book.exclusive[lines["rule"]])
    if rows.len() == 0:
        return lines
    subset = lines[rows]
    subset = subset.with_columns_seq(
        row=rows,
        group=book.of_rule("exclusive", subset["rule"]),
        matter=matters(subset, events, book),
        event_id=events["event_id"][subset["event_row"]],
    ).sort(POSTING_ORDER)
    subset = _highest_before(subset)
    left = (pl.col("gross") - pl.col("highest")).clip(lower_bound=0)
    subset = subset.select_seq(
        "row",
        points=left,
        disposition=pl.when((pl.col("highest") == 0) | (pl.col("gross") == 0))
        .then(pl.lit("awarded", dtype=DISPOSITION))
        .when(left == 0)
        .then(pl.lit("superseded", dtype=DISPOSITION))
        .otherwise(pl.lit("topped_up", dtype=DISPOSITION)),
        cause=pl.when((pl.col("highest") > 0) & (pl.col("gross") > 0)).then(pl.col("reached_by")),
    )
    return lines.with_columns_seq(
        lines[name].scatter(subset["row"], subset[name]) for name in ("points", "disposition", "cause")
    )


def _highest_before(subset: pl.DataFrame) -> pl.DataFrame:
    """Highest gross among the earlier lines of the same matter, and the event that first reached it."""
    same = ["household", "group", "matter"]
    subset = subset.with_columns_seq(
        highest=pl.col("gross").cum_max().shift(1).over(same).fill_null(0),
    )
    risen = pl.when(pl.col("gross") > pl.col("highest")).then(pl.col("event_row"))
    return subset.with_columns_seq(reached_by=risen.forward_fill().shift(1).over(same))
