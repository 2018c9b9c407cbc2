"""From rows to events: which rows exist, which repeat, which revision stands (specification 3.1, 1 and 2).

An event id is a long string, and millions of them are costly to compare. Their hashes are cheap, and
only rows whose hash repeats can be copies or revisions of anything: those few are resolved exactly, by
the ids themselves, so that colliding hashes cost time and never a wrong answer. An event stays with its
household, so households are resolved apart; the ids that are torn between several are looked for first.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import all_alike, rows_that
from jifen_batch.columns.packing import repeated
from jifen_batch.scheme.reject_reasons import RESOLVED
from jifen_batch.scheme.states import STATES
from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.kernels.places import Places

STANDS = "stands"
ROW_RESOLUTION = pl.Enum([STANDS, *(state.name for state in STATES if state.resolved), *RESOLVED])

EARLIEST = -(2**63)
# What `resolve_cross_household` gives where no id is torn, as in nearly every run.
NO_CROSS_HOUSEHOLD_IDS = pl.DataFrame(schema={"source": pl.Int64, "row_resolution": ROW_RESOLUTION})


def resolve(rows: pl.DataFrame, as_of: date, cross_household_ids: pl.DataFrame, places: Places) -> pl.Series:
    """What becomes of each row of some whole households before it is looked into; a `ROW_RESOLUTION` a row.

    `rows` are as `with_household_places` gives them; of equal rows the one with the lowest `source` stays.
    `cross_household_ids` are the resolutions of rows whose event id other households have, too
    (`resolve_cross_household`).
    """
    hidden = _not_visible(rows["recorded_at"], as_of)
    with_id = rows_that(rows["id_hash"].is_not_null())
    crowded = with_id.filter(repeated(rows["id_hash"][with_id]))
    row_resolutions = all_alike(STANDS, ROW_RESOLUTION, rows.height)
    if crowded.len():
        subset = with_names(rows[crowded], places).with_columns_seq(row=crowded)
        settled = _settle(subset.filter(~hidden[crowded]))
        row_resolutions = row_resolutions.scatter(settled["row"], settled["row_resolution"])
    if cross_household_ids.height:
        known = rows.select_seq("source", row=pl.int_range(pl.len())).join(cross_household_ids, on="source")
        row_resolutions = row_resolutions.scatter(known["row"], known["row_resolution"])
    if hidden.any():
        row_resolutions = row_resolutions.scatter(
            rows_that(hidden), pl.Series(["not_visible"], dtype=ROW_RESOLUTION)
        )
    return row_resolutions.alias("row_resolution")


def cross_household_hashes(rows: pl.DataFrame) -> pl.Series:
    """Hashes of event ids that may stand with more than one household, or with one and without.

    `rows` has `id_hash` (no null) and `home`, the household's number or `UNPLACED`; each row stands once.
    """
    subset = rows.filter(repeated(rows["id_hash"]))
    homes = subset.group_by("id_hash").agg(lowest=pl.col("home").min(), highest=pl.col("home").max())
    return homes.filter(pl.col("lowest") != pl.col("highest"))["id_hash"].sort()


def resolve_cross_household(rows: pl.DataFrame, as_of: date, places: Places) -> pl.DataFrame:
    """Resolutions of rows whose ids several households have: `source`, `row_resolution`; visible rows only.

    `rows` are all rows of their ids, from wherever they are, as `with_household_places` gives them; no
    copies.
    """
    rows = with_names(rows, places).filter(~_not_visible(rows["recorded_at"], as_of))
    settled = _settle(rows.with_row_index("row"))
    stands = rows.select_seq("source", row_resolution=pl.lit(STANDS, dtype=ROW_RESOLUTION))
    row_resolutions = stands["row_resolution"].scatter(settled["row"], settled["row_resolution"])
    return stands.with_columns_seq(row_resolutions)


def with_names(rows: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Rows with the `household_id` as it was read in each."""
    names = places.households["household_id"][rows["household"]]
    return rows.with_columns_seq(
        pl.coalesce(names, pl.col("household_id").cast(pl.String)).alias("household_id")
    )


def _not_visible(recorded_at: pl.Series, as_of: date) -> pl.Series:
    """Whether a row was recorded after the as-of date; a null time is earlier than any."""
    tomorrow = datetime.combine(as_of + timedelta(days=1), time.min)
    return (recorded_at >= tomorrow) & recorded_at.is_not_null()


def _settle(rows: pl.DataFrame) -> pl.DataFrame:
    """Row resolutions of the visible rows whose ids may repeat: `row` and `row_resolution`, one row each."""
    rows = rows.sort("source").with_columns_seq(collapsed=~pl.struct(EVENTS.names).is_first_distinct())
    copies = rows.filter(pl.col("collapsed")).select_seq(
        "row", row_resolution=pl.lit("collapsed", dtype=ROW_RESOLUTION)
    )
    kept = rows.filter(~pl.col("collapsed"))
    several = kept.filter(pl.col("event_id").is_duplicated())
    return pl.concat([copies, _choose_revisions(several)])


def _choose_revisions(rows: pl.DataFrame) -> pl.DataFrame:
    """Row resolutions of different rows that share an event id: the single latest stands, if there is one."""
    of_event = "event_id"
    recorded = pl.col("recorded_at").to_physical().fill_null(EARLIEST)
    household = pl.col("household_id")
    rows = rows.with_columns_seq(latest=recorded == recorded.max().over(of_event))
    return rows.select_seq(
        "row",
        row_resolution=pl.when(household.min().over(of_event) != household.max().over(of_event))
        .then(pl.lit("conflicting_household", dtype=ROW_RESOLUTION))
        .when(pl.col("latest").sum().over(of_event) > 1)
        .then(pl.lit("conflicting_revision", dtype=ROW_RESOLUTION))
        .when("latest")
        .then(pl.lit(STANDS, dtype=ROW_RESOLUTION))
        .otherwise(pl.lit("superseded", dtype=ROW_RESOLUTION)),
    )
