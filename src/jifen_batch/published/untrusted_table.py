"""A published table that nobody trusts yet, read by pyarrow a row group at a time, and never by polars.

pyarrow refuses what would make polars abort, and holds pages to their checksums where they have them.
Before a row group is decoded its size is held to what the program itself writes.
"""

from __future__ import annotations

from dataclasses import field
from functools import reduce
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.formats.arrow_rows import bare
from jifen_batch.published import read as published_files
from jifen_batch.published.finding import Finding
from jifen_batch.published.parquet_form import ROW_GROUP_ROWS
from jifen_batch.published.sealed import shown
from jifen_batch.published.village_range import PLACE
from jifen_batch.sentence import AND, Sentence, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jifen_batch.published.village_range import VillageRange
    from jifen_batch.tables import Table

MAX_GROUP_BYTES = 1 << 30
ORDER = Sentence("their order", "顺序")
ARROW_TYPES = {
    pl.String(): pa.large_string(),
    pl.Int32(): pa.int32(),
    pl.Int64(): pa.int64(),
    pl.Boolean(): pa.bool_(),
    pl.Date(): pa.date32(),
    pl.Datetime("us"): pa.timestamp("us"),
}


# What reading a damaged file raises; a panic of polars is no `Exception`.
DAMAGED = (
    pa.ArrowException,
    OSError,
    ValueError,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
)


class DamagedError(Exception):
    """A file cannot be read as the table it is; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        """Keep the finding."""
        self.finding = finding
        super().__init__(finding.kind)


@dataclass(frozen=True)
class SheetFile:
    """A file of a table: where it lies, its `rows` by the manifest, and what its path says.

    `partition` is the value that the path carries; null for a table without a partition column.
    """

    path: Path
    rows: int | None
    partition: str | None = None


@dataclass(frozen=True)
class _Piece:
    """A row group that was read once and found in order, and the places between which its rows lie."""

    file: SheetFile
    number: int
    first: tuple[str, str]
    last: tuple[str, str]


@dataclass
class UntrustedTable:
    """A table and its files, in their order, as they lie below `out`.

    `look` reads it once and finds what is wrong with it; `read` gives whole villages after that.
    `version`: that of the tables, by the manifest beside them, which each file must name too.
    `strict`: no two rows share their sort keys.
    """

    table: Table
    files: list[SheetFile]
    out: Path
    version: int
    strict: bool
    findings: list[Finding] = field(default_factory=list)
    pieces: list[_Piece] = field(default_factory=list)
    rows: int = 0

    @property
    def held(self) -> Table:
        """The table as its version has it: what the files hold, and what can be asked of them."""
        return self.table.of_version(self.version)

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong with it."""
        return not self.findings

    def look(self) -> Iterator[pl.DataFrame]:
        """Every row group of the table (all of its columns of now), once; findings gather on the way."""
        last: dict[str | None, pl.DataFrame] = {}
        for file in self.files:
            read = 0
            try:
                for number, frame in self._groups(file):
                    read += frame.height
                    if frame.height:
                        before = last.get(file.partition)
                        self._hold(file, number, frame, before)
                        last[file.partition] = frame.tail(1)
                    yield frame
            except DamagedError as error:
                self.findings.append(error.finding)
                continue
            if read != file.rows:
                self._found("rows", file, rows=read, was=file.rows)
            self.rows += read

    def read(self, stretch: VillageRange) -> pl.DataFrame:
        """The rows of some whole villages, in the table's order. Raises `DamagedError`."""
        frames = [
            self._group(piece.file, piece.number).filter(stretch.holds)
            for piece in self.pieces
            if piece.first <= stretch.last and stretch.first <= piece.last
        ]
        return pl.concat([self.table.schema.to_frame(), *frames])

    def whole(self) -> pl.DataFrame:
        """All rows; for tables whose rows are households, not events. Raises `DamagedError`."""
        frames = [frame for file in self.files for _, frame in self._groups(file)]
        return pl.concat([self.table.schema.to_frame(), *frames])

    def _groups(self, file: SheetFile) -> Iterator[tuple[int, pl.DataFrame]]:
        with self._opened(file) as parquet:
            self._check_columns(file, parquet)
            for number in range(parquet.metadata.num_row_groups):
                yield number, self._decoded(file, parquet, number)

    def _group(self, file: SheetFile, number: int) -> pl.DataFrame:
        with self._opened(file) as parquet:
            return self._decoded(file, parquet, number)

    def _opened(self, file: SheetFile) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(file.path, page_checksum_verification=True)
        except DAMAGED as error:
            raise DamagedError(Finding("damaged", shown(file.path, self.out))) from error

    def _check_columns(self, file: SheetFile, parquet: pq.ParquetFile) -> None:
        """Hold a file's columns to those of its version of the table, before any is decoded."""
        name = shown(file.path, self.out)
        try:
            schema, metadata = parquet.schema_arrow, parquet.metadata.metadata or {}
        except DAMAGED as error:
            raise DamagedError(Finding("damaged", name)) from error
        found = [(column.name, _plain(column.type)) for column in schema]
        held = self.held
        wanted = [(column, ARROW_TYPES[held.schema[column]]) for column in held.file_names]
        if found != wanted:
            unlike = sorted({name for name, _ in {*found} ^ {*wanted}})
            raise DamagedError(
                Finding("columns", name, {"columns": joined(unlike, AND) if unlike else ORDER})
            )
        if metadata.get(published_files.KEY.encode()) != str(self.version).encode():
            self._found("schema_version", file)

    def _decoded(self, file: SheetFile, parquet: pq.ParquetFile, number: int) -> pl.DataFrame:
        """One row group with all columns of the table; null where its version has none."""
        name = shown(file.path, self.out)
        try:
            group = parquet.metadata.row_group(number)
            if group.num_rows > ROW_GROUP_ROWS or group.total_byte_size > MAX_GROUP_BYTES:
                raise DamagedError(Finding("too_large", name))
            read = parquet.read_row_group(number)
            read.validate(full=True)
            frame = pl.DataFrame(pl.from_arrow(bare(read)))
            if self.table.partition:
                kind = self.table.schema[self.table.partition]
                value = pl.lit(file.partition, pl.String).cast(kind).alias(self.table.partition)
                frame = frame.with_columns(value)
            held = self.held
            return published_files.completed(frame.select(held.names).cast(held.schema), held, self.table)
        except DAMAGED as error:
            raise DamagedError(Finding("damaged", name)) from error

    def _hold(self, file: SheetFile, number: int, frame: pl.DataFrame, before: pl.DataFrame | None) -> None:
        """Hold a row group to what the table says: no null where none may be, keys ascending."""
        empty = [name for name in self.held.required if frame[name].null_count()]
        if empty:
            self._found("empty", file, columns=joined(empty, AND))
        keys = frame.select(self.table.sort_keys)
        if before is not None and (before.item(0, self.table.sort_keys[0]) is not None):
            keys = pl.concat([before.select(self.table.sort_keys), keys])
        backwards, twice = _order(keys)
        if backwards:
            self._found("order", file, rows=backwards)
        if twice and self.strict:
            self._found("twice", file, rows=twice)
        if set(PLACE) <= set(self.table.names):
            placed = frame.select(PLACE).drop_nulls()
            if placed.height:
                ends = placed.sort(PLACE)
                self.pieces.append(_Piece(file, number, ends.row(0), ends.row(-1)))

    def _found(self, kind: str, file: SheetFile, **figures: object) -> None:
        self.findings.append(Finding(kind, shown(file.path, self.out), figures))


