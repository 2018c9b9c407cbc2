"""Rows that we did not score, counted there: pending, refused, withdrawn, rejected, early, or outdated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.candidates import LEDGER_LINE
from jifen_batch.analysis.breaks.edits import each_and_all
from jifen_batch.scheme.causes import OLDER_REVISION
from jifen_batch.scheme.states import REJECTED, SUPERSEDED, UNPOSTED

if TYPE_CHECKING:
    from jifen_batch.analysis.breaks.candidates import Candidates

CAUSE_OF_STATE = {state.name: state.break_cause for state in UNPOSTED if state.break_cause}


def counted_rows(found: Candidates) -> list[pl.DataFrame]:
    """Trials of each state: the rows of an account in it, each by itself, and all of them."""
    lines = found.lines.filter(pl.col("account").is_not_null() & (pl.col("origin") != LEDGER_LINE))
    lines = lines.with_columns(part="event_id", because="event_id")
    named = lines.with_columns(cause=pl.col("origin").replace_strict(CAUSE_OF_STATE, default=None))
    trials = [
        each_and_all(named.filter(pl.col("cause") == cause), cause, added=True)
        for cause in dict.fromkeys(CAUSE_OF_STATE.values())
    ]
    refused = lines.filter(pl.col("origin") == REJECTED.name)
    refused = refused.with_columns(because=pl.format("{} ({})", "event_id", "reason"))
    return [*trials, each_and_all(refused, REJECTED.name, added=True), _older_revisions(found, lines)]


def _older_revisions(found: Candidates, lines: pl.DataFrame) -> pl.DataFrame:
    """An outdated revision instead of the one that stands."""
    older = lines.filter(pl.col("origin") == SUPERSEDED.name)
    # Several revisions of one event are readings of which at most one was taken.
    older = older.with_columns(
        choice=pl.col("event_row").rank("dense").over("account", "event_id").cast(pl.Int32) - 1
    )
    told = older.select("account", "event_id", "part", "because", "choice").unique()
    standing = found.lines.filter("in_play").select("account", "event_id", "line")
    gone = standing.join(told, on=["account", "event_id"])
    added = each_and_all(older, OLDER_REVISION, added=True)
    dropped = each_and_all(gone, OLDER_REVISION, added=False)
    return pl.concat([added, dropped])
