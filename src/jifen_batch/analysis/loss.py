"""Which events went missing since the last run: an input that shrank must not take points back unasked."""

from __future__ import annotations

import polars as pl

CELL = ("town_id", "village_id", "scoring_year")
# A village and year that has lost more than one event in twenty stops the run (contract 5, code 9).
LOST_OF_HUNDRED = 5


def cells_that_differ(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Villages and years whose events are not the same to the last id: the rows of `before`, sorted.

    Both have one row per village and scoring year: `CELL`, `received` and `checksum`. Where both agree,
    nothing is missing, and nobody has to look.
    """
    changed = before.join(after, on=[*CELL, "received", "checksum"], how="anti")
    return changed.sort(CELL)


def missing(had: pl.DataFrame, have: pl.Series) -> pl.DataFrame:
    """Events of the last run that are no more among those there are: `cell`, `event`, `had`.

    `had` has a row per event of the last run: `cell` and `event`, numbers for its village and year and
    for its id, the same event maybe several times; `have` are events there are now. The answer has a row
    per event, but only of cells that lost too many; `had` counts the events that the cell had.
    """
    events = had.unique()
    counts = events.group_by("cell").agg(had=pl.len().cast(pl.Int64))
    gone = events.join(have.to_frame("event"), on="event", how="anti")
    return _too_many(gone.join(counts, on="cell", how="left", validate="m:1"))


def lost(gone: pl.DataFrame, elsewhere: pl.Series) -> pl.DataFrame:
    """Cells that lost too many events: `cell`, how many they `had`, how many are `lost`.

    `gone` as `missing` gives them; `elsewhere` are those of them that another village or year has now:
    an event that only moved is not lost.
    """
    gone = _too_many(gone.join(elsewhere.to_frame("event"), on="event", how="anti"))
    return gone.group_by("cell").agg(pl.col("had").first(), lost=pl.len().cast(pl.Int64)).sort("cell")


def _too_many(gone: pl.DataFrame) -> pl.DataFrame:
    """The events of cells that lost more than their share."""
    counts = gone.group_by("cell").agg(pl.col("had").first(), lost=pl.len().cast(pl.Int64))
    cells = counts.filter(pl.col("lost") * 100 > pl.col("had") * LOST_OF_HUNDRED)
    return gone.join(cells, on="cell", how="semi")