def by_folder(table: Table, folder: Path, entries: Mapping[str, int | None]) -> list[SheetFile]:
    """The files of a table of a run, in their order; `entries` are rows by the file's name in the run."""
    inside = f"{table.name}/"
    found = []
    for name in sorted(one for one in entries if one.startswith(inside) and one.endswith(".parquet")):
        parts = name.split("/")
        value = parts[1].partition("=")[2] if table.partition and len(parts) > 2 else None  # noqa: PLR2004 - table/key=value/file
        found.append(SheetFile(folder / name, entries[name], value))
    return found


def _plain(kind: pa.DataType) -> pa.DataType:
    """A type as tables declare it: texts are texts, however long their offsets are."""
    return pa.large_string() if pa.types.is_string(kind) else kind


def _order(keys: pl.DataFrame) -> tuple[int, int]:
    """How many rows stand before the one above them, by keys as bytes, and how many equal it; null first."""
    above = keys.shift(1)
    pairs = above.rename({name: f"{name}.above" for name in keys.columns}).hstack(keys)[1:]

    def settled(rest: pl.Expr, name: str) -> pl.Expr:
        one, other = pl.col(f"{name}.above"), pl.col(name)
        behind = (one > other).fill_null(other.is_null() & one.is_not_null())
        return behind | (one.eq_missing(other) & rest)

    backwards = reduce(settled, reversed(keys.columns), pl.lit(value=False))
    equal = pl.all_horizontal(pl.col(f"{name}.above").eq_missing(pl.col(name)) for name in keys.columns)
    counted = pairs.select(backwards=backwards.sum(), twice=equal.sum())
    return int(counted["backwards"].item()), int(counted["twice"].item())
