"""Control totals of a reconciliation: ours - theirs is the sum of what is shown, to the point."""

from __future__ import annotations

import polars as pl

from jifen_batch.scheme.outcomes import KEY_OUTCOMES
from jifen_batch.scheme.word import names
from jifen_batch.tables.reconciled import CONTROL_TOTALS

LEVELS = {"all": (), "village": ("town_id", "village_id"), "category": ("category",)}


def control_totals(keys: pl.DataFrame) -> pl.DataFrame:
    """Sums over all keys, by village, and by category where the keys have one (`CONTROL_TOTALS`).

    `keys` as `match` gives them, matched ones too. Keys without a place are a village of null.
    """
    levels = ["all", "village"]
    if keys["category"].null_count() < keys.height:
        levels.append("category")
    totals = [_level(keys, level) for level in levels]
    return pl.concat(totals).select(pl.col(name).cast(kind) for name, kind in CONTROL_TOTALS.schema.items())


def _level(keys: pl.DataFrame, level: str) -> pl.DataFrame:
    """The totals of one level, sorted by what they are of; without keys a single row of zeros, or none."""
    by = LEVELS[level]
    matched = pl.col("outcome") == "matched"
    sums = [
        pl.len().alias("keys"),
        *((pl.col("outcome") == outcome).sum().alias(outcome) for outcome in names(KEY_OUTCOMES)),
        pl.col("ours", "theirs", "difference").sum(),
        pl.col("difference").filter(~matched).sum().alias("of_breaks"),
        pl.col("difference").filter(matched).sum().alias("within_tolerance"),
    ]
    summed = keys.group_by(by).agg(sums).sort(by) if by else keys.select(sums)
    absent = [name for name in ("town_id", "village_id", "category") if name not in by]
    return summed.with_columns(
        pl.lit(level).alias("level"), *(pl.lit(None, dtype=pl.String).alias(name) for name in absent)
    ).select(CONTROL_TOTALS.names)
