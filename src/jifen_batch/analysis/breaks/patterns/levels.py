"""Sums at which the other system stops, and sums by which all of a village differ: seen over many keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.scheme.causes import PROVED

if TYPE_CHECKING:
    from collections.abc import Sequence

TOTAL_CAP, SAME_DIFFERENCE = "total_cap", "same_difference"
HOUSEHOLDS_MIN, OF_VILLAGE_MIN = 3, 4
LAST = "missing_there"


def ceilings(keys: pl.DataFrame, grain: Sequence[str]) -> pl.DataFrame:
    """The highest sum that they have of any key, matched or not: by scoring year and `grain`, `ceiling`."""
    return keys.group_by("scoring_year", *grain).agg(ceiling=pl.col("theirs").max())


def total_caps(keys: pl.DataFrame, highest: pl.DataFrame, grain: Sequence[str]) -> pl.DataFrame:
    """Keys held at a sum that no key of theirs exceeds, where ours do: `key`, `cause`, `because`, `strength`.

    `highest` as `ceilings` gives them. Every key of which ours is above it must stand at just that sum, and
    several households must. Not told of quarters: a limit on one is a limit on the year.
    """
    by = ["scoring_year", *grain]
    if "quarter" in grain:
        return _told(keys.clear(), TOTAL_CAP, pl.lit(""))
    above = keys.join(highest, on=by, nulls_equal=True).filter(pl.col("ours") > pl.col("ceiling"))
    at = (pl.col("theirs") == pl.col("ceiling")) & (pl.col("ceiling") > 0)
    held = above.filter(at.all().over(by), (pl.col("household_id").n_unique() >= HOUSEHOLDS_MIN).over(by))
    return _told(held, TOTAL_CAP, pl.col("ceiling").cast(pl.String))


def same_differences(keys: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Keys of villages all of whose breaks differ by one sum, as far as nothing tested explains them.

    `key`, `cause`, `because` (village and sum, theirs - ours), `strength`; `found` as `FOUND`.
    """
    known = keys.join(found.select("key", "cause"), on="key", how="left")
    village = ["town_id", "village_id"]
    alike = (pl.col("amount").n_unique() == 1) & (pl.col("household_id").n_unique() >= OF_VILLAGE_MIN)
    unexplained = pl.col("cause").is_null() | (pl.col("cause") == LAST)
    shown = known.filter(pl.col("village_id").is_not_null()).filter(alike.over(village)).filter(unexplained)
    because = pl.format("{} {}", "village_id", pl.col("amount"))
    return _told(shown, SAME_DIFFERENCE, because)


def _told(keys: pl.DataFrame, cause: str, because: pl.Expr) -> pl.DataFrame:
    return keys.select("key", cause=pl.lit(cause), because=because.cast(pl.String), strength=pl.lit(PROVED))
