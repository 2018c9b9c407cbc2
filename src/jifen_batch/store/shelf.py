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
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt


@dataclass(frozen=True)
class Held:
    """A batch in memory."""

    rows: pl.DataFrame

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """These columns of all rows."""
        return self.rows.select(names)

    def at(self, numbers: pl.Series) -> pl.DataFrame:
        """The rows of these numbers."""
        return self.rows[numbers]

    def between(self, first: int, end: int) -> pl.DataFrame:
        """The rows from seat `first` to before `end`."""
        begin, stop = _places(self.rows["seat"].to_numpy(), first, end)
        return self.rows[begin:stop]


@dataclass(frozen=True)
class Spilled:
    """A batch on the disk: a file of Arrow's, mapped into memory only while some of it is taken.

    Categorical columns lie there as their codes, which mean the same as long as the process lives.
    """

    path: Path
    coded: tuple[str, ...]

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """These columns of all rows; the others are not read."""
        return self._frame(self._table().select(names))

    def at(self, numbers: pl.Series) -> pl.DataFrame:
        """The rows of these numbers, copied: a string that is kept would keep the whole file in memory."""
        return self._frame(self._table().take(numbers.to_arrow()))

    def between(self, first: int, end: int) -> pl.DataFrame:
        """The rows from seat `first` to before `end`."""
        table = self._table()
        begin, stop = _places(table["seat"].to_numpy(), first, end)
        return self._frame(table.slice(begin, stop - begin))

    def _table(self) -> pa.Table:
        """All its rows; what is not looked at is not read."""
        with disk.failures("read", self.path):
            return pa.ipc.open_file(pa.memory_map(str(self.path))).read_all()

    def _frame(self, table: pa.Table) -> pl.DataFrame:
        """Some of its rows and columns in memory."""
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table gives a frame
        coded = [name for name in self.coded if name in frame.columns]
        return frame.with_columns(frame[name].cat.to(pl.Categorical()) for name in coded)


class Shelf:
    """Batches of rows sorted by `seat`, by the key that orders them; safe for several threads.

    What no longer fits into `limit_bytes` goes below `folder`, and all that comes after it.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        """An empty shelf; the folder is made when it is needed."""
        self.folder, self.limit_bytes, self.held_bytes = folder, limit_bytes, 0
        self.rows = 0
        self._batches: dict[tuple[int, int], Held | Spilled] = {}
        self._lock = threading.Lock()

    def put(self, key: tuple[int, int], rows: pl.DataFrame) -> None:
        """Put a batch aside. Raises `DiskError`."""
        size = int(rows.estimated_size())
        with self._lock:
            self.rows += rows.height
            fits = self.held_bytes + size <= self.limit_bytes
            self.held_bytes += size if fits else 0
        batch = Held(rows) if fits else self._spill(key, rows)
        with self._lock:
            self._batches[key] = batch

    def _spill(self, key: tuple[int, int], rows: pl.DataFrame) -> Spilled:
        """A batch written below the folder."""
        disk.make_folder(self.folder)
        path = self.folder / f"{key[0]:06}-{key[1]:06}.arrow"
        coded = tuple(name for name, kind in rows.schema.items() if kind == pl.Categorical)
        rows = rows.with_columns(rows[name].to_physical() for name in coded)
        table = rows.to_arrow(compat_level=pl.CompatLevel.oldest())

        def write() -> None:
            with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
                writer.write_table(table)

        disk.write_with(path, write)
        return Spilled(path, coded)

    def batches(self, *names: str) -> Iterator[pl.DataFrame]:
        """These columns of each batch, in order. Raises `DiskError`."""
        for key in sorted(self._batches):
            yield self._batches[key].columns(names)

    def where(self, condition: pl.Expr, *names: str) -> pl.DataFrame:
        """The rows that meet a condition on these columns, by the order of batches. Raises `DiskError`."""
        found = []
        for key, looked_at in zip(sorted(self._batches), self.batches(*names), strict=True):
            met = looked_at.select(condition.alias("met"))["met"]
            found.append(self._batches[key].at(met.arg_true()))
        return _together(found)

    def take(self, seats: range) -> pl.DataFrame:
        """The rows of these seats, in the order of the batches; where they begin with 0, also rows without.

        A null in `seat` does not occur. Raises `DiskError`.
        """
        first = seats.start or NOWHERE
        batches = [self._batches[key].between(first, seats.stop) for key in sorted(self._batches)]
        filled = [rows for rows in batches if rows.height]
        return _together(filled or batches[:1]).rechunk()

    def clear(self) -> None:
        """Let go of all rows, and remove what lies on the disk."""
        self._batches.clear()
        disk.remove_tree(self.folder)


def _places(seats: npt.NDArray[np.int32], first: int, end: int) -> tuple[int, int]:
    """Where seat `first` and seat `end` begin in sorted seats."""
    begin, stop = np.searchsorted(seats, np.array([first, end], dtype=np.int32))
    return int(begin), int(stop)


def _together(batches: list[pl.DataFrame]) -> pl.DataFrame:
    """The rows of several batches; what is codes in some and texts in others becomes texts."""
    kinds = [{batch.schema[name] for batch in batches} for name in batches[0].columns]
    mixed = [name for name, found in zip(batches[0].columns, kinds, strict=True) if len(found) > 1]
    return pl.concat([batch.with_columns(pl.col(mixed).cast(pl.String)) for batch in batches])
