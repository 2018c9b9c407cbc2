"""How strong a cause is: `proved` by a fact or by a pattern over several breaks, or it merely `fits`.

A typing error comes to the same sum as some mistake every now and then. A system that really makes a
mistake makes it wherever there is room for it: so a mistake is proved where it explains at least half of
the breaking households that it would touch, several of them, and that is no chance.
"""

from __future__ import annotations

import polars as pl

from jifen_batch.analysis.breaks.combine import SEPARATOR
from jifen_batch.scheme.causes import (
    BASE_POINTS_LEFT_OUT,
    CAP_NOT_APPLIED,
    CAP_PERIOD,
    FITS,
    FLOOR_NOT_HELD,
    OLDER_RULES,
    PROVED,
)

# Mistakes about one rule, book or run, which is what their pattern is of; others are of one kind of row.
OF_ONE = (
    CAP_NOT_APPLIED,
    CAP_PERIOD,
    FLOOR_NOT_HELD,
    BASE_POINTS_LEFT_OUT,
    "tier_counted_twice",
    "forfeiture_not_taken_back",
    OLDER_RULES,
    "older_run",
)
# Any sum is that of some event: what is lacking there is never shown by a sum.
NEVER = ("missing_there",)
# A late approval leaves one quarter and enters another: two breaks show it, each the other's opposite.
SHOWN_BY_PAIRS = "late_approval"
HOUSEHOLDS_MIN, SHARE_MIN = 3, 0.5
# A wrong sum is this likely to be just what one guess says; and less likely than this is no chance.
GUESS_HITS, CHANCE_MAX = 0.03, 3e-5


def with_strength(found: pl.DataFrame, atoms: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Causes found (`FOUND`) with their `strength`, null without a cause; what is proved stays so.

    `atoms` are all mistakes that were tried (`key`, `cause`, `because`, `amount`); `keys` has the
    `household_id` of each `key`.
    """
    named = atoms.with_columns(_pattern()).join(keys.select("key", "household_id"), on="key")
    shown = found.filter(pl.col("pieces") == 1).with_columns(_pattern())
    shown = shown.join(keys.select("key", "household_id"), on="key")
    patterns = _touched(named).join(
        shown.group_by("cause", "pattern").agg(explained=pl.col("household_id").n_unique()),
        on=["cause", "pattern"],
    )
    proved = patterns.filter(is_no_chance("explained", "touched", "guesses"), ~pl.col("cause").is_in(NEVER))
    single = shown.join(proved, on=["cause", "pattern"], how="semi")["key"]
    pairs = shown.filter(pl.col("cause") == SHOWN_BY_PAIRS)["key"]
    causes = proved["cause"].unique().implode()
    together = (pl.col("pieces") > 1) & pl.col("cause").str.split(SEPARATOR).list.eval(
        pl.element().is_in(causes)
    ).list.all()
    sure = pl.col("key").is_in(single.implode()) | pl.col("key").is_in(pairs.implode()) | together
    return found.with_columns(
        strength=pl.when(pl.col("cause").is_null())
        .then(pl.lit(None, pl.String))
        .when((pl.col("strength") == PROVED).fill_null(value=False) | sure.fill_null(value=False))
        .then(pl.lit(PROVED))
        .otherwise(pl.lit(FITS))
    )


def is_no_chance(explained: str, touched: str, guesses: str) -> pl.Expr:
    """Whether so many of the households that a mistake would touch are explained by it for a reason.

    `guesses`: how many different sums it offers of one key, on average. By Chernoff's bound, which is above
    the chance itself.
    """
    share = pl.col(explained) / pl.col(touched)
    hits = (GUESS_HITS * pl.col(guesses)).clip(upper_bound=SHARE_MIN)
    rest = 1 - share
    unlike = share * (share / hits).log() + pl.when(rest > 0).then(
        rest * (rest / (1 - hits)).log()
    ).otherwise(0)
    beyond = pl.col(touched) * unlike >= -pl.lit(CHANCE_MAX).log()
    return (pl.col(explained) >= HOUSEHOLDS_MIN) & (share >= SHARE_MIN) & beyond


def _pattern() -> pl.Expr:
    """What the mistake is one of: the rule, book or run; else rows of its kind."""
    return (
        pl.when(pl.col("cause").cast(pl.String).is_in(OF_ONE)).then("because").alias("pattern").fill_null("")
    )


def _touched(named: pl.DataFrame) -> pl.DataFrame:
    """By mistake, how many households it would touch, and how many sums it offers of a key."""
    options = named.group_by("cause", "pattern", "household_id", "key").agg(sums=pl.col("amount").n_unique())
    return options.group_by("cause", "pattern").agg(
        touched=pl.col("household_id").n_unique(), guesses=pl.col("sums").mean()
    )
