"""The standings of an announced quarter: of its years, and of its own lines (specification 4)."""

from __future__ import annotations

import polars as pl

from jifen_batch.tables.announced import ANNOUNCED_STANDINGS

HOUSEHOLD = ("town_id", "village_id", "household_id")


def announced_standings(rows: pl.DataFrame, own_nets: pl.DataFrame, quarter: str) -> pl.DataFrame:
    """The announced standings (`ANNOUNCED_STANDINGS`) of ranked and graded households.

    `own_nets`: what the quarter's own lines came to, by household and scoring year. In the quarter's
    scoring year `quarter_net` is that, 0 without a line, and `quarter_rank` the place by it among the
    ranked of the village (1, 2, 2, 4); both are null in every other year.
    """
    of_year = pl.col("scoring_year") == int(quarter[:4])
    own = own_nets.select(*HOUSEHOLD, "scoring_year", own_net="net")
    rows = rows.join(own, on=[*HOUSEHOLD, "scoring_year"], how="left", maintain_order="left")
    rows = rows.with_columns(quarter_net=pl.when(of_year).then(pl.col("own_net").fill_null(0)))
    return with_quarter_ranks(rows).select(ANNOUNCED_STANDINGS.names)


def with_quarter_ranks(rows: pl.DataFrame) -> pl.DataFrame:
    """Standings with `quarter_rank` by their `quarter_net`, among those that have a rank."""
    place = pl.when(pl.col("rank").is_not_null()).then("quarter_net").rank("min", descending=True)
    return rows.with_columns(quarter_rank=place.cast(pl.Int32).over("town_id", "village_id", "scoring_year"))
