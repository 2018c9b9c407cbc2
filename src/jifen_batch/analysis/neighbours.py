"""What separates a household from the next above and below it in its village (specification 4, standings)."""

from __future__ import annotations

import polars as pl

SIDES = ("above", "below")


def neighbours(village: pl.DataFrame, household: str) -> pl.DataFrame:
    """One row per scoring year in which this household stands, by year: its row of the standings, and more.

    `village` are all rows of `STANDINGS` of the villages concerned. Added: `level`, other households of
    its village with the same rank, and for the next rank `above` and `below` its `rank`, `net`, the
    `households` that hold it and the `points` between (positive), as `above_rank` …; null where there is
    none, and where the household is not ranked.
    """
    place = ("town_id", "village_id", "scoring_year")
    own = village.filter(pl.col("household_id") == household).sort("scoring_year")
    ranks = (
        village.drop_nulls("rank").group_by(*place, "rank").agg(pl.col("net").first(), households=pl.len())
    )
    own = own.join(
        ranks.select(*place, "rank", level=pl.col("households").cast(pl.Int32) - 1),
        on=[*place, "rank"],
        how="left",
        maintain_order="left",
    )
    pairs = own.select(*place, own_rank="rank", own_net="net").join(ranks, on=place)
    above = pairs.filter(pl.col("rank") < pl.col("own_rank")).sort("rank", descending=True)
    below = pairs.filter(pl.col("rank") > pl.col("own_rank")).sort("rank")
    for side, others in zip(SIDES, (above, below), strict=True):
        nearest = others.unique(place, keep="first", maintain_order=True).select(
            *place,
            pl.col("rank").alias(f"{side}_rank"),
            pl.col("net").alias(f"{side}_net"),
            pl.col("households").cast(pl.Int32).alias(f"{side}_households"),
            (pl.col("net") - pl.col("own_net")).abs().alias(f"{side}_points"),
        )
        own = own.join(nearest, on=place, how="left", maintain_order="left")
    return own
