"""Operator 1, enrolment: only an enrolled household earns or loses (specification 3.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.places import enrolled_on
from jifen_batch.tables import DISPOSITIONS

if TYPE_CHECKING:
    from jifen_batch.kernels.context import Context

DISPOSITION = pl.Enum(DISPOSITIONS)


def drop_not_enrolled(lines: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Lines with what they begin with (`opened`), as their household is enrolled on `accrued_on`."""
    return opened(lines, enrolled_on(context.places, lines["household"], lines["accrued_on"]))


def opened(lines: pl.DataFrame, enrolled: pl.Series) -> pl.DataFrame:
    """Lines with all their gross, `awarded` and in play; where not enrolled, `not_enrolled` and out of it.

    Adds `points` (Int64, 0 where not enrolled), `disposition` (Enum), `cause` (the event's row, null) and
    `in_play`: whether the line plays a further part.
    """
    return lines.with_columns_seq(
        in_play=enrolled,
        points=pl.when(enrolled).then("gross").otherwise(0),
        disposition=pl.when(enrolled)
        .then(pl.lit("awarded", dtype=DISPOSITION))
        .otherwise(pl.lit("not_enrolled", dtype=DISPOSITION)),
        cause=pl.lit(None, dtype=lines["event_row"].dtype),
    )
