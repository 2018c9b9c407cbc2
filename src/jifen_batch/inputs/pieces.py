"""Event files a piece at a time, so that no input need fit into memory, whatever its files are like.

Small files of one form make a piece together, and a large one several. Household ids, items and states
come as codes and names: a text that stands a thousand times is looked at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_batch.inputs.column_types import as_read
from jifen_batch.inputs.files import CSV, PARQUET
from jifen_batch.inputs.formats import arrow_rows, delimited
from jifen_batch.inputs.formats.arrow_rows import ROWS_AT_ONCE
from jifen_batch.inputs.normal_form import UnreadableCellsError
from jifen_batch.inputs.read_table import Layout, framed, in_form, layouts, misread
from jifen_batch.inputs.safety import reading_now
from jifen_batch.tables import EVENTS, OFTEN_SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.inputs.files import InputFile

# A row's number: its file's above these bits, its place there below.
ROW_BITS = 40
# What many rows share: the act's kind. The ids that they often share may also be as many as the rows: then
# their texts are kept, for a table of them would only grow.
SHARED = ("item", "status")
CODED = ("household_id", *SHARED, *OFTEN_SHARED)
ROWS_PER_NAME = 16
WANTED = pl.Schema(as_read(EVENTS) | dict.fromkeys(SHARED, pl.Categorical()))


@dataclass(frozen=True)
class Piece:
    """Whole files of one form, by their numbers, or some row `groups` of one, which begin at `first_row`."""

    files: tuple[tuple[int, Layout], ...]
    groups: tuple[int, ...] | None = None
    first_row: int = 0

    def frames(self) -> Iterator[pl.DataFrame]:
        """Its rows, some at a time: the columns of `EVENTS` and `source`, the row's number.

        `quantity` is Int64, so that one out of range can still be told; `item` and `status` are
        Categorical, and so are the ids of `OFTEN_SHARED` where few stand in many rows; `household_id` is
        an Enum of those that occur where the file has it so. Nulls in required columns are left in: such
        rows become rejects. Raises `InputRefusedError`.
        """
        batches: list[_Batch] = []
        for batch in self._batches():
            if batches and sum(one.rows.num_rows for one in batches) + batch.rows.num_rows > ROWS_AT_ONCE:
                yield _frame(batches)
                batches = []
            batches.append(batch)
        if batches:
            yield _frame(batches)

    def _batches(self) -> Iterator[_Batch]:
        """The files' rows as they are read."""
        for number, layout in self.files:
            source = (number << ROW_BITS) + self.first_row
            with reading_now.on([layout.file], layout.columns):
                for rows in _rows(layout, self.groups):
                    yield _Batch(layout, source, rows)
                    source += rows.num_rows


@dataclass(frozen=True)
class _Batch:
    """Rows of a file as they are; the first one's number is `source`."""

    layout: Layout
    source: int
    rows: pa.Table


def pieces(files: Sequence[InputFile]) -> Iterator[Piece]:
    """All event files in pieces of about `ROWS_AT_ONCE` rows, in order.

    Files are asked what they hold as their piece comes, so that the first ones can be read meanwhile.
    Raises `InputRefusedError`.
    """
    for _, alike in groupby(enumerate(layouts(files, EVENTS)), key=lambda one: _form(*one)):
        together: list[tuple[int, Layout]] = []
        for number, layout in alike:
            if sum(other.rows or 0 for _, other in together) + (layout.rows or 0) > ROWS_AT_ONCE:
                yield from _pieces(together)
                together = []
            together.append((number, layout))
        yield from _pieces(together)


def _form(number: int, layout: Layout) -> object:
    """Files of equal forms can be read together: Parquet files with the same types, none from the path."""
    apart = layout.file.format != PARQUET or layout.in_path
    return number if apart else tuple((name, str(kind)) for name, kind in layout.types.items())


