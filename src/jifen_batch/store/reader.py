"""A table out of its files, whatever form each of them has (contract 2).

First every file is asked what columns it has: a wrong one is named before anything is read. Then files
of one form are read together, and only the columns that the contract knows. PyArrow answers for the
types, because it survives files that are not what they say; polars reads Parquet, because it is fastest.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_batch.errors import InputRefusedError
from jifen_batch.store import csv_text
from jifen_batch.store.files import CSV, IPC, PARQUET, InputFile, check_unchanged
from jifen_batch.store.kinds import as_read, can_be_read, found_name, wanted_name
from jifen_batch.store.normal import UnreadableCellsError, normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.tables import Table


@dataclass(frozen=True)
class Layout:
    """What a file says of itself: `types` of the table's columns that it has, those `in_path`, and rows.

    `rows` is null where only reading tells.
    """

    file: InputFile
    types: dict[str, pa.DataType]
    in_path: dict[str, str | None]
    rows: int | None

    @property
    def form(self) -> tuple[object, ...]:
        """Files with equal forms can be read together.

        Dictionaries of two files may differ where their types do not, and only Parquet is read by scans.
        """
        apart = self.file.format != PARQUET or any(map(pa.types.is_dictionary, self.types.values()))
        types = tuple((name, str(kind)) for name, kind in sorted(self.types.items()))
        return (self.file.name if apart else None, types, tuple(sorted(self.in_path)))


def read_table(
    files: Sequence[InputFile], table: Table, columns: Sequence[str] | None = None
) -> tuple[pl.DataFrame, list[int]]:
    """The rows of all files in order, and how many each file had.

    One row per row of a file, in the table's columns (or those of `columns`) and order. Whole numbers
    are Int64, so that one out of range can still be told; the other types are the table's. "" is null,
    and so is a column that a file lacks, unless a Hive folder on its way carries it. Every file's
    columns are checked, also those not asked for. Raises `InputRefusedError`: a file, its column, what
    was found, what is wanted; also for a file that was changed while it was read.
    """
    wanted = as_read(table)
    asked = pl.Schema({name: kind for name, kind in wanted.items() if columns is None or name in columns})
    layouts = [_layout(file, table, wanted) for file in files]
    frames: list[pl.DataFrame] = []
    heights: list[int] = []
    for _, alike in groupby(layouts, key=lambda layout: layout.form):
        for frame, rows in _read_alike(list(alike), asked):
            frames.append(frame)
            heights.extend(rows)
    check_unchanged(files)
    return pl.concat(frames) if frames else pl.DataFrame(schema=asked), heights


def _layout(file: InputFile, table: Table, wanted: pl.Schema) -> Layout:
    """A file's layout, if its columns can be read as the table's."""
    names, found, rows = _columns(file)
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        # Where a file has no headers, its first cells stand in their place.
        named = (
            f"column {twice[0]!r}" if twice[0] in wanted else f"a column (number {names.index(twice[0]) + 1})"
        )
        raise file.refuse(f"{named} stands twice", "keep one of them")
    types = {name: kind for name, kind in zip(names, found, strict=True) if name in wanted}
    in_path = {name: text for name, text in file.hive.items() if name in wanted and name not in types}
    for name in table.required:
        if name not in types and name not in in_path:
            raise file.refuse(
                f"required column {name} is missing, wanted is {wanted_name(wanted[name])}", "add the column"
            )
    for name, kind in types.items():
        if not can_be_read(kind, wanted[name]):
            raise file.refuse(
                f"column {name} is {found_name(kind)}, wanted is {wanted_name(wanted[name])}",
                "write the column in that type",
            )
    return Layout(file, types, in_path, rows)


def _columns(file: InputFile) -> tuple[list[str], list[pa.DataType], int | None]:
    """Names and types of a file's columns, and how many rows it has where it says so."""
    try:
        if file.format == PARQUET:
            with pq.ParquetFile(file.path) as parquet:
                schema, rows = parquet.schema_arrow, parquet.metadata.num_rows
            return schema.names, schema.types, rows
        if file.format == IPC:
            with pa.OSFile(str(file.path)) as source:
                schema = pa.ipc.open_file(source).schema
            return schema.names, schema.types, None
        # The cells of a CSV file are text, and looked at one by one when they are read.
        names = csv_text.header(file)
    except InputRefusedError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise file.refuse(
                f"cannot be read ({os.strerror(error.errno)})", "check the file and its permissions"
            ) from error
        raise _unreadable(file) from error
    return names, [pa.null()] * len(names), None


