"""Event rows read, put at their seats and on the shelf, and what only all of them together tell."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.files import check_unchanged
from jifen_batch.inputs.pieces import WANTED, Piece, pieces
from jifen_batch.kernels.parts import add_load
from jifen_batch.kernels.resolve import NO_TORN, settle_torn, torn_hashes
from jifen_batch.kernels.seating import NOWHERE, seated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    import numpy.typing as npt

    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.row_buffer.buffer import Shelf
    from jifen_batch.kernels.places import Places

THREADS = 2
# Hashes are looked through so many at a time by each thread: 12 bytes each, and as much again to sort them.
HASHES_AT_ONCE = 1 << 23
TORN_IDS_AT_ONCE = 1 << 19
HASH_SPACE = 1 << 64


def put_events(files: Sequence[InputFile], places: Places, shelf: Shelf) -> int:
    """Read all event files onto the shelf; how many rows they have.

    Raises `InputRefusedError` and `DiskError`.
    """

    def put(number: int, piece: Piece) -> int:
        rows = 0
        for part, frame in enumerate(piece.frames()):
            rows += frame.height
            shelf.put((number, part), seated(frame, places))
        return rows

    # Somebody asks for the columns of the rows even where there are none.
    shelf.put((NOWHERE, 0), seated(pl.DataFrame(schema={**WANTED, "source": pl.Int64}), places))
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            # Whatever is wrong with a file's layout is told before what is wrong with any file's cells.
            read = pool.map(put, itertools.count(), pieces(files))
        except InputRefusedError:
            pool.shutdown(cancel_futures=True)
            raise
        rows = sum(read)
    shelf.settle()
    check_unchanged(files)
    return rows


def load(shelf: Shelf, places: Places) -> npt.NDArray[np.int64]:
    """How many rows lie at each seat."""
    total = np.zeros(places.seats.height, dtype=np.int64)
    for rows in shelf.batches("seat"):
        add_load(rows["seat"], total)
    return total


def torn(shelf: Shelf, places: Places, as_of: date) -> pl.DataFrame:
    """Fates of the rows whose event ids stand with several households, by `source` (`settle_torn`)."""
    found = [settle_torn(rows, as_of, places) for rows in _torn_rows(shelf)]
    return pl.concat(found) if found else NO_TORN


def _torn_rows(shelf: Shelf) -> Iterator[pl.DataFrame]:
    """All rows of ids that may be torn, some ids at a time; almost always there are few or none."""
    looks = max(THREADS, -(-shelf.rows // HASHES_AT_ONCE))
    with ThreadPoolExecutor(THREADS) as pool:
        found = pool.map(lambda look: torn_hashes(_hashed(shelf, look, looks)), range(looks))
        hashes = pl.concat(list(found))
    for some in hashes.to_frame().iter_slices(TORN_IDS_AT_ONCE):
        suspects = pl.col("id_hash").is_in(some["id_hash"].implode()) & ~pl.col("copy")
        yield shelf.where(suspects, "id_hash", "copy")


def _hashed(shelf: Shelf, look: int, looks: int) -> pl.DataFrame:
    """`id_hash` and `home` of each row with an id, where this is the look that its hash comes up in."""
    width = HASH_SPACE // looks + 1
    first, last = look * width, min((look + 1) * width, HASH_SPACE) - 1
    wanted = (pl.col("id_hash") >= first) & (pl.col("id_hash") <= last)
    home = pl.when(pl.col("seat") == NOWHERE).then(NOWHERE).otherwise("household").alias("home")
    names = ("id_hash", "copy", "seat", "household")
    found = (rows.filter(wanted).filter(~pl.col("copy")) for rows in shelf.batches(*names))
    return pl.concat([rows.select("id_hash", home) for rows in found])
