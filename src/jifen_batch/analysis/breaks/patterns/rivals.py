"""Mistakes about caps that come to the same sum: what several breaks show of which it was."""

from __future__ import annotations

import polars as pl

from jifen_batch.scheme.causes import CAP_NOT_APPLIED, CAP_PERIOD, FLOOR_NOT_HELD

# Where they explain as many households, the simplest first: less left out, before more, before otherwise.
RIVALS = (FLOOR_NOT_HELD, CAP_NOT_APPLIED, CAP_PERIOD)


def without_rivals(atoms: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Atoms without those about caps that change a key as a likelier one does.

    A cap by quarter leaves a household as much as none at all, unless one quarter is above it; and without
    a cap there is no floor either. So of mistakes about caps that change a key alike, the one stays that
    explains the most households. `keys` has `key`, `household_id` and `amount`, theirs - ours.
    """
    wanted = keys.select("key", "household_id", wanted="amount")
    rivals = atoms.filter(pl.col("cause").is_in(RIVALS)).join(wanted, on="key")
    mistake = ("cause", "because")
    explains = rivals.filter(pl.col("amount") == pl.col("wanted")).group_by(mistake)
    rivals = rivals.join(explains.agg(households=pl.col("household_id").n_unique()), on=mistake, how="left")
    order = pl.col("cause").replace_strict(RIVALS, range(len(RIVALS)), return_dtype=pl.Int64)
    likelier = pl.struct(-pl.col("households").fill_null(0).cast(pl.Int64), order)
    rivals = rivals.with_columns(place=likelier.rank("min").over("key", "amount"))
    kept = rivals.filter(pl.col("place") == 1).select(atoms.columns)
    return pl.concat([atoms.filter(~pl.col("cause").is_in(RIVALS)), kept])
