"""Households that got a new id which nobody said, or exchanged theirs: events never change their household.

The events that an id had stand under another. Nothing is lost by that, so no other guard sees it; but the
new id owes nothing of what the old one spent, and the next notice would correct one into the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.kernels.successions import NEW, OLD
from jifen_batch.kernels.validate import IS_GRANT
from jifen_batch.published import identity, runs
from jifen_batch.published.differing import unlike
from jifen_batch.tables import LEDGER, REGISTER

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun


def find(before: Path | None, drafted: DraftRun, less: pl.Series) -> list[dict[str, Any]]:
    """Ids whose events stand under one other id, sorted: `old`, `new`, `events`, `exchanged`, `counts_from`.

    `before` is the run before, null where there is none; `less` are households that have less than there.
    More than half of the events that brought the old id a line have to be the other's now; `events` counts
    them. The old id is one that the register does not have any more, or the new one is new there, or its own
    events went elsewhere, too (`exchanged`): what went to a neighbour is put right in the next notice.
    `counts_from` is the day of a succession that says so and does not count yet, null where none does.
    """
    if before is None or drafted.taken is None:
        return []
    places = drafted.taken.terms.places
    known = _ids(identity.of_now(runs.scan(before, REGISTER), places.renamed))
    now = _ids(places.households.lazy())
    asked = pl.concat([known.join(now, on="household_id", how="anti"), less.to_frame()]).unique()
    if asked.is_empty():
        return []
    seen = asked["household_id"]
    if not places.renamed.height and not _any_moved(*unlike(before, drafted.folder, LEDGER), seen):
        return []
    had, has = (runs.scan(folder, LEDGER) for folder in (before, drafted.folder))
    had = identity.of_now(had, places.renamed)
    moved = _moved(had, has, seen)
    # Of those that exchanged their events, some may have no less than before.
    while (others := moved.filter(~pl.col("new").is_in(seen.implode()))["new"].unique()).len():
        moved, seen = pl.concat([moved, _moved(had, has, others)]), pl.concat([seen, others])
    pairs = moved.with_columns(exchanged=pl.col("new").is_in(moved["old"].implode()))
    is_new, is_gone = (
        ~pl.col(name).is_in(of["household_id"].implode()) for name, of in (("new", known), ("old", now))
    )
    pairs = pairs.filter(is_gone | is_new | pl.col("exchanged"))
    said = drafted.taken.successions.select(
        old=OLD, new=NEW, counts_from=pl.col("effective_on").cast(pl.String)
    )
    return pairs.join(said, on=["old", "new"], how="left").sort("old").to_dicts()


def _any_moved(had: pl.LazyFrame, has: pl.LazyFrame, asked: pl.Series) -> bool:
    """Whether an event of these households stands under another, by the lines that differ."""
    own, still = _of(asked, had, has)
    away = own.join(still, on=["household_id", "event_id"], how="anti")
    if away.is_empty():
        return False
    ids = away["event_id"].implode()
    return not has.filter(pl.col("event_id").is_in(ids)).head(1).collect().is_empty()


def _of(asked: pl.Series, *sides: pl.LazyFrame) -> list[pl.DataFrame]:
    """The events of these households."""
    of_them = pl.col("household_id").is_in(asked.implode())
    return pl.collect_all([_events(one.filter(of_them)) for one in sides])


def _moved(had: pl.LazyFrame, has: pl.LazyFrame, asked: pl.Series) -> pl.DataFrame:
    """Those asked about of whose events more than half are one other's: `old`, `new`, `events`."""
    own, still = _of(asked, had, has)
    away = own.join(still, on=["household_id", "event_id"], how="anti")
    counts = own.group_by(old="household_id").agg(had=pl.len())
    left = away.group_by(old="household_id").agg(away=pl.len()).join(counts, on="old")
    suspects = left.filter(2 * pl.col("away") > pl.col("had"))
    away = away.rename({"household_id": "old"}).join(suspects, on="old")
    if away.is_empty():
        return pl.DataFrame(schema={"old": pl.String, "new": pl.String, "events": pl.Int64})
    others = _events(has).rename({"household_id": "new"})
    found = away.lazy().join(others, on="event_id").collect(engine="streaming")
    by_pair = found.group_by("old", "new").agg(pl.col("had").first(), events=pl.len().cast(pl.Int64))
    return by_pair.filter(2 * pl.col("events") > pl.col("had")).select("old", "new", "events")


def _ids(rows: pl.LazyFrame) -> pl.DataFrame:
    """The households of some rows, each once."""
    return rows.select(pl.col("household_id").cast(pl.String)).unique().collect(engine="streaming")


def _events(lines: pl.LazyFrame) -> pl.LazyFrame:
    """The events that have a line, and whose: `household_id` and `event_id`; grants are nobody's report."""
    return lines.select(pl.col("household_id", "event_id").cast(pl.String)).filter(~IS_GRANT).unique()
