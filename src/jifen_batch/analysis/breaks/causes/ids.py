"""Households that stand there under another id: one that a succession names, or one with the same figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.successions import NEW, OLD
from jifen_batch.scheme.causes import FITS, PROVED

if TYPE_CHECKING:
    from collections.abc import Sequence

CAUSE = "changed_id"
# So many equal figures of two households, which nobody else has, are no chance.
FIGURES_MIN = 3


def changed_ids(
    keys: pl.DataFrame, names: Sequence[str], renamed: pl.DataFrame, known: pl.Series
) -> pl.DataFrame:
    """Keys only ours and only theirs that are one household's: `key`, `cause`, `because`, `strength`.

    `keys` has `key`, `outcome`, `ours`, `theirs` and `names`; `renamed` as `successions.renaming`; `known`
    are the ids of the register. A succession proves it, where the two have the same figures. Without one
    their id is in no register, the two have all the same figures, and no other household on either side has
    those: which fits, and is proved by several figures.
    """
    figures = keys.filter(pl.col("outcome").is_in(["only_ours", "only_theirs"])).select(
        "key",
        "outcome",
        "household_id",
        figure=pl.concat_str(
            *(pl.col(name).cast(pl.String) for name in names[1:]),
            pl.col("ours") + pl.col("theirs"),
            separator="|",
        ),
    )
    signs = figures.group_by("outcome", "household_id").agg(
        pl.col("key"), pl.col("figure").sort().str.join("/"), figures=pl.len()
    )
    ours = signs.filter(pl.col("outcome") == "only_ours")
    theirs = signs.filter(pl.col("outcome") == "only_theirs")
    pairs = ours.join(theirs, on="figure", suffix="_theirs")
    said = pairs.join(
        renamed.select(household_id_theirs=OLD, household_id=NEW), on=["household_id_theirs", "household_id"]
    )
    alone = (pl.len().over("figure") == 1) & ~pl.col("household_id_theirs").is_in(known.implode())
    guessed = pairs.filter(alone).join(said, on="household_id", how="anti")
    strength = pl.when(pl.col("figures") >= FIGURES_MIN).then(pl.lit(PROVED)).otherwise(pl.lit(FITS))
    both = pl.concat([said.with_columns(strength=pl.lit(PROVED)), guessed.with_columns(strength=strength)])
    because = pl.format("{} = {}", "household_id_theirs", "household_id")
    return (
        both.select(pl.concat_list("key", "key_theirs").alias("key"), because.alias("because"), "strength")
        .explode("key")
        .select("key", pl.lit(CAUSE).alias("cause"), "because", "strength")
    )
