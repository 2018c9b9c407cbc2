"""Standings 积分榜: every enrolled household of a year, ranked by what it has (specification 4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import all_alike
from jifen_batch.kernels.places import enrolled_on, household_places_in_year, village_of
from jifen_batch.tables import STANDINGS

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places


def standings(nets: pl.DataFrame, places: Places, years: range, as_of: date) -> pl.DataFrame:
    """The standings (`STANDINGS`) of these scoring years; `nets` has `household_place`, `year` and `net`.

    A household stands in a year if it is enrolled on some day of it up to the as-of date, with 0
    where it has no line; it is ranked if it still is on the year's last day, or on the as-of date.
    Equal nets share a rank, and the next one is as much lower (1, 2, 2, 4).
    """
    rows = pl.concat(
        [_enrolled_in(places, year, as_of) for year in years] or [_enrolled_in(places, 2000, date.min)]
    )
    rows = rows.join(nets, on=["household_place", "year"], how="left", maintain_order="left").with_columns(
        pl.col("net").fill_null(0),
        village=places.household_places["village"][rows["household_place"]],
    )
    rows = rows.with_columns(
        town_id=places.villages["town_id"][rows["village"]],
        village_id=places.villages["village_id"][rows["village"]],
        household_id=places.household_places["household_id"][rows["household_place"]],
        scoring_year=pl.col("year").cast(pl.Int32),
    )
    ranked = pl.when("ranked").then("net")
    place = ranked.rank("min", descending=True).cast(pl.Int32)
    return (
        rows.with_columns(
            rank=place.over("village", "year"),
            rank_in_town=place.over("town_id", "year"),
            households=pl.col("ranked").sum().cast(pl.Int32).over("village", "year"),
        )
        .sort("household_place", "year")
        .select(STANDINGS.names)
    )


def standings_of(nets: pl.DataFrame, places: Places, as_of: date) -> pl.DataFrame:
    """The standings (`STANDINGS`) by nets that name their households, for all years from first to last.

    `nets` has `town_id`, `village_id`, `household_id`, `scoring_year` and `net`.
    """
    every = pl.int_range(places.household_places.height, dtype=pl.UInt32, eager=True)
    household_places = places.household_places.select(
        "household_id", *village_of(places, every), household_place=every
    )
    nets = nets.join(
        household_places, on=["town_id", "village_id", "household_id"], how="left", validate="m:1"
    )
    nets = nets.select("household_place", pl.col("scoring_year").cast(pl.Int64).alias("year"), "net")
    years = range(0)
    if nets.height:
        years = range(int(nets["year"].min()), int(nets["year"].max()) + 1)  # type: ignore[arg-type]
    return standings(nets, places, years, as_of)


def _enrolled_in(places: Places, year: int, as_of: date) -> pl.DataFrame:
    """Households enrolled on some day of a year up to the as-of date: `household_place`, `year`, `ranked`."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), as_of)
    spells = places.spells.filter(
        (pl.col("enrolled_on") <= last) & (pl.col("left_on").is_null() | (pl.col("left_on") > first))
    )
    household = spells["household"].unique(maintain_order=True)
    same_year = all_alike(year, pl.Int64, household.len())
    same_day = all_alike(last, pl.Date, household.len())
    return pl.DataFrame(
        {
            "household_place": household_places_in_year(places, household, same_year),
            "year": same_year,
            "ranked": enrolled_on(places, household, same_day),
        }
    )
