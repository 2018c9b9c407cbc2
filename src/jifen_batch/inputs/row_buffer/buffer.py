"""Rows put aside until their part's turn comes: in memory while they fit, below a folder when not.

They come in batches, in the order of the input or not, each sorted by household place, so that the rows of
any stretch of household places are a slice of every batch. What is taken back is the same wherever it lay.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.row_buffer.disk_ranges import DiskRange, between, of_mixed_kinds, spill, together
from jifen_batch.kernels.household_places import UNPLACED
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import numpy.typing as npt

Key = tuple[int, ...]
VIEW_BYTES = 16
NONE = pl.Series(dtype=pl.UInt32)


@dataclass(frozen=True)
class MemoryBatch:
    """A batch in memory, and the household places of its rows."""

    rows: pl.DataFrame
    household_places: npt.NDArray[np.int32]

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """These columns of all rows."""
        return self.rows[list(names)]

    def at(self, numbers: pl.Series) -> pl.DataFrame:
        """The rows of these numbers."""
        return self.rows[numbers]

    def between(self, first: int, end: int) -> pl.DataFrame | None:
        """The rows from household place `first` to before `end`; null where there are none."""
        return between(self.rows, self.household_places, first, end)


class RowBuffer:
    """Batches of rows sorted by `household_place`, by the key that orders them; safe for several threads.

    When they are more than `limit_bytes`, all that are held go below `folder`, as one run.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        """An empty row buffer; the folder is made when it is needed."""
        self.folder, self.limit_bytes = folder, limit_bytes
        self.rows = self._held_bytes = 0
        self._held: dict[Key, MemoryBatch] = {}
        self._spilled: dict[Key, DiskRange] = {}
        self._lock = threading.Lock()

    @classmethod
    def of(cls, ranges: Sequence[DiskRange]) -> RowBuffer:
        """A row buffer of what lies on the disk already, in this order."""
        buffer = cls(ranges[0].path.parent if ranges else Path(), 0)
        buffer._spilled = {(number,): one for number, one in enumerate(ranges)}
        return buffer

    def put(self, key: Key, rows: pl.DataFrame) -> None:
        """Put a batch aside. Raises `DiskError`."""
        with self._lock:
            self.rows += rows.height
            self._held[key] = MemoryBatch(rows, rows["household_place"].to_numpy())
            self._held_bytes += size_of(rows)
            fits = self._held_bytes <= self.limit_bytes
            full = {} if fits else self._taken_down()
        self._spill(full)

    def settle(self) -> None:
        """Nothing more will be put: where something is on the disk, so is all, and the memory is free."""
        with self._lock:
            full = self._taken_down() if self._spilled else {}
        self._spill(full)

    def _taken_down(self) -> dict[Key, MemoryBatch]:
        """All that is held, which is no longer."""
        full, self._held, self._held_bytes = self._held, {}, 0
        return full

    def _spill(self, full: dict[Key, MemoryBatch]) -> None:
        """Put batches below the folder, in a file by the name of the first."""
        filled = [full[key].rows for key in sorted(full) if full[key].rows.height]
        if not filled:
            return
        disk.make_folder(self.folder)
        run = spill(filled, self.folder / f"run-{'-'.join(map(str, min(full)))}.arrow")
        with self._lock:
            self._spilled |= {(*min(full), stretch.place): stretch for stretch in run}

    def _batches(self) -> list[MemoryBatch | DiskRange]:
        """All batches in order."""
        batches = self._held | self._spilled
        return [batches[key] for key in sorted(batches)]

    def batches(self, *names: str) -> Iterator[pl.DataFrame]:
        """These columns of each batch, in order. Raises `DiskError`."""
        for batch in self._batches():
            yield batch.columns(names)

    def where(self, condition: pl.Expr, *names: str) -> pl.DataFrame:
        """The rows that meet a condition on these columns, by the order of batches. Raises `DiskError`."""
        found = []
        for batch in self._batches():
            met = batch.columns(names).select(condition.alias("met"))["met"]
            found.append(batch.at(met.arg_true()))
        return _together(found)

    def take(self, household_places: range) -> pl.DataFrame:
        """The rows of these places, in the order of the batches; where they begin with 0, also rows without.

        A null in `household_place` does not occur. Raises `DiskError`.
        """
        first = household_places.start or UNPLACED
        batches = self._batches()
        found = [rows for one in batches if (rows := one.between(first, household_places.stop)) is not None]
        return _together(found or [batches[0].at(NONE)]).rechunk()

    def clear(self) -> None:
        """Let go of all rows, and remove what lies on the disk."""
        self._held, self._spilled = {}, {}
        disk.remove_tree(self.folder)


def size_of(rows: pl.DataFrame) -> int:
    """What rows take in memory; polars counts what texts hold, and not where each of them lies."""
    texts = sum(kind == pl.String for kind in rows.dtypes)
    return int(rows.estimated_size()) + texts * rows.height * VIEW_BYTES


def _together(batches: list[pl.DataFrame]) -> pl.DataFrame:
    """The rows of several batches, of which those without rows have no say in what the columns are."""
    filled = [rows for rows in batches if rows.height] or batches[:1]
    return together(filled, of_mixed_kinds(filled))
