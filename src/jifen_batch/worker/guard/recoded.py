"""Households that got a new id which nobody said: what hangs under the old one, and can be spent again.

The register has the old id no more, and the events that it had stand under another. Nothing is lost by
that, so no other guard sees it; but the new id owes nothing of what the old one spent, and the next notice
would correct one into the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.kernels.successions import NEW, OLD
from jifen_batch.kernels.validate import IS_GRANT
from jifen_batch.published import identity, runs
from jifen_batch.tables import LEDGER

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun


def find(before: Path | None, drafted: DraftRun) -> list[dict[str, Any]]:
    """Those of `Intake.unregistered` whose events stand under one other id, sorted: `old`, `new`, `events`.

    `before` is the run before, null where there is none. More than half of the events that brought the old
    id a line have to be the other's now; `events` counts them. `counts_from` is the day of a succession
    that says so and does not count yet, null where none does.
    """
    if before is None or drafted.taken is None or drafted.taken.unregistered.is_empty():
        return []
    gone = drafted.taken.unregistered.implode()
    had, has = (_events(folder) for folder in (before, drafted.folder))
    had = identity.of_now(had, drafted.taken.terms.places.renamed)
    had = had.filter(pl.col("household_id").is_in(gone)).rename({"household_id": "old"})
    has = has.rename({"household_id": "new"})
    found = had.join(has, on="event_id", how="left").collect(engine="streaming")
    by_pair = found.group_by("old", "new").agg(events=pl.len().cast(pl.Int64))
    all_of_old = pl.col("events").sum().over("old")
    moved = by_pair.filter(pl.col("new").is_not_null(), 2 * pl.col("events") > all_of_old)
    said = drafted.taken.successions.select(
        old=OLD, new=NEW, counts_from=pl.col("effective_on").cast(pl.String)
    )
    return moved.join(said, on=["old", "new"], how="left").sort("old").to_dicts()


def _events(folder: Path) -> pl.LazyFrame:
    """The events that have a line, and whose: `household_id` and `event_id`; grants are nobody's report."""
    posted = runs.scan(folder, LEDGER).select(pl.col("household_id", "event_id").cast(pl.String))
    return posted.filter(~IS_GRANT).unique()
