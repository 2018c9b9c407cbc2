"""Which lines hang on the board: lines held against what was announced of them (specification 4, announced).

An announcement is never rewritten. A line hangs in the first announcement that brought it, as its own
line or as a correction, unless a later correction took it down again.
"""

from __future__ import annotations

import polars as pl

from jifen_batch.kernels.post import TAKES_BACK

IDENTITY = ("town_id", "village_id", "scoring_year", "event_id", "accrued_on", "takes_back", "points")


def hanging(own: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """One row per line that hangs: a ledger line as announced, and `announced_in`, the quarter it hung in.

    `own` are announced lines (`LINES`), `corrections` those of later quarters (`CORRECTIONS`), both of
    one household and with `announced_in`. A line put up, taken down and put up again hangs in the last; but
    one that a correction takes down and puts up in one never left the board, and hangs where it hung.
    """
    changes = pl.concat(
        [own.with_columns(change=pl.lit(1, pl.Int32)), corrections.select(*own.columns, "change")]
    )
    changes = _identified(changes).sort("announced_in", maintain_order=True)
    kept = pl.col("change").sum().over(IDENTITY) > 0
    came = pl.col("change").sum().over(*IDENTITY, "announced_in") > 0
    put_up = changes.filter(kept & came & (pl.col("change") > 0))
    return put_up.unique(IDENTITY, keep="last", maintain_order=True).select(own.columns)


def announced(lines: pl.DataFrame, hung: pl.DataFrame) -> pl.DataFrame:
    """The lines with `announced_in`, null while they do not hang; order kept."""
    where = _identified(hung).select(*IDENTITY, "announced_in")
    joined = _identified(lines).join(where, on=IDENTITY, how="left", maintain_order="left", validate="m:1")
    return joined.drop("takes_back")


def taken_down_next(lines: pl.DataFrame, hung: pl.DataFrame) -> pl.DataFrame:
    """Rows of `hung` that the ledger does not have any more: the next announcement will take them down."""
    return _identified(hung).join(_identified(lines), on=IDENTITY, how="anti").select(hung.columns)


def _identified(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines with all of their `IDENTITY`; the rest of a line is what these follow from."""
    return lines.with_columns(takes_back=TAKES_BACK)
