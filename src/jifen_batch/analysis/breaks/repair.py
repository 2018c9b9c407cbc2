"""Rows that we did not score, as a careless system might have taken them: all approved, all complete.

Nothing here ever counts; it only says what a row would have brought, so that a difference can be held
against it.
"""

from __future__ import annotations

import polars as pl

from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.kernels.detail import plain
from jifen_batch.kernels.validate import QUANTITY_MAX
from jifen_batch.scheme.reject_reasons import BAD_QUANTITY, spoiling
from jifen_batch.scheme.states import APPROVED, NO_MONTH_END, REJECTED, SUPERSEDED
from jifen_batch.tables import EVENTS


def taken_as_good(unposted: pl.DataFrame, rejects: pl.DataFrame, households: pl.Series) -> pl.DataFrame:
    """One row per reading of a row: the columns of `EVENTS`, `origin`, `reason`, `choice`.

    `origin` is the state of an unposted row, or rejected. A superseded row counts only where it was
    approved. `choice` numbers the readings of rejected rows of one event and household from 0.
    """
    waiting = unposted.filter(
        (pl.col("state") != NO_MONTH_END.name)
        & ((pl.col("state") != SUPERSEDED.name) | (pl.col("status") == APPROVED))
    )
    waiting = waiting.select(*EVENTS.names, origin="state", reason=pl.lit(None, dtype=pl.String))
    waiting = waiting.with_columns(choice=pl.lit(0, dtype=pl.Int32))
    refused = _readings(rejects).filter(
        pl.col("household_id").is_in(households.implode()) & pl.col("occurred_on").is_not_null()
    )
    event = ["household_id", "event_id"]
    refused = refused.with_columns(
        pl.lit(REJECTED.name).alias("origin"), choice=pl.int_range(pl.len()).cast(pl.Int32).over(event)
    )
    both = pl.concat([waiting, refused.select(waiting.columns)])
    return both.with_columns(pl.col("event_id").fill_null(""))


def _readings(rejects: pl.DataFrame) -> pl.DataFrame:
    """Rejected rows with what was wrong put right; a wrong quantity as given, and as 1."""
    fine = {
        name: pl.when(pl.col(name).is_between(pl.date(FIRST_YEAR, 1, 1), pl.date(LAST_YEAR, 12, 31))).then(
            name
        )
        for name in ("occurred_on", "decided_on", "until")
    }
    until = pl.when(~pl.col("reason").is_in(spoiling("until"))).then(fine["until"])
    right = rejects.select(
        *(name for name in EVENTS.names if name not in {"item", "household_id", "quantity", *fine}),
        plain(pl.col("item")).alias("item"),
        plain(pl.col("household_id")).alias("household_id"),
        pl.col("quantity").clip(1, QUANTITY_MAX),
        fine["occurred_on"].alias("occurred_on"),
        fine["decided_on"].alias("decided_on"),
        until.alias("until"),
        reason="reason",
    )
    once = right.filter((pl.col("reason") == BAD_QUANTITY.name) & (pl.col("quantity") > 1))
    return pl.concat([right, once.with_columns(quantity=pl.lit(1, dtype=pl.Int32))])
