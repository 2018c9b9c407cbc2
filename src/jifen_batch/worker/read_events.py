"""Event rows read, put at their places and on the row buffer, and what only all of them together tell."""

from __future__ import annotations

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.files import check_unchanged
from jifen_batch.inputs.pieces import NONE_UNREADABLE, WANTED, Piece, SheetPiece, pieces
from jifen_batch.inputs.spoilt_ids import InputWarning
from jifen_batch.kernels.household_places import UNPLACED, with_household_places
from jifen_batch.kernels.item_names import with_codes_for_names
from jifen_batch.kernels.parts import add_load
from jifen_batch.kernels.resolve import (
    NO_CROSS_HOUSEHOLD_IDS,
    cross_household_hashes,
    resolve_cross_household,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    import numpy.typing as npt

    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.row_buffer.buffer import RowBuffer
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

THREADS = 2
# Hashes are looked through so many at a time by each thread: 12 bytes each, and as much again to sort them.
HASHES_AT_ONCE = 1 << 23
# Columns that decide over points though no feed needs to have them.
OPTIONAL = ("decided_on", "recorded_at", "until", "matter_id", "quantity", "member_id")
CROSS_HOUSEHOLD_IDS_AT_ONCE = 1 << 19
HASH_SPACE = 1 << 64


@dataclass
class ReadEvents:
    """What was read beside the rows on the buffer: how many `rows` in all, and the `unreadable` ones of them.

    These are as `UNREADABLE_ROWS`; `warnings` say what of the files may be wrong; `filled` counts the cells
    of each optional column that hold a value.
    """

    rows: int
    unreadable: pl.DataFrame
    warnings: list[InputWarning]
    filled: Counter[str]


def read_events(
    files: Sequence[InputFile], places: Places, book: RuleBook, row_buffer: RowBuffer
) -> ReadEvents:
    """Read all event files onto the row buffer. Raises `InputRefusedError` and `DiskError`."""

    def put(number: int, piece: Piece | SheetPiece) -> ReadEvents:
        rows, unreadable, warnings = 0, [NONE_UNREADABLE], list[InputWarning]()
        filled = Counter[str]()
        for part, given in enumerate(piece.frames()):
            rows += given.rows.height + given.unreadable.height
            unreadable.append(given.unreadable)
            warnings += given.cut_ids
            filled += filled_cells(given.rows, OPTIONAL)
            placed = with_household_places(given.rows, places)
            if given.by_name:
                placed = with_codes_for_names(placed, places, book)
            row_buffer.put((number, part), placed)
        return ReadEvents(rows, pl.concat(unreadable), warnings, filled)

    # Somebody asks for the columns of the rows even where there are none.
    row_buffer.put(
        (UNPLACED, 0), with_household_places(pl.DataFrame(schema={**WANTED, "source": pl.Int64}), places)
    )
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            # Whatever is wrong with a file's layout is told before what is wrong with any file's cells.
            read = pool.map(put, itertools.count(), pieces(files))
        except InputRefusedError:
            pool.shutdown(cancel_futures=True)
            raise
        parts = list(read)
    row_buffer.settle()
    check_unchanged(files)
    return ReadEvents(
        sum(part.rows for part in parts),
        pl.concat([NONE_UNREADABLE, *(part.unreadable for part in parts)]),
        [warning for part in parts for warning in part.warnings],
        sum((part.filled for part in parts), Counter()),
    )


def filled_cells(rows: pl.DataFrame, columns: Sequence[str]) -> Counter[str]:
    """How many cells of each of these columns hold a value."""
    return Counter({name: rows.height - rows[name].null_count() for name in columns})


def load(row_buffer: RowBuffer, places: Places) -> npt.NDArray[np.int64]:
    """How many rows lie at each household place."""
    total = np.zeros(places.household_places.height, dtype=np.int64)
    for rows in row_buffer.batches("household_place"):
        add_load(rows["household_place"], total)
    return total


def cross_household_ids(row_buffer: RowBuffer, places: Places, as_of: date) -> pl.DataFrame:
    """Resolutions of rows whose event ids several households have, by `source`."""
    found = [resolve_cross_household(rows, as_of, places) for rows in _cross_household_rows(row_buffer)]
    return pl.concat(found) if found else NO_CROSS_HOUSEHOLD_IDS


def _cross_household_rows(row_buffer: RowBuffer) -> Iterator[pl.DataFrame]:
    """All rows of ids that may be torn, some ids at a time; almost always there are few or none."""
    looks = max(THREADS, -(-row_buffer.rows // HASHES_AT_ONCE))
    with ThreadPoolExecutor(THREADS) as pool:
        found = pool.map(lambda look: cross_household_hashes(_hashed(row_buffer, look, looks)), range(looks))
        hashes = pl.concat(list(found))
    for some in hashes.to_frame().iter_slices(CROSS_HOUSEHOLD_IDS_AT_ONCE):
        suspects = pl.col("id_hash").is_in(some["id_hash"].implode()) & ~pl.col("copy")
        yield row_buffer.where(suspects, "id_hash", "copy")


def _hashed(row_buffer: RowBuffer, look: int, looks: int) -> pl.DataFrame:
    """`id_hash` and `home` of each row with an id, where this is the look that its hash comes up in."""
    width = HASH_SPACE // looks + 1
    first, last = look * width, min((look + 1) * width, HASH_SPACE) - 1
    wanted = (pl.col("id_hash") >= first) & (pl.col("id_hash") <= last)
    home = pl.when(pl.col("household_place") == UNPLACED).then(UNPLACED).otherwise("household").alias("home")
    names = ("id_hash", "copy", "household_place", "household")
    found = (rows.filter(wanted).filter(~pl.col("copy")) for rows in row_buffer.batches(*names))
    return pl.concat([rows.select("id_hash", home) for rows in found])
