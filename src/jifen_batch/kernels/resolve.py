"""From rows to events: which rows exist, which repeat, which revision stands (contract 3.1, 1 and 2).

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
from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.kernels.places import Places

FATE = pl.Enum(
    ["stands", "not_visible", "collapsed", "superseded", "conflicting_household", "conflicting_revision"]
)

EARLIEST = -(2**63)
# What `settle_torn` gives where no id is torn, as in nearly every run.
NO_TORN = pl.DataFrame(schema={"source": pl.Int64, "fate": FATE})


def resolve(rows: pl.DataFrame, as_of: date, torn: pl.DataFrame, places: Places) -> pl.Series:
    """What becomes of each row of some whole households before it is looked into; one `FATE` per row.

    `rows` are as `seated` gives them; of equal rows the one with the lowest `source` stays. `torn` are
    the fates of rows whose event id other households have, too (`settle_torn`).
    """
    hidden = _not_visible(rows["recorded_at"], as_of)
    with_id = rows_that(rows["id_hash"].is_not_null())
    crowded = with_id.filter(repeated(rows["id_hash"][with_id]))
    fates = all_alike("stands", FATE, rows.height)
    if crowded.len():
        few = with_names(rows[crowded], places).with_columns_seq(row=crowded)
        settled = _settle(few.filter(~hidden[crowded]))
        fates = fates.scatter(settled["row"], settled["fate"])
    if torn.height:
        known = rows.select_seq("source", row=pl.int_range(pl.len())).join(torn, on="source")
        fates = fates.scatter(known["row"], known["fate"])
    if hidden.any():
        fates = fates.scatter(rows_that(hidden), pl.Series(["not_visible"], dtype=FATE))
    return fates.alias("fate")


def torn_hashes(rows: pl.DataFrame) -> pl.Series:
    """Hashes of event ids that may stand with more than one household, or with one and without.

    `rows` has `id_hash` (no null) and `home`, the household's number or `NOWHERE`; each row stands once.
    """
    few = rows.filter(repeated(rows["id_hash"]))
    homes = few.group_by("id_hash").agg(lowest=pl.col("home").min(), highest=pl.col("home").max())
    return homes.filter(pl.col("lowest") != pl.col("highest"))["id_hash"].sort()


def settle_torn(rows: pl.DataFrame, as_of: date, places: Places) -> pl.DataFrame:
    """Fates of rows whose event ids stand with several households: `source` and `fate`, visible rows only.

    `rows` are all rows of their ids, from wherever they are, as `seated` gives them; no copies.
    """
    rows = with_names(rows, places).filter(~_not_visible(rows["recorded_at"], as_of))
    settled = _settle(rows.with_row_index("row"))
    stands = rows.select_seq("source", fate=pl.lit("stands", dtype=FATE))
    fates = stands["fate"].scatter(settled["row"], settled["fate"])
    return stands.with_columns_seq(fates)


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
    """Fates of the visible rows whose ids may repeat: `row` and `fate`, one row each."""
    rows = rows.sort("source").with_columns_seq(collapsed=~pl.struct(EVENTS.names).is_first_distinct())
    copies = rows.filter(pl.col("collapsed")).select_seq("row", fate=pl.lit("collapsed", dtype=FATE))
    kept = rows.filter(~pl.col("collapsed"))
    several = kept.filter(pl.col("event_id").is_duplicated())
    return pl.concat([copies, _choose_revisions(several)])


def _choose_revisions(rows: pl.DataFrame) -> pl.DataFrame:
    """Fates of different rows that share an event id: the single latest stands, if there is one."""
    of_event = "event_id"
    recorded = pl.col("recorded_at").to_physical().fill_null(EARLIEST)
    household = pl.col("household_id")
    rows = rows.with_columns_seq(latest=recorded == recorded.max().over(of_event))
    return rows.select_seq(
        "row",
        fate=pl.when(household.min().over(of_event) != household.max().over(of_event))
        .then(pl.lit("conflicting_household", dtype=FATE))
        .when(pl.col("latest").sum().over(of_event) > 1)
        .then(pl.lit("conflicting_revision", dtype=FATE))
        .when("latest")
        .then(pl.lit("stands", dtype=FATE))
        .otherwise(pl.lit("superseded", dtype=FATE)),
    )