def _pieces(files: list[tuple[int, Layout]]) -> list[Piece]:
    """One piece of several files, or a large Parquet file's row groups in several."""
    if len(files) != 1 or (files[0][1].rows or 0) <= ROWS_AT_ONCE:
        return [Piece(tuple(files))] if files else []
    cut, first_row = [], 0
    for groups, rows in _row_groups(files[0][1]):
        cut.append(Piece(tuple(files), groups, first_row))
        first_row += rows
    return cut


def _row_groups(layout: Layout) -> list[tuple[tuple[int, ...], int]]:
    """Row groups that follow each other, as many as make a piece, and how many rows they have."""
    with pq.ParquetFile(layout.file.path) as parquet:
        heights = [parquet.metadata.row_group(group).num_rows for group in range(parquet.num_row_groups)]
    begins = (np.cumsum(heights) - heights) // ROWS_AT_ONCE
    cut = [np.flatnonzero(begins == piece).tolist() for piece in np.unique(begins)]
    return [(tuple(groups), sum(heights[group] for group in groups)) for groups in cut]


def _rows(layout: Layout, groups: Sequence[int] | None) -> Iterator[pa.Table]:
    """Rows of a file as they are."""
    if layout.file.format == PARQUET:
        yield from arrow_rows.parquet_rows(layout.file, layout.columns, layout.texts_of(CODED), groups)
    elif layout.file.format == CSV:
        yield delimited.read_text(layout.file, layout.columns).to_arrow()
    else:
        yield arrow_rows.ipc_rows(layout.file, layout.columns)


def _frame(batches: list[_Batch]) -> pl.DataFrame:
    """The rows of batches of one form, in the form that they are worked with."""
    rows = pa.concat_tables([batch.rows for batch in batches]).unify_dictionaries().combine_chunks()
    rows = _with_codes_where_shared(rows)
    layout = batches[0].layout
    heights = [batch.rows.num_rows for batch in batches]
    sources = np.concatenate([batch.source + np.arange(batch.rows.num_rows) for batch in batches])
    try:
        raw = _with_coded_households(rows)
        coded = [name for name in OFTEN_SHARED if raw.schema.get(name) == pl.Categorical]
        frame = in_form(raw, layout, pl.Schema(WANTED | dict.fromkeys(coded, pl.Categorical())))
    except UnreadableCellsError as cells:
        at = int(np.searchsorted(np.cumsum(heights), cells.row, side="right"))
        row = int(sources[cells.row]) % (1 << ROW_BITS) + 1
        raise misread(cells, batches[at].layout.file, row) from cells
    return frame.with_columns(source=pl.Series(sources))


def _with_codes_where_shared(rows: pa.Table) -> pa.Table:
    """Rows of which an id of `OFTEN_SHARED` stays in codes only where few names serve for many rows."""
    for name in OFTEN_SHARED:
        at = rows.schema.get_field_index(name)
        if at < 0 or not pa.types.is_dictionary(rows.field(at).type):
            continue
        column = rows.column(at)
        names = sum(len(chunk.dictionary) for chunk in column.chunks)
        if names * ROWS_PER_NAME > rows.num_rows:
            rows = rows.set_column(at, name, column.cast(column.type.value_type))
    return rows


def _with_coded_households(rows: pa.Table) -> pl.DataFrame:
    """Rows in memory, households as an Enum of those that occur where they come as codes."""
    name = "household_id"
    column = rows[name] if name in rows.column_names else None
    if column is None or not pa.types.is_dictionary(column.type) or column.num_chunks != 1:
        return framed(rows)
    codes, names = _series(column.chunk(0).indices), _series(column.chunk(0).dictionary)
    if names.null_count() or names.is_duplicated().any():
        return framed(rows)
    kind = pl.Enum(names)
    coded = codes.cast(pl.Series(dtype=kind).to_physical().dtype).cat.to(kind)
    return framed(rows.drop_columns([name])).with_columns(coded.alias(name))


def _series(values: pa.Array) -> pl.Series:
    """An array by way of a table: for one alone, polars fetches all of PyArrow's functions, a slow import."""
    return framed(pa.table([values], ["values"]))["values"]
