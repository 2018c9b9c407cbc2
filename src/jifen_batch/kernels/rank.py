"""Standings 积分榜: every enrolled household of a year, ranked by what it has (specification 4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import all_alike
from jifen_batch.kernels.places import enrolled_on, household_places_in_year, village_of
from jifen_batch.tables import GROUPS, STANDINGS

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places


def ranked(nets: pl.DataFrame, places: Places, years: range, as_of: date) -> pl.DataFrame:
    """The standings of these scoring years but for grades, by household place and year.

    `nets` has `household_place`, `year` and `net`.

    A household stands in a year if it is enrolled on some day of it up to the as-of date, with 0
    where it has no line; it is `ranked` if it still is on the year's last day, or on the as-of date.
    Equal nets share a rank, and the next one is as much lower (1, 2, 2, 4). Its group is that of the spell
    of that day, where this lies in the village.
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
    place = pl.when("ranked").then("net").rank("min", descending=True).cast(pl.Int32)
    in_group = (
        place.over("village", "group_id", "year") if rows["group_id"].null_count() < rows.height else None
    )
    return rows.with_columns(
        rank=place.over("village", "year"),
        rank_in_town=place.over("town_id", "year"),
        households=pl.col("ranked").sum().cast(pl.Int32).over("village", "year"),
        rank_in_group=pl.when(pl.col("group_id").is_not_null()).then(in_group).cast(pl.Int32),
    ).sort("household_place", "year")


def standings(rows: pl.DataFrame) -> pl.DataFrame:
    """The standings (`STANDINGS`) of ranked and graded households."""
    return rows.select(STANDINGS.names)


def groups(rows: pl.DataFrame) -> pl.DataFrame:
    """The groups (`GROUPS`): how many ranked households each has, and what they come to together."""
    members = rows.filter(pl.col("group_id").is_not_null() & pl.col("rank").is_not_null())
    return (
        members.group_by(GROUPS.sort_keys)
        .agg(households=pl.len().cast(pl.Int32), net=pl.col("net").sum())
        .sort(GROUPS.sort_keys)
        .select(GROUPS.names)
    )


def numbered_places(named: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Rows that name households and scoring years, with `household_place` and `year` (numbers) instead."""
    every = pl.int_range(places.household_places.height, dtype=pl.UInt32, eager=True)
    numbers = places.household_places.select(
        "household_id", *village_of(places, every), household_place=every
    )
    names = ["town_id", "village_id", "household_id"]
    rows = named.join(numbers, on=names, how="left", validate="m:1")
    year = pl.col("scoring_year").cast(pl.Int64).alias("year")
    return rows.with_columns(year).drop(*names, "scoring_year")


def years_of(nets: pl.DataFrame) -> range:
    """The years from the first to the last of some nets; none without."""
    if nets.height == 0:
        return range(0)
    return range(int(nets["year"].min()), int(nets["year"].max()) + 1)  # type: ignore[arg-type]


def _enrolled_in(places: Places, year: int, as_of: date) -> pl.DataFrame:
    """Households enrolled on some day of a year up to the as-of date: place, `year`, `ranked` and group."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), as_of)
    spells = places.spells.filter(
        (pl.col("enrolled_on") <= last) & (pl.col("left_on").is_null() | (pl.col("left_on") > first))
    )
    household = spells["household"].unique(maintain_order=True)
    same_year = all_alike(year, pl.Int64, household.len())
    same_day = all_alike(last, pl.Date, household.len())
    household_place = household_places_in_year(places, household, same_year)
    still = enrolled_on(places, household, same_day)
    return pl.DataFrame(
        {
            "household_place": household_place,
            "year": same_year,
            "ranked": still,
            "group_id": _groups_on(places, household, household_place, last),
        }
    )


def _groups_on(places: Places, households: pl.Series, household_places: pl.Series, day: date) -> pl.Series:
    """The group of each household on a day on which it is enrolled in the village of its place, else null."""
    groups = places.spells["group_id"]
    if groups.null_count() == groups.len():
        return all_alike(None, groups.dtype, households.len())
    named = places.spells.select("household", "household_place", "enrolled_on", "left_on", "group_id").filter(
        pl.col("group_id").is_not_null()
        & (pl.col("enrolled_on") <= day)
        & (pl.col("left_on").is_null() | (day < pl.col("left_on")))
    )
    # A village that changes its town stays the same village.
    village = places.villages["village_id"].rank("dense")[places.household_places["village"]]
    asked = pl.DataFrame({"household": households, "village": village[household_places]})
    there = named.with_columns(village=village[named["household_place"]])
    keys = ["household", "village"]
    return asked.join(there, on=keys, how="left", maintain_order="left")["group_id"]
