"""Rows that did not fit into memory: a run is a file of them, sorted by place, and read a stretch at a time.

Some batches are merged into one run, so that the rows of a few household places are looked for in a few
places and not in every batch of the input. A stretch is one record batch of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from jifen_batch.columns.groups import distinct_sorted, places_among, radix_argsort, without_nulls
from jifen_batch.dataclass import dataclass
from jifen_batch.storage import disk

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

DISK_RANGE_ROWS = 1 << 17


@dataclass(frozen=True)
class DiskRange:
    """The rows of the household places in `household_places` of a run: record batch `place` of its file.

    It is mapped into memory only while some of it is taken, and what is taken is copied: a string that is
    kept would keep the whole file. Any process may read it: codes lie there with their names.
    """

    path: Path
    place: int
    household_places: range

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """These columns of all rows; the others are not read."""
        return _frame(self._rows().select(names))

    def at(self, numbers: pl.Series) -> pl.DataFrame:
        """The rows of these numbers."""
        return _frame(self._rows().take(numbers.to_arrow()))

    def between(self, first: int, end: int) -> pl.DataFrame | None:
        """The rows from household place `first` to before `end`; null where there can be none."""
        if self.household_places.start >= end or self.household_places.stop <= first:
            return None
        rows = self._rows()
        begin, stop = places(rows["household_place"].to_numpy(), first, end)
        return _frame(rows.take(pa.array(np.arange(begin, stop))))

    def _rows(self) -> pa.RecordBatch:
        """All its rows; what is not looked at is not read."""
        with disk.failures("read", self.path):
            return pa.ipc.open_file(pa.memory_map(str(self.path))).get_batch(self.place)


def _frame(rows: pa.RecordBatch) -> pl.DataFrame:
    """Rows with their codes as Categoricals; only names that these rows have are looked at."""
    coded = {
        field.name: rows.column(at).dictionary
        for at, field in enumerate(rows.schema)
        if pa.types.is_dictionary(field.type)
    }
    arrays = [one.indices if pa.types.is_dictionary(one.type) else one for one in rows.columns]
    frame = pl.from_arrow(pa.record_batch(arrays, rows.schema.names))
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a batch gives a frame
    return frame.with_columns_seq(_named(frame[name], names) for name, names in coded.items())


def _named(codes: pl.Series, names: pa.Array) -> pl.Series:
    """The Categorical that codes of these names stand for."""
    occurring = distinct_sorted(without_nulls(codes))
    held = pl.from_arrow(pa.record_batch([names.take(pa.array(occurring))], ["name"]))
    assert isinstance(held, pl.DataFrame)  # noqa: S101 - a batch gives a frame
    known = held["name"].cast(pl.Categorical())
    if not len(occurring):
        return known.extend_constant(None, codes.len()).alias(codes.name)
    return known[places_among(occurring, int(occurring[-1]) + 1)[codes]].alias(codes.name)


def spill(batches: Sequence[pl.DataFrame], path: Path) -> list[DiskRange]:
    """Batches, each sorted by place and with rows, merged into one run; of a place, the first batch's first.

    Raises `DiskError`.
    """
    mixed = of_mixed_kinds(batches)
    coded = {
        name: _Names.of([batch[name] for batch in batches])
        for name, kind in batches[0].schema.items()
        if kind == pl.Categorical and name not in mixed
    }
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
    return [DiskRange(path, place, household_places) for place, household_places in enumerate(stretches)]


@dataclass(frozen=True)
class _Names:
    """The names in a run of a column of Categoricals: their codes in this process, and the texts."""

    occurring: npt.NDArray[np.int64]
    texts: pa.Array

    @classmethod
    def of(cls, columns: Sequence[pl.Series]) -> _Names:
        """Those of some columns."""
        codes = pl.concat([column.to_physical() for column in columns])
        occurring = distinct_sorted(without_nulls(codes))
        names = pl.Series(occurring, dtype=codes.dtype).cat.to(pl.Categorical()).cast(pl.String)
        return cls(occurring, names.to_arrow(compat_level=pl.CompatLevel.oldest()))

    def coded(self, column: pl.Series) -> pa.Array:
        """A column of Categoricals as codes of the texts."""
        codes = column.to_physical()
        if len(self.occurring):
            codes = places_among(self.occurring, int(self.occurring[-1]) + 1)[codes]
        return pa.DictionaryArray.from_arrays(codes.cast(pl.UInt32).to_arrow(), self.texts, safe=False)


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
    batches: Sequence[pl.DataFrame], mixed: Collection[str], coded: Mapping[str, _Names]
) -> pa.RecordBatch:
    """The rows of some batches in the order of household places, Categoricals as codes of their names."""
    rows = together(batches, mixed).rechunk()
    rows = rows[radix_argsort(rows["household_place"])]
    written = rows.drop(coded).to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()[0]
    columns = dict(zip(written.schema.names, written.columns, strict=True))
    columns |= {name: names.coded(rows[name]) for name, names in coded.items()}
    return pa.record_batch({name: columns[name] for name in rows.columns})


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
