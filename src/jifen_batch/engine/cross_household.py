"""Ids of events that several households have: only all rows together tell, and nearly always there are none.

Ids are compared by their hashes first, some hashes at a time, so that no county need fit into memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.kernels.household_places import UNPLACED
from jifen_batch.kernels.parts import add_load

if TYPE_CHECKING:
    import numpy.typing as npt

    from jifen_batch.inputs.row_buffer.buffer import RowBuffer
    from jifen_batch.kernels.places import Places

# Hashes are looked through so many at a time: 12 bytes each, and as much again to sort them.
HASHES_AT_ONCE = 1 << 23
CROSS_HOUSEHOLD_IDS_AT_ONCE = 1 << 19
HASH_SPACE = 1 << 64


def hash_ranges(count: int) -> list[range]:
    """All hashes in so many ranges, one after the other."""
    width = HASH_SPACE // count + 1
    return [range(at * width, min((at + 1) * width, HASH_SPACE)) for at in range(count)]


def with_home(rows: pl.DataFrame) -> pl.DataFrame:
    """`id_hash` and `home` of rows that have an id and are no copies.

    `home` is the number of the household, `UNPLACED` where the row has no place.
    """
    home = pl.when(pl.col("household_place") == UNPLACED).then(UNPLACED).otherwise("household").alias("home")
    own = rows.filter(~pl.col("copy") & pl.col("id_hash").is_not_null())
    return own.select("id_hash", home)


def suspect(hashes: pl.Series) -> pl.Expr:
    """Whether a row, no copy, has one of these hashes."""
    return pl.col("id_hash").is_in(hashes.implode()) & ~pl.col("copy")


def load_of(row_buffer: RowBuffer, places: Places) -> npt.NDArray[np.int64]:
    """How many rows lie at each household place."""
    total = np.zeros(places.household_places.height, dtype=np.int64)
    for rows in row_buffer.batches("household_place"):
        add_load(rows["household_place"], total)
    return total
