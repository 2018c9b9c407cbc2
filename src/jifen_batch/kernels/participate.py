"""Participation 参与度 and coverage 覆盖率: what the district asks of a village (specification 4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.calendar import of_days, quarter_number
from jifen_batch.columns.groups import added, all_alike, factorize
from jifen_batch.columns.packing import pack_keys
from jifen_batch.kernels.places import household_places_in_year
from jifen_batch.kernels.post import quarter_names
from jifen_batch.kernels.rows import posted_or_waiting
from jifen_batch.tables import PARTICIPATION

if TYPE_CHECKING:
    import numpy.typing as npt

    from jifen_batch.kernels.places import Places

COUNTS = ("earning", "active", "awards", "deductions", "declared", "assessed", "rejects")


def activity(
    totals: pl.DataFrame, rows: pl.DataFrame, unreadable: pl.DataFrame, places: Places
) -> pl.DataFrame:
    """Counts of some households' lines and rows, by `village` (number) and `quarter`; see `COUNTS`.

    `totals` are the quarter totals of their lines, `rows` the located rows with their `state`, `unreadable`
    likewise those that cannot be read; rows without a place or a date count nowhere. A household place's
    lines and rows are all here, so that the counts of parts may be added up.
    """
    totals = totals.with_columns_seq(village=places.household_places["village"][totals["household_place"]])
    of_lines = _by_place(totals, totals["awards"], totals["deductions"])
    earning = _households(totals.filter(pl.col("awards") > 0), "earning")
    needed = ("household_place", "village", "occurred_on", "state")
    rows = pl.concat([rows.select_seq(needed), unreadable.select_seq(needed)]).drop_nulls()
    rows = rows.with_columns_seq(quarter=of_days(rows["occurred_on"], quarter_number))
    # An active household is one with a valid approved event, in the quarter of the event.
    active = _households(rows.filter(posted_or_waiting(rows["state"])), "active")
    return summed([of_lines, earning, active, _waiting(rows)])


def _households(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """How many households have such a row, by village and quarter."""
    _, some = factorize(pack_keys([rows["household_place"], rows["quarter"]]))
    once = rows.select_seq("village", "quarter")[some]
    return _by_place(once, all_alike(1, pl.Int64, once.height).alias(name))


def _waiting(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows declared, assessed and rejected, by village and quarter."""
    state = rows["state"]
    subset = rows.filter((state == "declared") | (state == "assessed") | (state == "rejected"))
    counts = {"declared": "declared", "assessed": "assessed", "rejects": "rejected"}
    return _by_place(subset, *((subset["state"] == state).alias(name) for name, state in counts.items()))


def _by_place(rows: pl.DataFrame, *counts: pl.Series) -> pl.DataFrame:
    """Counts of rows added up by village and quarter."""
    groups, some = factorize(pack_keys([rows["village"], rows["quarter"]]))
    places = rows.select_seq("village", "quarter")[some]
    return places.with_columns_seq(added(count, groups, len(some)) for count in counts)


def summed(counts: list[pl.DataFrame]) -> pl.DataFrame:
    """Counts of several parts as one: `village`, `quarter` and all `COUNTS`, unordered."""
    numbers = pl.selectors.exclude("village").cast(pl.Int64)
    together = pl.concat([part.select_seq("village", numbers) for part in counts], how="diagonal")
    absent = [pl.lit(0, dtype=pl.Int64).alias(name) for name in COUNTS if name not in together.columns]
    return together.with_columns_seq(absent).group_by("village", "quarter").agg(pl.col(COUNTS).sum())


