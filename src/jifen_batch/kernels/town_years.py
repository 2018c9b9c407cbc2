"""Villages that change their town: which of its numbers one has in a scoring year (specification 2.2, Place).

A village that was first in one town and then in another is two rows of `Places.villages`. A year has one
of them, whatever day of it: the village keeps its town until the year ends.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from jifen_batch.dataclass import dataclass

JANUARY_FIRST = pl.date(pl.col("year"), 1, 1)


@dataclass(frozen=True)
class TownYears:
    """The number of each village in each year, as steps.

    `begins` are the years, ascending, from which on something may be another than before; `villages` has a
    row per village and a column per step: the number that the village has from that year on (UInt32). What
    holds in the first step held before it.
    """

    begins: pl.Series
    villages: pl.Series

    def in_year(self, villages: pl.Series, years: pl.Series) -> pl.Series:
        """The number that each village has in a year (UInt32); null where either is."""
        step = (self.begins.search_sorted(years, side="right").cast(pl.Int64) - 1).clip(lower_bound=0)
        cell = villages.cast(pl.Int64) * self.begins.len() + step
        return self.villages[cell.set(years.is_null(), None).cast(pl.UInt32)]


def changes_town(villages: pl.DataFrame) -> pl.Series:
    """Whether each village (`Places.villages`) has more than one town over time."""
    return villages["village_id"].is_duplicated()


def town_years(villages: pl.DataFrame, spells: pl.DataFrame) -> TownYears | None:
    """The numbers by year of villages (`Places.villages`); null where none changes its town.

    `spells`: `village` (its row), `enrolled_on` and `left_on` of every enrolment spell. A village is in the
    town under which a spell puts it on the first day of the year that any of its spells covers; if none
    does, by the latest one begun before the year; else by its first. No two of its spells cover a day in
    different towns.
    """
    changing = changes_town(villages)
    if not changing.any():
        return None
    spells = spells.filter(changing[spells["village"]]).unique()
    spells = spells.with_columns(village_id=villages["village_id"][spells["village"]])
    years = _steps(spells)
    chosen = _chosen(spells.join(years.to_frame(), how="cross"))
    every = villages.with_row_index("village").filter(changing).select("village", "village_id")
    cells = every.join(chosen.rename({"village": "then"}), on="village_id")
    table = np.repeat(np.arange(villages.height, dtype=np.uint32), years.len())
    table[(cells["village"] * years.len() + years.search_sorted(cells["year"])).to_numpy()] = cells["then"]
    return TownYears(years, pl.Series("village", table))


def _steps(spells: pl.DataFrame) -> pl.Series:
    """Years in which what a spell says may begin or end, and the one before them all; ascending."""
    begun, ended = (spells[name].dt.year().drop_nulls() for name in ("enrolled_on", "left_on"))
    years = pl.concat([begun, begun + 1, ended, ended + 1, pl.Series([int(begun.min()) - 1], dtype=pl.Int32)])  # type: ignore[arg-type]
    return years.unique().sort().alias("year")


def _chosen(asked: pl.DataFrame) -> pl.DataFrame:
    """One row per `village_id` and `year`, of these of its spells: the `village` of the one that decides."""
    first, day = JANUARY_FIRST, pl.col("enrolled_on")
    last = pl.date(pl.col("year"), 12, 31)
    within = (day <= last) & (pl.col("left_on").is_null() | (pl.col("left_on") > first))
    number = day.to_physical().cast(pl.Int64)
    return (
        asked.with_columns(
            choice=pl.when(within).then(0).when(day < first).then(1).otherwise(2),
            nearness=pl.when(within)
            .then(pl.max_horizontal(day, first).to_physical().cast(pl.Int64))
            .when(day < first)
            .then(-number)
            .otherwise(number),
        )
        .sort("village_id", "year", "choice", "nearness")
        .unique(["village_id", "year"], keep="first", maintain_order=True)
        .select("village_id", "year", "village")
    )


def in_two_towns(villages: pl.DataFrame, spells: pl.DataFrame) -> pl.Series:
    """Ids of villages that two spells put into different towns on one day, sorted (`town_years`)."""
    changing = changes_town(villages)
    spells = spells.filter(changing[spells["village"]]).unique()
    forever = pl.col("left_on").fill_null(pl.date(9999, 12, 31))
    # Spells that follow each other in one town are one stretch, so that stretches of a town stand apart:
    # then some two that follow each other overlap if any two do.
    until = forever.cum_max().shift(1).over("village", order_by="enrolled_on")
    stretch = (pl.col("enrolled_on") > until).fill_null(value=False).cum_sum()
    stretches = (
        spells.with_columns(stretch.over("village", order_by="enrolled_on").alias("stretch"))
        .group_by("village", "stretch")
        .agg(begin=pl.col("enrolled_on").min(), end=forever.max())
    )
    stretches = stretches.with_columns(village_id=villages["village_id"][stretches["village"]])
    before = pl.col("end").shift(1).over("village_id", order_by="begin")
    return stretches.filter(pl.col("begin") < before)["village_id"].unique().sort()
