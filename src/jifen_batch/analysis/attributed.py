"""Attributed lines added up: by cause, by village, by item; and what made single households differ.

Each works on the lines of some whole households; `together` adds up what several pieces came to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.attribution.pairs import KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

BY_CAUSE = ("cause", "what", "rule")
BY_VILLAGE = ("town_id", "village_id")
BY_ITEM = ("item",)
BY_HOUSEHOLD = ("household_id", "cause")
FIGURES = ("lines", "points_up", "points_down")


def sums(attributed: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """`ATTRIBUTED` added up: one row per key, with how many lines changed so, and points up and down.

    A line with two causes counts under each of them, but once in its village and for its item.
    """
    keys = [*by]
    lines = attributed.select(*keys, *(name for name in KEY if name not in keys)).unique()
    points = attributed.group_by(keys).agg(
        points_up=pl.col("points").clip(lower_bound=0).sum(),
        points_down=pl.col("points").clip(upper_bound=0).sum(),
    )
    counts = lines.group_by(keys).agg(lines=pl.len().cast(pl.Int64))
    return counts.join(points, on=keys, nulls_equal=True, validate="1:1").select(*keys, *FIGURES)


def together(pieces: Sequence[pl.DataFrame], by: Sequence[str]) -> pl.DataFrame:
    """The sums of several pieces as one, most points moved first, then by their keys."""
    whole = pl.concat(pieces).group_by([*by]).agg(pl.col(FIGURES).sum())
    moved = pl.col("points_up") - pl.col("points_down")
    return whole.sort(-moved, -pl.col("lines"), *by)
