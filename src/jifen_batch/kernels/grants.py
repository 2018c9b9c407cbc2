"""Grants: points that every enrolled household has without an event (specification 3.2).

Each is a row like that of an approved event which counts for one day, and goes through scoring as such.
Nobody sent it, so that it stands in no account of rows.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.calendar import month_ends
from jifen_batch.columns.groups import all_alike
from jifen_batch.kernels.places import household_places_in_year
from jifen_batch.kernels.rulebook import books_in_force
from jifen_batch.kernels.validate import GRANT_PREFIX

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

PLACED = ("household", "year", "household_place", "village", "book", "rule")


def with_grants(
    events: pl.DataFrame, placed: pl.DataFrame, reasons: pl.Series, granted: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """Events, the numbers of their places and the reasons against them, with the grants behind them."""
    if granted.height == 0:
        return events, placed, reasons
    rows = granted.select_seq("household", "event_id", "occurred_on", "household_place").with_columns_seq(
        status=all_alike("approved", pl.String, granted.height),
        row_resolution=all_alike("stands", pl.String, granted.height),
        copy=all_alike(value=False, kind=pl.Boolean, height=granted.height),
    )
    rows = rows.select_seq(
        pl.col(name).cast(kind) if name in rows.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in events.schema.items()
    )
    numbers = granted.select_seq(pl.col(name).cast(kind) for name, kind in placed.schema.items())
    unopposed = all_alike(None, reasons.dtype, granted.height)
    return (
        pl.concat([events, rows], rechunk=True),
        pl.concat([placed, numbers], rechunk=True),
        pl.concat([reasons, unopposed], rechunk=True).alias(reasons.name),
    )


def grants(places: Places, book: RuleBook, household_places: range, as_of: date) -> pl.DataFrame:
    """What the households of some places are granted up to the as-of date, one row per line it gives.

    `event_id`, `occurred_on` (the day it counts for) and the numbers of `PLACED`. A yearly grant counts for
    the first day of the year on which the household is enrolled, a monthly one for each month end on which
    it is.
    """
    rules = book.tables.items.filter("grant").select_seq(
        pl.col("book").cast(pl.UInt32), "per", "code", pl.col("rule").cast(pl.UInt32)
    )
    first, last = _years(book, rules)
    years = range(first, min(last, as_of.year) + 1)
    if rules.height == 0 or not years:
        return pl.DataFrame(schema={"event_id": pl.String, "occurred_on": pl.Date})
    spells = _spells_at(places, household_places)
    here = pl.col("household_place").is_between(household_places.start, household_places.stop, closed="left")
    days = pl.concat([_in_year(spells, places, book, year, as_of) for year in years]).filter(here)
    lines = days.join(rules, on=["book", "per"], maintain_order="left_right")
    of_year = pl.format("{}{}:{}", pl.lit(GRANT_PREFIX), "code", "year")
    return lines.select_seq(*PLACED, "occurred_on", event_id=of_year)


def _years(book: RuleBook, rules: pl.DataFrame) -> tuple[int, int]:
    """The first and last year that a book with a grant governs somewhere."""
    scopes = book.tables.scopes.filter(pl.col("book").cast(pl.UInt32).is_in(rules["book"].implode()))
    if scopes.height == 0:
        return 0, -1
    return int(scopes["scoring_year"].min()), int(scopes["scoring_year"].max())  # type: ignore[arg-type]


def _spells_at(places: Places, household_places: range) -> pl.DataFrame:
    """The spells of the households that may have a household_place among these."""
    here = places.spells["household_place"].is_between(
        household_places.start, household_places.stop, closed="left"
    )
    here |= places.households["moves"][places.spells["household"]]
    return places.spells.select_seq("household", "enrolled_on", "left_on").filter(here)


def _in_year(spells: pl.DataFrame, places: Places, book: RuleBook, year: int, as_of: date) -> pl.DataFrame:
    """The days of a year that grants count for, by household: `occurred_on`, `per`, and where it is."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), as_of)
    inside = spells.filter(
        (pl.col("enrolled_on") <= last) & (pl.col("left_on").is_null() | (pl.col("left_on") > first))
    )
    begun = inside.group_by("household", maintain_order=True).agg(
        occurred_on=pl.max_horizontal(pl.col("enrolled_on").min(), pl.lit(first))
    )
    ends = month_ends().filter(month_ends().is_between(first, last)).alias("occurred_on").to_frame()
    ending = inside.join(ends, how="cross").filter(
        (pl.col("enrolled_on") <= pl.col("occurred_on"))
        & (pl.col("left_on").is_null() | (pl.col("occurred_on") < pl.col("left_on")))
    )
    days = pl.concat(
        [
            begun.select_seq("household", "occurred_on", per=pl.lit("year")),
            ending.select_seq("household", "occurred_on", per=pl.lit("month")),
        ]
    )
    years = all_alike(year, pl.Int64, days.height).alias("year")
    household_place = household_places_in_year(places, days["household"], years)
    village = places.household_places["village"][household_place]
    numbers = pl.DataFrame(
        {"household_place": household_place, "village": village, "book": books_in_force(book, village, years)}
    )
    return days.with_columns_seq(years, *numbers.get_columns())
