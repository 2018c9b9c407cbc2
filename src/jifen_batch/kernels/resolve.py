"""From rows to events: which rows exist, which repeat, which revision stands (contract 3.1, 1 and 2).

An event id is a long string, and millions of them are costly to compare. Their hashes are cheap, and
only rows whose hash repeats can be copies or revisions of anything: those few are resolved exactly, by
the ids themselves, so that colliding hashes cost time and never a wrong answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.keys import repeated
from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

FATE = pl.Enum(
    ["stands", "not_visible", "collapsed", "superseded", "conflicting_household", "conflicting_revision"]
)

EARLIEST = -(2**63)


def resolve(
    events: pl.DataFrame, as_of: date, hashes: Callable[[pl.Series], pl.Series] = pl.Series.hash
) -> pl.Series:
    """What becomes of each row before it is looked into; one `FATE` per row.

    `events` has the columns of `EVENTS` as read and `source`, the row's number; of equal rows the one
    with the lowest number stays. `hashes` maps ids to integers: any function gives the same answer.
    """
    hidden = _not_visible(events["recorded_at"], as_of)
    crowded = repeated(hashes(events["event_id"]).set(events["event_id"].is_null(), None).drop_nulls())
    rows = events["event_id"].is_not_null().arg_true().filter(crowded)
    fates = pl.repeat("stands", events.height, dtype=FATE, eager=True)
    if rows.len():
        few = events[rows].with_columns(row=rows).filter(~hidden.gather(rows))
        settled = _settle(few)
        fates = fates.scatter(settled["row"], settled["fate"])
    if hidden.any():
        fates = fates.scatter(hidden.arg_true(), pl.Series(["not_visible"], dtype=FATE))
    return fates.alias("fate")


def _not_visible(recorded_at: pl.Series, as_of: date) -> pl.Series:
    """Whether a row was recorded after the as-of date; a null time is earlier than any."""
    return (recorded_at.dt.date() > as_of).fill_null(value=False)


def _settle(rows: pl.DataFrame) -> pl.DataFrame:
    """Fates of the visible rows whose ids may repeat: `row` and `fate`, one row each."""
    rows = rows.sort("source").with_columns(collapsed=~pl.struct(EVENTS.names).is_first_distinct())
    copies = rows.filter(pl.col("collapsed")).select("row", fate=pl.lit("collapsed", dtype=FATE))
    kept = rows.filter(~pl.col("collapsed"))
    several = kept.filter(pl.col("event_id").is_duplicated())
    return pl.concat([copies, _choose_revisions(several)])


def _choose_revisions(rows: pl.DataFrame) -> pl.DataFrame:
    """Fates of different rows that share an event id: the single latest stands, if there is one."""
    of_event = "event_id"
    recorded = pl.col("recorded_at").to_physical().fill_null(EARLIEST)
    household = pl.col("household_id")
    rows = rows.with_columns(latest=recorded == recorded.max().over(of_event))
    return rows.select(
        "row",
        fate=pl.when(household.min().over(of_event) != household.max().over(of_event))
        .then(pl.lit("conflicting_household", dtype=FATE))
        .when(pl.col("latest").sum().over(of_event) > 1)
        .then(pl.lit("conflicting_revision", dtype=FATE))
        .when("latest")
        .then(pl.lit("stands", dtype=FATE))
        .otherwise(pl.lit("superseded", dtype=FATE)),
    )
