"""Two systems' figures side by side: each key lands in one outcome (specification 5, `reconcile`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.tables.reconciled import GRAIN, KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACE = ("town_id", "village_id")


def match(
    ours: pl.DataFrame, statement: pl.DataFrame, keys: Sequence[str], tolerance: int = 0
) -> pl.DataFrame:
    """All keys of either side (`KEYS`), one row each: those that break first, sorted, then the matched.

    `ours` has one row per key: `keys`, `town_id`, `village_id`, `ours`; `statement` a row per row of
    theirs: `keys` and `points`; `keys` are household_id, or village_id alone, scoring_year and those of
    category, item and quarter that the statement tells apart, never null. Our keys of scoring years, and
    quarters, that the statement does not have are not held against it. A missing figure is 0; a key
    named by several rows is `duplicated_theirs` whatever they come to; else it is `matched` where the
    difference is at most `tolerance`. Place is that of our key, else of the household's other keys, else
    null.
    """
    periods = [name for name in ("scoring_year", "quarter") if name in keys]
    held = ours
    for name in periods:
        held = held.filter(pl.col(name).is_in(statement[name].unique().implode()))
    pairs = held.select(*dict.fromkeys((*PLACE, *keys)), "ours").join(
        _theirs(statement, keys), on=list(keys), how="full", coalesce=True, maintain_order="none"
    )
    if "household_id" in keys:
        pairs = _placed(pairs, ours)
    known_ours, known_theirs = pl.col("ours").is_not_null(), pl.col("rows_theirs").is_not_null()
    pairs = pairs.with_columns(
        pl.col("ours", "theirs", "theirs_once", "rows_theirs").fill_null(0),
        found=pl.when(~known_theirs).then(pl.lit("only_ours")).when(~known_ours).then(pl.lit("only_theirs")),
    )
    difference = pl.col("ours") - pl.col("theirs")
    outcome = (
        pl.when(pl.col("rows_theirs") > 1)
        .then(pl.lit("duplicated_theirs"))
        .when(difference.abs() <= tolerance)
        .then(pl.lit("matched"))
        .otherwise(pl.coalesce("found", pl.lit("amount_differs")))
    )
    named = ("household_id", *GRAIN)
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in named if name not in keys]
    pairs = pairs.with_columns(*absent, outcome=outcome, difference=difference)
    pairs = pairs.select(pl.col(name).cast(kind) for name, kind in KEYS.schema.items())
    matched = pairs["outcome"] == "matched"
    # The matched are nearly all, and nobody reads them one by one: to sort them would cost most of the time.
    return pl.concat([pairs.filter(~matched).sort(KEYS.sort_keys, nulls_last=False), pairs.filter(matched)])


def _theirs(statement: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """One row per key of theirs: `theirs`, `theirs_once` (equal rows counted once), `rows_theirs`."""
    once = pl.col("points").first()
    theirs = statement.group_by(keys).agg(
        theirs=pl.col("points").sum(), rows_theirs=pl.len().cast(pl.Int32), theirs_once=once
    )
    several = theirs.filter(pl.col("rows_theirs") > 1).select(keys)
    if several.height == 0:
        return theirs
    distinct = (
        statement.join(several, on=list(keys), how="semi")
        .group_by(keys)
        .agg(distinct=pl.col("points").unique().sum())
    )
    return (
        theirs.join(distinct, on=list(keys), how="left")
        .with_columns(theirs_once=pl.coalesce("distinct", "theirs_once"))
        .drop("distinct")
    )


def _placed(pairs: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    """Keys that only they have, at the place of the household's other keys of that year, where it has any."""
    nowhere = pairs["village_id"].is_null()
    if not nowhere.any():
        return pairs
    account = ["household_id", "scoring_year"]
    lost = pairs.filter(nowhere).drop(PLACE)
    places = ours.join(lost, on=account, how="semi").select(*account, *PLACE).unique(account, keep="any")
    found = lost.join(places, on=account, how="left")
    return pl.concat([pairs.filter(~nowhere), found.select(pairs.columns)])
