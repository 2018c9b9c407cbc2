"""Which events went missing since the last run: an input that shrank must not take points back unasked."""

from __future__ import annotations

import polars as pl

CELL = ("town_id", "village_id", "scoring_year")
# A village and year that has lost more than one event in twenty stops the run (contract 5, code 9).
LOST_OF_HUNDRED = 5


def cells_that_differ(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Villages and years whose events are not the same to the last id: `CELL`.

    Both have one row per village and scoring year: `CELL`, `received` and `checksum`. Where both agree,
    nothing is missing, and nobody has to look.
    """
    same = ["received", "checksum"]
    changed = before.join(after, on=[*CELL, *same], how="anti")
    return changed.select(CELL)


def lost(had: pl.DataFrame, have: pl.Series) -> pl.DataFrame:
    """Villages and years that have lost too many events: `CELL`, how many they `had`, how many are `lost`.

    `had` has one row per event of the last run: `CELL` and `event_id`, the same event maybe several
    times; `have` are the ids of all events there are now: an event that only moved is not lost.
    """
    events = had.unique([*CELL, "event_id"])
    missing = (~pl.col("event_id").is_in(have.implode())).sum().cast(pl.Int64)
    counts = events.group_by(CELL).agg(had=pl.len().cast(pl.Int64), lost=missing)
    too_many = pl.col("lost") * 100 > pl.col("had") * LOST_OF_HUNDRED
    return counts.filter(too_many).sort(CELL)
