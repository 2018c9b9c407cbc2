"""One process and a few threads, rows in memory while they fit: what a village needs, and a town."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.engine import memory
from jifen_batch.engine.cross_household import (
    CROSS_HOUSEHOLD_IDS_AT_ONCE,
    HASHES_AT_ONCE,
    hash_ranges,
    load_of,
    suspect,
    with_home,
)
from jifen_batch.engine.placed_rows import ReadEvents, no_rows, read_piece
from jifen_batch.engine.scored_part import write_part
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.files import check_unchanged
from jifen_batch.inputs.pieces import pieces
from jifen_batch.inputs.row_buffer.buffer import RowBuffer
from jifen_batch.kernels.household_places import UNPLACED
from jifen_batch.kernels.resolve import (
    NO_CROSS_HOUSEHOLD_IDS,
    cross_household_hashes,
    resolve_cross_household,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from jifen_batch.engine.scored_part import ForAllParts
    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.pieces import Piece, SheetPiece
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook
    from jifen_batch.scoring import Tally

THREADS = 2
# Fewer are looked through by one sooner than they are shared out.
HASHES_A_THREAD = 1 << 17


class Here:
    """The rows of a run, put and scored by this process.

    It may hold `memory_bytes`, null = what the machine has free; what does not fit lies below `folder`.
    """

    def __init__(self, folder: Path, memory_bytes: int | None, cores: int) -> None:
        """Nothing is put yet."""
        self.memory_bytes, self.cores = memory_bytes, cores
        self.row_buffer = RowBuffer(folder, memory.for_rows(memory_bytes))

    def read(self, files: Sequence[InputFile], places: Places, book: RuleBook) -> ReadEvents:
        """Put the rows of all event files at their places. Raises `InputRefusedError` and `DiskError`."""

        def put(number: int, piece: Piece | SheetPiece) -> ReadEvents:
            def put_some(part: int, rows: pl.DataFrame) -> None:
                self.row_buffer.put((number, part), rows)

            return read_piece(piece, places, book, put_some)

        # Somebody asks for the columns of the rows even where there are none.
        self.row_buffer.put((UNPLACED, 0), no_rows(places))
        with ThreadPoolExecutor(THREADS) as pool:
            try:
                # Whatever is wrong with a file's layout is told before what is wrong with any file's cells.
                read = pool.map(put, itertools.count(), pieces(files))
            except InputRefusedError:
                pool.shutdown(cancel_futures=True)
                raise
            parts = list(read)
        self.row_buffer.settle()
        check_unchanged(files)
        return ReadEvents.together(parts)

    def load(self, places: Places) -> npt.NDArray[np.int64]:
        """How many rows lie at each household place."""
        return load_of(self.row_buffer, places)

    def cross_household_ids(self, places: Places, as_of: date) -> pl.DataFrame:
        """Resolutions of rows whose event ids several households have, by `source`."""
        return cross_household_ids(self.row_buffer, places, as_of)

    def write_parts(
        self, parts: Sequence[range], given: ForAllParts, folder: Path, done: Callable[[int], None]
    ) -> list[Tally]:
        """Score and write all parts, some at a time; what each came to, in their order."""

        def write(number: int, household_places: range) -> Tally:
            return write_part(
                lambda: self.row_buffer.take(household_places), number, household_places, given, folder
            )

        tallies = []
        with ThreadPoolExecutor(memory.parts_at_once(self.memory_bytes, self.cores)) as pool:
            for tally in pool.map(write, itertools.count(), parts):
                tallies.append(tally)
                done(len(tallies))
        return tallies

    def clear(self) -> None:
        """Let go of all rows, and remove what lies on the disk."""
        self.row_buffer.clear()


def cross_household_ids(row_buffer: RowBuffer, places: Places, as_of: date) -> pl.DataFrame:
    """Resolutions of rows whose event ids several households have, by `source`."""
    found = [resolve_cross_household(rows, as_of, places) for rows in _cross_household_rows(row_buffer)]
    return pl.concat(found) if found else NO_CROSS_HOUSEHOLD_IDS


def _cross_household_rows(row_buffer: RowBuffer) -> Iterator[pl.DataFrame]:
    """All rows of ids that may be torn, some ids at a time; almost always there are few or none."""
    rows = row_buffer.rows
    looks = hash_ranges(max(min(THREADS, 1 + rows // HASHES_A_THREAD), -(-rows // HASHES_AT_ONCE)))
    with ThreadPoolExecutor(THREADS) as pool:
        found = pool.map(lambda some: cross_household_hashes(_hashed(row_buffer, some)), looks)
        hashes = pl.concat(list(found))
    for some in hashes.to_frame().iter_slices(CROSS_HOUSEHOLD_IDS_AT_ONCE):
        yield row_buffer.where(suspect(some["id_hash"]), "id_hash", "copy")


def _hashed(row_buffer: RowBuffer, hashes: range) -> pl.DataFrame:
    """`id_hash` and `home` of each row with an id whose hash is among some."""
    wanted = (pl.col("id_hash") >= hashes.start) & (pl.col("id_hash") <= hashes.stop - 1)
    names = ("id_hash", "copy", "household_place", "household")
    return pl.concat([with_home(rows.filter(wanted)) for rows in row_buffer.batches(*names)])
