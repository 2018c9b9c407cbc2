"""Which events went missing since an earlier run: an input that shrank must not take points back unasked."""

from __future__ import annotations

import polars as pl

CELL = ("town_id", "village_id", "scoring_year")
# A village and year that has lost more than one event in twenty stops the run (specification 5, code 9).
LOST_OF_HUNDRED = 5


def cells_that_differ(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Villages and years whose events are not the same to the last id: the rows of `before`, sorted.

    Both have one row per village and scoring year: `CELL`, `received` and `checksum`. Where both agree,
    nothing is missing, and nobody has to look.
    """
    changed = before.join(after, on=[*CELL, "received", "checksum"], how="anti")
    return changed.sort(CELL)


def missing(had: pl.DataFrame, have: pl.Series) -> pl.DataFrame:
    """Events of an earlier run that are no more among those there are: `cell`, `event`, `had`.

    `had` has a row per event of that run: `cell` and `event`, numbers for its village and year and
    for its id, the same event maybe several times; `have` are events there are now. The answer has a row
    per event; `had` counts the events that the cell had.
    """
    events = had.unique()
    counts = events.group_by("cell").agg(had=pl.len().cast(pl.Int64))
    gone = events.join(have.to_frame("event"), on="event", how="anti")
    return gone.join(counts, on="cell", how="left", validate="m:1")


def too_many(gone: pl.DataFrame) -> pl.DataFrame:
    """Those events of `missing` whose cell lost more than its share."""
    counts = gone.group_by("cell").agg(pl.col("had").first(), lost=pl.len().cast(pl.Int64))
    cells = counts.filter(pl.col("lost") * 100 > pl.col("had") * LOST_OF_HUNDRED)
    return gone.join(cells, on="cell", how="semi")


def lost(gone: pl.DataFrame, elsewhere: pl.Series) -> pl.DataFrame:
    """Events of cells that lost too many, as `missing` gives them.

    `elsewhere` are those of them that another village or year has now: an event that only moved is not
    lost.
    """
    return too_many(gone.join(elsewhere.to_frame("event"), on="event", how="anti"))


def to_look_at(counted: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """Villages and years of an earlier run that may have lost too many events since, night by night: `CELL`.

    `counted`: its `CELL` and `received`; `gone`: `CELL` and `events`, what each night since has lost of
    what the night before had, in any number of rows. So many at most are missing now of what that run had;
    an event that only moved counts among them, so that these cells are looked at, and no more is said.
    """
    most = gone.group_by(CELL).agg(pl.col("events").sum())
    both = counted.join(most, on=CELL, validate="1:1")
    # An event may have come in several rows; half the share leaves room for those.
    return both.filter(pl.col("events") * 200 > pl.col("received") * LOST_OF_HUNDRED).select(CELL).sort(CELL)
