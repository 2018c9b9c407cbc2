"""Rows that did not fit into memory: a run is a file of them, sorted by place, and read a stretch at a time.

Some batches are merged into one run, so that the rows of a few household places are looked for in a few
places and not in every batch of the input. A stretch is one record batch of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from jifen_batch.columns.groups import radix_argsort
from jifen_batch.dataclass import dataclass
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    import numpy.typing as npt

DISK_RANGE_ROWS = 1 << 17


@dataclass(frozen=True)
class DiskRange:
    """The rows of the household places in `household_places` of a run: record batch `place` of its file.

    It is mapped into memory only while some of it is taken, and what is taken is copied: a string that is
    kept would keep the whole file. The `coded` columns lie there as codes of Categoricals, which mean the
    same as long as some Categorical is in memory; the row buffer keeps one.
    """

    path: Path
    place: int
    household_places: range
    coded: frozenset[str]

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """These columns of all rows; the others are not read."""
        return self._frame(self._rows().select(names))

    def at(self, numbers: pl.Series) -> pl.DataFrame:
        """The rows of these numbers."""
        return self._frame(self._rows().take(numbers.to_arrow()))

    def between(self, first: int, end: int) -> pl.DataFrame | None:
        """The rows from household place `first` to before `end`; null where there can be none."""
        if self.household_places.start >= end or self.household_places.stop <= first:
            return None
        rows = self._rows()
        begin, stop = places(rows["household_place"].to_numpy(), first, end)
        return self._frame(rows.take(pa.array(np.arange(begin, stop))))

    def _rows(self) -> pa.RecordBatch:
        """All its rows; what is not looked at is not read."""
        with disk.failures("read", self.path):
            return pa.ipc.open_file(pa.memory_map(str(self.path))).get_batch(self.place)

    def _frame(self, rows: pa.RecordBatch) -> pl.DataFrame:
        """Rows with their Categorical columns as such."""
        frame = pl.from_arrow(rows)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a batch gives a frame
        coded = [name for name in frame.columns if name in self.coded]
        return frame.with_columns(frame[name].cat.to(pl.Categorical()) for name in coded)


def spill(batches: Sequence[pl.DataFrame], path: Path) -> list[DiskRange]:
    """Batches, each sorted by place and with rows, merged into one run; of a place, the first batch's first.

    Raises `DiskError`.
    """
    mixed = of_mixed_kinds(batches)
    kinds = batches[0].schema.items()
    coded = frozenset(name for name, kind in kinds if kind == pl.Categorical and name not in mixed)
    household_places = [batch["household_place"].to_numpy() for batch in batches]
    stretches = _cut(np.concatenate(household_places))

    def write() -> None:
        tables = (_merged(_near(batches, household_places, stretch), mixed, coded) for stretch in stretches)
        first = next(tables)
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, first.schema) as writer:
            writer.write_batch(first)
            for table in tables:
                writer.write_batch(table)

    disk.write_with(path, write)
    return [
        DiskRange(path, place, household_places, coded) for place, household_places in enumerate(stretches)
    ]


def _cut(household_places: npt.NDArray[np.int32]) -> list[range]:
    """Household places in a row, at most about so many rows at a time unless one place has more."""
    ordered = np.sort(household_places)
    begins = np.unique(ordered[::DISK_RANGE_ROWS]).tolist()
    return [range(*pair) for pair in zip(begins, [*begins[1:], int(ordered[-1]) + 1], strict=True)]


def _near(
    batches: Sequence[pl.DataFrame], household_places: Sequence[npt.NDArray[np.int32]], stretch: range
) -> list[pl.DataFrame]:
    """What the batches have of a stretch of household places."""
    cut = (
        between(rows, at, stretch.start, stretch.stop)
        for rows, at in zip(batches, household_places, strict=True)
    )
    return [rows for rows in cut if rows is not None]


def _merged(
    batches: Sequence[pl.DataFrame], mixed: Collection[str], coded: Collection[str]
) -> pa.RecordBatch:
    """The rows of some batches in the order of their household places, codes in place of Categoricals."""
    rows = together(batches, mixed).rechunk()
    rows = rows.with_columns(rows[name].to_physical() for name in coded)
    rows = rows[radix_argsort(rows["household_place"])]
    return rows.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()[0]


def places(household_places: npt.NDArray[np.int32], first: int, end: int) -> tuple[int, int]:
    """Where household place `first` and household place `end` begin in sorted household places."""
    begin, stop = np.searchsorted(household_places, np.array([first, end], dtype=np.int32))
    return int(begin), int(stop)


def between(
    rows: pl.DataFrame, household_places: npt.NDArray[np.int32], first: int, end: int
) -> pl.DataFrame | None:
    """The rows of a batch at `household_places` from `first` to before `end`; null for none.

    All batches are asked, and most have nothing: to cut an empty frame would take longer than to look.
    """
    begin, stop = places(household_places, first, end)
    return rows[begin:stop] if begin < stop else None


def of_mixed_kinds(batches: Sequence[pl.DataFrame]) -> list[str]:
    """Columns that are codes in some batches and texts in others."""
    # A part is made of hundreds of batches: each is asked for its types once, and columns only if any differ.
    usual, *others = [batch.dtypes for batch in batches]
    unlike = [kinds for kinds in others if kinds != usual]
    return [
        name for at, name in enumerate(batches[0].columns) if any(kinds[at] != usual[at] for kinds in unlike)
    ]


def together(batches: Sequence[pl.DataFrame], mixed: Collection[str]) -> pl.DataFrame:
    """The rows of several batches; the `mixed` columns become texts."""
    if mixed:
        batches = [batch.with_columns(pl.col(mixed).cast(pl.String)) for batch in batches]
    return pl.concat(batches)
