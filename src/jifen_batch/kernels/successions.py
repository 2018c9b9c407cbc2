"""Household ids that changed: which one each has now, whose wallet passed to whom (specification 2.2).

A succession counts from its day on. What counts is applied before anything else is looked at: everything
under an old id is the new one's, and nobody behind this ever sees the old one again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.tables.inputs import MERGED, RENAMED

if TYPE_CHECKING:
    from datetime import date

OLD, NEW = "old_household_id", "new_household_id"
RENAMING = pl.Schema({OLD: pl.String(), NEW: pl.String(), "effective_on": pl.Date()})


def renaming(successions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The id that each old one has become: `OLD`, `NEW`, and `effective_on`, the day of its own first change.

    `successions` (`SUCCESSIONS`) are sound: no id has two successors, and none comes to itself. Chains are
    followed; a row per old id, sorted. Empty where nothing counts by the as-of date.
    """
    if successions.is_empty():
        return RENAMING.to_frame()
    counts = (pl.col("kind") == RENAMED) & (pl.col("effective_on") <= as_of)
    steps = successions.filter(counts).select(RENAMING.names()).sort(OLD)
    return followed(steps)


def followed(steps: pl.DataFrame) -> pl.DataFrame:
    """The steps (`OLD`, `NEW`, and what else they say) with the last id of each chain for `NEW`.

    Each round goes twice as far as the one before: a chain of a thousand takes ten. Chains end.
    """
    while steps.height:
        further = steps.select(pl.col(OLD).alias(NEW), pl.col(NEW).alias("further"))
        ahead = steps.join(further, on=NEW, how="left", maintain_order="left")
        if ahead["further"].null_count() == ahead.height:
            return steps
        steps = ahead.with_columns(pl.coalesce("further", NEW).alias(NEW)).select(steps.columns)
    return steps


def under_new_ids(ids: pl.Series, renamed: pl.DataFrame) -> pl.Series:
    """Ids of households (String) with the one that each has now; others, and null, as they are."""
    if renamed.height == 0:
        return ids
    return ids.replace(renamed[OLD], renamed[NEW])


def merges(successions: pl.DataFrame, renamed: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Wallets that have passed by the as-of date: `OLD` and `NEW`, as they are named now, and `effective_on`.

    One row per household whose wallet has gone, sorted. Who took it over may have passed it on.
    """
    counts = (pl.col("kind") == MERGED) & (pl.col("effective_on") <= as_of)
    found = successions.filter(counts).select(RENAMING.names())
    ends = [under_new_ids(found[name], renamed) for name in (OLD, NEW)]
    return found.with_columns(ends).sort(OLD)


def in_circle(steps: pl.DataFrame) -> pl.Series:
    """Ids of households that come to themselves again; `steps` has one row per `OLD`. Sorted."""
    at = steps.select(start=OLD, at=NEW)
    following = steps.select(at=OLD, further=NEW)
    # After as many steps as there are rows, who still goes on is in a circle, or leads into one.
    for _ in range(steps.height.bit_length()):
        at = at.join(following, on="at").select("start", at="further")
        jumps = following.join(following.rename({"at": "further", "further": "next"}), on="further")
        following = jumps.select("at", further="next")
    return at.filter(pl.col("at").is_in(steps[OLD].implode()))["at"].unique().sort()
