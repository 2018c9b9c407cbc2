"""Operator 7, deduction: below 0 stands, as far as a floor lets it; 0 is noted (specification 3.3.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.enrol import DISPOSITION

if TYPE_CHECKING:
    from jifen_batch.kernels.context import Context


def name_deductions(lines: pl.DataFrame, _context: Context) -> pl.DataFrame:
    """Lines with the names of deductions and notes, where they are in play; no points change."""
    gross = pl.when("in_play").then("gross")
    return lines.with_columns_seq(
        disposition=pl.when((gross < 0) & (pl.col("points") > gross))
        .then(pl.lit("floored", dtype=DISPOSITION))
        .when(gross < 0)
        .then(pl.lit("deducted", dtype=DISPOSITION))
        .when(gross == 0)
        .then(pl.lit("noted", dtype=DISPOSITION))
        .otherwise("disposition")
    )
