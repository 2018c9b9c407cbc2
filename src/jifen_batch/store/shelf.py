"""Rows put aside until their part's turn comes: in memory while they fit, below a folder when not.

They come in batches, in the order of the input or not, each sorted by seat, so that the rows of any
stretch of seats are a slice of every batch. What is taken back is the same wherever it lay.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from jifen_batch.kernels.seating import NOWHERE
from jifen_batch.store import disk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt


@dataclass(frozen=True)
class Spilled:
    """A batch on the disk: a file of Arrow's, mapped into memory only while some of it is taken."""

    path: Path

    def table(self) -> pa.Table:
        """All its rows; what is not looked at is not read."""
        with disk.failures("read", self.path):
            return pa.ipc.open_file(pa.memory_map(str(self.path))).read_all()


class Shelf:
    """Batches of rows sorted by `seat`, by the key that orders them; safe for several threads.

    What no longer fits into `limit_bytes` goes below `folder`, and all that comes after it.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        """An empty shelf; the folder is made when it is needed."""
        self.folder, self.limit_bytes, self.held_bytes = folder, limit_bytes, 0
        self.rows = 0
        self._batches: dict[tuple[int, int], pl.DataFrame | Spilled] = {}
        self._lock = threading.Lock()

    def put(self, key: tuple[int, int], rows: pl.DataFrame) -> None:
        """Put a batch aside. Raises `DiskError`."""
        size = int(rows.estimated_size())
        with self._lock:
            self.rows += rows.height
            fits = self.held_bytes + size <= self.limit_bytes
            self.held_bytes += size if fits else 0
        batch = rows if fits else self._spill(key, rows)
        with self._lock:
            self._batches[key] = batch

    def _spill(self, key: tuple[int, int], rows: pl.DataFrame) -> Spilled:
        """A batch written below the folder."""
        disk.make_folder(self.folder)
        path = self.folder / f"{key[0]:06}-{key[1]:06}.arrow"
        table = rows.to_arrow(compat_level=pl.CompatLevel.oldest())

        def write() -> None:
            with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
                writer.write_table(table)

        disk.write_with(path, write)
        return Spilled(path)

    def batches(self, *names: str) -> Iterator[pl.DataFrame]:
        """These columns of each batch, in order. Raises `DiskError`."""
        for key in sorted(self._batches):
            batch = self._batches[key]
            yield _frame(batch.table().select(names)) if isinstance(batch, Spilled) else batch.select(names)

    def where(self, condition: pl.Expr, *names: str) -> pl.DataFrame:
        """The rows that meet a condition on these columns, by the order of batches. Raises `DiskError`."""
        found = []
        for key, looked_at in zip(sorted(self._batches), self.batches(*names), strict=True):
            rows = looked_at.select(condition.alias("met"))["met"].arg_true()
            batch = self._batches[key]
            # Copied out of the file: a string that is kept would keep all of it in memory.
            found.append(
                _frame(batch.table().take(rows.to_arrow())) if isinstance(batch, Spilled) else batch[rows]
            )
        return pl.concat(found)

    def take(self, seats: range) -> pl.DataFrame:
        """The rows of these seats, in the order of the batches; where they begin with 0, also rows without.

        A null in `seat` does not occur. Raises `DiskError`.
        """
        first = seats.start or NOWHERE
        batches = [_between(self._batches[key], first, seats.stop) for key in sorted(self._batches)]
        filled = [rows for rows in batches if rows.height]
        return pl.concat(filled or batches[:1]).rechunk()

    def clear(self) -> None:
        """Let go of all rows, and remove what lies on the disk."""
        self._batches.clear()
        disk.remove_tree(self.folder)


def _between(batch: pl.DataFrame | Spilled, first: int, end: int) -> pl.DataFrame:
    """The rows of a batch from seat `first` to before `end`."""
    if isinstance(batch, Spilled):
        table = batch.table()
        begin, stop = _places(table["seat"].to_numpy(), first, end)
        return _frame(table.slice(begin, stop - begin))
    begin, stop = _places(batch["seat"].to_numpy(), first, end)
    return batch[begin:stop]


def _places(seats: npt.NDArray[np.int32], first: int, end: int) -> tuple[int, int]:
    """Where seat `first` and seat `end` begin in sorted seats."""
    begin, stop = np.searchsorted(seats, np.array([first, end], dtype=np.int32))
    return int(begin), int(stop)


def _frame(table: pa.Table) -> pl.DataFrame:
    """Rows of the disk in memory."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table gives a frame
    return frame
