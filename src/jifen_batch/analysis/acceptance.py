"""Breaks held against the register of accepted ones: which are settled, which cry again (specification 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.tables.reconciled import GRAIN
from jifen_batch.tables.statement import JUDGED_BREAKS

if TYPE_CHECKING:
    from datetime import date

KEY = ("household_id", "scoring_year", *GRAIN)


def judged(breaks: pl.DataFrame, accepted: pl.DataFrame, day: date) -> pl.DataFrame:
    """Breaks with what became of their acceptance (`JUDGED_BREAKS`), in their order.

    A break is `accepted` where the register has its key with its very difference, `until` that day or
    later; `expired` where that day has passed; `changed` where the difference is another one now.
    """
    entries = accepted.select(*KEY, accepted_difference="difference", accepted_until="until")
    known = breaks.join(
        entries, on=list(KEY), how="left", nulls_equal=True, validate="m:1", maintain_order="left"
    )
    acceptance = (
        pl.when(pl.col("accepted_difference").is_null())
        .then(pl.lit(None, pl.String))
        .when(pl.col("accepted_difference") != pl.col("difference"))
        .then(pl.lit("changed"))
        .when(pl.col("accepted_until") < day)
        .then(pl.lit("expired"))
        .otherwise(pl.lit("accepted"))
    )
    return known.with_columns(acceptance=acceptance).select(JUDGED_BREAKS.names)


def is_open() -> pl.Expr:
    """Whether somebody has to look at a break: it is not accepted."""
    return pl.col("acceptance").is_null() | (pl.col("acceptance") != "accepted")


def obsolete(accepted: pl.DataFrame, keys: pl.DataFrame, grain: list[str]) -> pl.DataFrame:
    """Entries (`ACCEPTED`) that no break needs any more, in the order of the register.

    `keys` are all keys of both sides, matched ones too. Entries of scoring years that these do not have
    are not judged, nor those of a statement that tells other things apart than `grain`.
    """
    alike = [pl.col(name).is_not_null() if name in grain else pl.col(name).is_null() for name in GRAIN]
    judged_years = pl.col("scoring_year").is_in(keys["scoring_year"].unique().implode())
    breaks = keys.filter(pl.col("outcome") != "matched")
    mine = accepted.filter(judged_years, *alike)
    return mine.join(breaks, on=list(KEY), how="anti", nulls_equal=True, maintain_order="left")


def by_cause(breaks: pl.DataFrame) -> pl.DataFrame:
    """One row per outcome, cause and `strength`: with `ambiguous`, `breaks`, `open`, `difference`.

    `cause` null: none found, or where `ambiguous`, several that disagree. Most breaks first, equals by
    outcome and cause.
    """
    ambiguous = pl.col("cause").is_null() & (pl.col("explanations") > 1)
    return (
        breaks.group_by("outcome", "cause", "strength", ambiguous=ambiguous)
        .agg(
            breaks=pl.len().cast(pl.Int64),
            open=is_open().sum().cast(pl.Int64),
            difference=pl.col("difference").sum(),
        )
        .sort(
            *("breaks", "outcome", "cause", "strength", "ambiguous"),
            descending=[True, False, False, False, False],
            nulls_last=True,
        )
    )