def _read_alike(layouts: list[Layout], asked: pl.Schema) -> list[tuple[pl.DataFrame, list[int]]]:
    """Rows of files of one form, read at once, and the rows of each file.

    If that fails they are read one by one, to say which of them is broken.
    """
    in_files = [name for name in asked if name in layouts[0].types]
    if len(layouts) == 1:
        raw = _raw(layouts[0], in_files)
        rows = [raw.height]
    else:
        try:
            raw = _scan(layouts, in_files)
        except InputRefusedError:
            return [pair for layout in layouts for pair in _read_alike([layout], asked)]
        rows = [layout.rows or 0 for layout in layouts]
    try:
        if layouts[0].file.format == CSV:
            raw = csv_text.parsed(raw, asked)
        return [(normalised(_with_path_columns(raw, layouts, rows, asked), asked), rows)]
    except UnreadableCellsError as cells:
        raise _placed(cells, layouts, rows) from cells


def _raw(layout: Layout, columns: list[str]) -> pl.DataFrame:
    """Rows of one file as they are, only the named columns; of a CSV file as text."""
    file = layout.file
    columns = [name for name in columns if name in layout.types]
    if file.format == CSV:
        # Which rows are blank must not depend on what is asked for.
        return csv_text.read_text(file, list(layout.types)).select(columns)
    if file.format == PARQUET:
        return _scan([layout], columns)
    try:
        with pa.OSFile(str(file.path)) as source:
            reader = pa.ipc.open_file(source)
            places = [reader.schema.get_field_index(name) for name in columns]
            options = pa.ipc.IpcReadOptions(included_fields=places)
            arrow = pa.ipc.open_file(source, options=options).read_all()
        # Only this looks at what strings hold; reading alone trusts the file.
        arrow.validate(full=True)
        frame = pl.from_arrow(arrow) if columns else pl.DataFrame(height=arrow.num_rows)
    except Exception as error:
        # A damaged length asks for more memory than there is: that is an error of the file, too.
        raise _unreadable(file) from error
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table gives a frame
    return frame.select(columns)


def _scan(layouts: list[Layout], columns: list[str]) -> pl.DataFrame:
    """Rows of Parquet files of one form as they are, only the named columns.

    A file that is not what it says makes polars panic, which is no Exception: it is caught all the same.
    """
    stated = sum(layout.rows or 0 for layout in layouts)
    if not columns:
        return pl.DataFrame(height=stated)
    try:
        frame = (
            pl.scan_parquet(
                [layout.file.path for layout in layouts],
                glob=False,
                hive_partitioning=False,
                missing_columns="insert",
                extra_columns="ignore",
            )
            .select(columns)
            .collect()
        )
    except (Exception, pl.exceptions.PanicException) as error:
        raise _unreadable(layouts[0].file) from error
    if frame.height != stated:
        raise _unreadable(layouts[0].file)
    return frame


def _with_path_columns(
    raw: pl.DataFrame, layouts: list[Layout], rows: list[int], asked: pl.Schema
) -> pl.DataFrame:
    """Rows with the asked columns that only their files' folders carry."""
    carried = [name for name in layouts[0].in_path if name in asked]
    if not carried:
        return raw
    of_file = pl.DataFrame(
        [[layout.in_path[name] for layout in layouts] for name in carried],
        schema=dict.fromkeys(carried, pl.String),
    )
    for name in carried:
        try:
            of_file = csv_text.parsed(of_file, pl.Schema({name: asked[name]}))
        except UnreadableCellsError as cells:
            raise layouts[cells.row].file.refuse(
                f"column {name} in its path is {cells.found}, wanted is {cells.wanted}", "rename the folder"
            ) from cells
    return raw.hstack(of_file[np.repeat(np.arange(len(layouts)), rows)])


def _placed(cells: UnreadableCellsError, layouts: list[Layout], rows: list[int]) -> InputRefusedError:
    """The complaint about cells, with the first one's file and row."""
    ends = np.cumsum(rows)
    at = int(np.searchsorted(ends, cells.row, side="right"))
    row = cells.row - int(ends[at]) + rows[at] + 1
    return layouts[at].file.refuse(
        f"column {cells.column}, row {row}: is {cells.found}, wanted is {cells.wanted} ({cells.count} such)",
        "write the column in that form",
    )


def _unreadable(file: InputFile) -> InputRefusedError:
    return file.refuse(
        f"cannot be read as {file.format}: it is damaged, of another format, or a string in it is not UTF-8",
        "have it written or sent again",
    )
