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
from jifen_batch.tables import LEDGER, REGISTER
from jifen_batch.worker.noted_events import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.guard.moved_events import MovedEvents


def find(
    before: Path | None, drafted: DraftRun, moved_since: Callable[[Path], MovedEvents]
) -> list[dict[str, Any]]:
    """Ids whose events stand under one other id, sorted: `old`, `new`, `events`, `exchanged`, `counts_from`.

    `before` is the run before, null where there is none; `moved_since` gives the events that moved since
    (`moved_events.since`). More than half of the events that brought the old id a line have to be the
    other's now; `events` counts them. The old id is one that the register does not have any more, or the new
    one is new there, or its own events went elsewhere, too (`exchanged`): what went to a neighbour is put
    right in the next notice. `counts_from` is the day of a succession that says so and does not count yet,
    null where none does.
    """
    if before is None or drafted.taken is None:
        return []
    moved = moved_since(before)
    left = moved.away.filter(pl.col("event").is_in(moved.there(moved.away["event"]).implode()))["household"]
    if left.is_empty():
        return []
    places = drafted.taken.terms.places
    had = identity.of_now(runs.scan(before, LEDGER), places.renamed)
    pairs = _moved(had.filter(NUMBERS["household"].is_in(left.implode())), runs.scan(drafted.folder, LEDGER))
    pairs = pairs.with_columns(exchanged=pl.col("new").is_in(pairs["old"].implode()))
    known = _ids(identity.of_now(runs.scan(before, REGISTER), places.renamed))
    now = _ids(places.households.lazy())
    is_new, is_gone = (
        ~pl.col(name).is_in(of["household_id"].implode()) for name, of in (("new", known), ("old", now))
    )
    pairs = pairs.filter(is_gone | is_new | pl.col("exchanged"))
    said = drafted.taken.successions.select(
        old=OLD, new=NEW, counts_from=pl.col("effective_on").cast(pl.String)
    )
    return pairs.join(said, on=["old", "new"], how="left").sort("old").to_dicts()


def _moved(had: pl.LazyFrame, has: pl.LazyFrame) -> pl.DataFrame:
    """Whose events of before (`had`) are by more than half one other's now: `old`, `new`, `events`."""
    own = _events(had).collect(engine="streaming")
    counts = own.group_by("household_id").agg(had=pl.len())
    now = _events(has).rename({"household_id": "new"})
    found = own.lazy().join(now, on="event_id").filter(pl.col("new") != pl.col("household_id"))
    by_pair = found.group_by(old="household_id", new="new").agg(events=pl.len().cast(pl.Int64))
    both = by_pair.collect(engine="streaming").join(counts, left_on="old", right_on="household_id")
    return both.filter(2 * pl.col("events") > pl.col("had")).select("old", "new", "events")


def _ids(rows: pl.LazyFrame) -> pl.DataFrame:
    """The households of some rows, each once."""
    return rows.select(pl.col("household_id").cast(pl.String)).unique().collect(engine="streaming")


def _events(lines: pl.LazyFrame) -> pl.LazyFrame:
    """The events that have a line, and whose: `household_id` and `event_id`; grants are nobody's report."""
    return lines.select(pl.col("household_id", "event_id").cast(pl.String)).filter(~IS_GRANT).unique()
