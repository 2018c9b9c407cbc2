"""When what a household can spend now lapses, if it spends nothing more (specification 2.3, `[wallet]`)."""

from __future__ import annotations

import polars as pl

from jifen_batch.analysis.point_lots import NEVER


def lapses(lots: pl.DataFrame, available: int) -> pl.DataFrame:
    """One row per last day on which some of the `available` points may be spent: `day`, `points`, ascending.

    `lots` are a household's, `day` (the last one) and `points`, as `point_lots.settle` gives them. What
    lapses first is spent first, so what is left is of those that lapse last. A null day: never, or points
    that are in no lot of its own (a wallet that was merged into its).
    """
    by_day = lots.group_by("day").agg(pl.col("points").sum()).sort("day", descending=True)
    before = pl.col("points").cum_sum() - pl.col("points")
    left = by_day.with_columns(points=(pl.lit(available) - before).clip(0, pl.col("points")))
    rest = available - int(left["points"].sum())
    beyond = pl.DataFrame({"day": [None], "points": [rest]}, schema=left.schema)
    told = pl.concat([left, beyond]).with_columns(pl.col("day").replace(NEVER, None))
    return (
        told.group_by("day")
        .agg(pl.col("points").sum())
        .filter(pl.col("points") > 0)
        .sort("day", nulls_last=True)
    )
