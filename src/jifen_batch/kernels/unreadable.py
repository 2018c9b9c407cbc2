"""Rows that cannot be read: each is a reject, at its place where that is known, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.calendar import of_days, year
from jifen_batch.kernels.household_places import UNPLACED
from jifen_batch.kernels.places import household_numbers, household_places_in_year
from jifen_batch.kernels.rows import STATE
from jifen_batch.kernels.validate import REASON
from jifen_batch.scheme.reject_reasons import UNREADABLE_ROW
from jifen_batch.scheme.states import REJECTED

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places


def at_their_places(rows: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Unreadable rows with `household`, `household_place`, `village` (numbers), `state` and `reason`.

    `rows` has the columns of `EVENTS` as far as they can be read, `source` and `detail`. A place is null
    where the household or the day is not known.
    """
    household = household_numbers(rows["household_id"], places)
    place = household_places_in_year(places, household, of_days(rows["occurred_on"], year))
    return rows.with_columns_seq(
        household.alias("household"),
        place.alias("household_place"),
        places.household_places["village"][place].alias("village"),
        pl.lit(REJECTED.name, dtype=STATE).alias("state"),
        pl.lit(UNREADABLE_ROW.name, dtype=REASON).alias("reason"),
    )


def of_part(rows: pl.DataFrame, own: range) -> pl.DataFrame:
    """Those of the unreadable rows that a part gives back: of its places, and the first one all without."""
    place = pl.col("household_place").fill_null(UNPLACED)
    return rows.filter(place.is_between(own.start or UNPLACED, own.stop, closed="left"))
