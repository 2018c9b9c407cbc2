"""Operator 1, enrolment: only an enrolled household earns or loses (contract 3.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.places import enrolled_on
from jifen_batch.tables import DISPOSITIONS

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places

DISPOSITION = pl.Enum(DISPOSITIONS)


def drop_not_enrolled(lines: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Open the account of each line: `points` = gross and `awarded`, or 0 and `not_enrolled`.

    Adds `points` (Int64), `disposition` (Enum), `cause` (the event's row, null) and `in_play`: where a
    line's household is not enrolled on `accrued_on`, the line plays no further part.
    """
    enrolled = enrolled_on(places, lines["household"], lines["accrued_on"])
    return lines.with_columns_seq(
        in_play=enrolled,
        points=pl.when(enrolled).then("gross").otherwise(0),
        disposition=pl.when(enrolled)
        .then(pl.lit("awarded", dtype=DISPOSITION))
        .otherwise(pl.lit("not_enrolled", dtype=DISPOSITION)),
        cause=pl.lit(None, dtype=pl.UInt32),
    )
