"""A late approval, counted in another quarter than ours: two keys with opposite differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.edits import listed
from jifen_batch.columns.calendar import quarter_number
from jifen_batch.kernels.post import quarter_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.analysis.breaks.candidates import Candidates

CAUSE = "late_approval"
OTHER_DAYS = ("accrued_on", "posted_on")


def moved_lines(found: Candidates, keys: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Atoms of events that they may count by the day itself, or by the day of approval without grace.

    `keys` has `key` and `names`, the quarter among them. An event moves only where every key breaks that
    it leaves or enters; each by itself, and all of a key together.
    """
    items = found.book.tables.items
    lines = found.lines.filter(pl.col("account").is_not_null() & (pl.col("points") != 0))
    lines = lines.with_columns(category=items["category"].gather(lines["rule"]))
    lines = lines.join(found.accounts.select("account", "household_id", "scoring_year"), on="account")
    return pl.concat([_moved(lines, day, keys, names) for day in OTHER_DAYS])


def _moved(lines: pl.DataFrame, day: str, keys: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Lines whose quarter would be that of another day: fewer points in ours, more in that one."""
    lines = lines.with_columns(there=quarter_number(pl.col(day)))
    lines = lines.filter(pl.col("there") != pl.col("quarter"))
    less = lines.with_columns(amount=-pl.col("points"))
    more = lines.with_columns(amount=pl.col("points"), quarter=pl.col("there"))
    moves = pl.concat([less, more]).group_by(*names, "account", "event_id").agg(pl.col("amount").sum())
    moves = moves.with_columns(quarter_names(moves["quarter"]).cast(pl.String))
    moves = moves.join(keys.select("key", *names), on=list(names), how="left")
    borne_out = pl.col("key").is_not_null().all().over("account", "event_id")
    moves = moves.filter(borne_out).with_columns(
        cause=pl.lit(CAUSE),
        part=pl.format(day + " {}", "event_id"),
        whole=pl.lit(value=False),
        because="event_id",
    )
    several = moves.filter(pl.len().over("key") > 1)
    every = several.group_by("key").agg(pl.col("amount").sum(), because=listed("because"))
    every = every.with_columns(cause=pl.lit(CAUSE), part=pl.lit(f"* {day}"), whole=pl.lit(value=True))
    columns = ("key", "cause", "part", "whole", "because", "amount")
    return pl.concat([moves.select(columns), every.select(columns)])