def participation(
    counts: pl.DataFrame, villages: pl.DataFrame, quarters: range, places: Places, as_of: date
) -> pl.DataFrame:
    """The participation (`PARTICIPATION`): one row per village and quarter, with 0 where nothing was.

    `counts` as `summed`; `villages` (`VILLAGES`, may be empty) adds villages without enrolments and
    `households_total`; `quarters` are numbered as year * 4 + 0 to 3. A village that changed its town has
    a row in each: what came late still counts in the old one.
    """
    known = pl.concat([places.villages, villages.select_seq("town_id", "village_id")]).unique()
    times = pl.DataFrame({"quarter": pl.int_range(quarters.start, quarters.stop, dtype=pl.Int64, eager=True)})
    numbered = places.villages.with_row_index("village")
    grid = (
        known.join(times, how="cross")
        .join(numbered, on=["town_id", "village_id"], how="left")
        .join(_enrolled_in(places, quarters, as_of), on=["village", "quarter"], how="left")
        .join(counts, on=["village", "quarter"], how="left")
        .join(
            villages.select_seq("town_id", "village_id", "households_total"),
            on=["town_id", "village_id"],
            how="left",
        )
        .sort("town_id", "village_id", "quarter")
        .with_columns_seq(pl.col("enrolled", *COUNTS).fill_null(0).cast(pl.Int32))
    )
    return grid.with_columns_seq(quarter_names(grid["quarter"]).cast(pl.String)).select_seq(
        PARTICIPATION.names
    )


def quarter_of(day: date) -> int:
    """Quarter of a day, numbered as year * 4 + 0 to 3."""
    return day.year * 4 + (day.month - 1) // 3


def _enrolled_in(places: Places, quarters: range, as_of: date) -> pl.DataFrame:
    """Households enrolled on each quarter's last day, or the as-of date: `village`, `quarter`, `enrolled`.

    A spell counts in the quarters whose last days it covers, which are side by side: it begins to count in
    the first of them, and ends in the first beyond.
    """
    last_days = pl.Series([min(_last_day(quarter), as_of) for quarter in quarters], dtype=pl.Date)
    spells = places.spells.select_seq(
        "household",
        village=places.household_places["village"][places.spells["household_place"]],
        begins=last_days.search_sorted(places.spells["enrolled_on"], "left").cast(pl.Int64),
        ends=last_days.search_sorted(places.spells["left_on"].fill_null(date.max), "left").cast(pl.Int64),
    )
    moves = places.households["moves"][spells["household"]]
    counts = _counted_on(spells.filter(~moves), places.villages.height, len(quarters))
    # Whoever moves is counted where its place of that year is.
    movers = spells.filter(moves).with_columns_seq(quarter=pl.int_ranges("begins", "ends")).explode("quarter")
    movers = movers.drop_nulls("quarter").select_seq("household", pl.col("quarter") + quarters.start)
    place = household_places_in_year(places, movers["household"], movers["quarter"] // 4)
    village = places.household_places["village"][place].to_numpy()
    np.add.at(counts, (village, movers["quarter"].to_numpy() - quarters.start), 1)
    grid = np.indices(counts.shape, dtype=np.int64)
    return pl.DataFrame(
        {
            "village": pl.Series(grid[0].ravel()).cast(pl.UInt32),
            "quarter": grid[1].ravel() + quarters.start,
            "enrolled": counts.ravel(),
        }
    )


def _counted_on(spells: pl.DataFrame, villages: int, days: int) -> npt.NDArray[np.int64]:
    """Spells by `village`, a row each, and by the place of a day from their `begins` up to their `ends`."""
    shape = (villages, days + 1)
    village = spells["village"].to_numpy().astype(np.int64)
    changes = np.zeros(shape, dtype=np.int64)
    for places, change in ((spells["begins"], 1), (spells["ends"], -1)):
        keys = village * shape[1] + places.to_numpy()
        changes += change * np.bincount(keys, minlength=villages * shape[1]).reshape(shape)
    return changes.cumsum(axis=1)[:, :days]


def _last_day(quarter: int) -> date:
    """The last day of a quarter."""
    year, place = divmod(quarter, 4)
    return date(year + (place == 3), (place + 1) % 4 * 3 + 1, 1) - timedelta(days=1)  # noqa: PLR2004 - the fourth
