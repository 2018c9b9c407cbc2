"""Event files a piece at a time, so that no input need fit into memory, whatever its files are like.

Small files of one form make a piece together, and a large one several. Household ids, items and states
come as codes and names: a text that stands a thousand times is looked at once.
"""

# ruff: noqa: PLC0415 - what reads sheets takes long to load, and most nights read none

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs import merged_cells, spoilt_ids
from jifen_batch.inputs.column_types import as_read
from jifen_batch.inputs.files import PARQUET
from jifen_batch.inputs.formats import arrow_rows
from jifen_batch.inputs.formats.arrow_rows import ROWS_AT_ONCE
from jifen_batch.inputs.formats.sheet import ROW
from jifen_batch.inputs.normal_form import UnreadableCellsError
from jifen_batch.inputs.read_table import Layout, framed, in_form, lacks_of, layouts, misread
from jifen_batch.inputs.safety import reading_now
from jifen_batch.tables import EVENTS, OFTEN_SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.remark import InputRemark
    from jifen_batch.inputs.sheet_rows import SheetLayout
    from jifen_batch.inputs.stand_ins import Lack

# A row's number: its file's above these bits, its place there below.
ROW_BITS = 40
# What many rows share: the act's kind. The ids that they often share may also be as many as the rows: then
# their texts are kept, for a table of them would only grow.
SHARED = ("item", "status")
CODED = ("household_id", *SHARED, *OFTEN_SHARED)
ROWS_PER_NAME = 16
WANTED = pl.Schema(as_read(EVENTS) | dict.fromkeys(SHARED, pl.Categorical()))
SOURCE = "source"
UNREADABLE_ROWS = pl.Schema({**as_read(EVENTS), SOURCE: pl.Int64(), "detail": pl.String()})
NONE_UNREADABLE = pl.DataFrame(schema=UNREADABLE_ROWS)
PIECES_AT_LEAST = 4
# Fewer rows are not worth a piece of their own.
WORTH_A_PIECE = 1 << 17
# The sign of 9.90113E+11, looked for in the bytes of ids: nothing else of them is looked at.
PLUS = ord("+")


@dataclass(frozen=True)
class EventRows:
    """Some event rows: the columns of `EVENTS` and `source`, the row's number.

    `quantity` is Int64, so that one out of range can still be told; `item` and `status` are Categorical,
    and so are the ids of `OFTEN_SHARED` where few stand in many rows; `household_id` is an Enum of those
    that occur where the file has it so. Nulls in required columns are left in: such rows become rejects.
    `unreadable` are rows of a sheet that cannot be read (`UNREADABLE`, with `source` for the sheet's row).
    `by_name`: an item may stand there by its name. `cut_ids`: what a spreadsheet may have cut. `lacks`:
    columns that a file of theirs has not, each with the file and a header there that may stand for it.
    """

    rows: pl.DataFrame
    unreadable: pl.DataFrame
    by_name: bool = False
    cut_ids: tuple[InputRemark, ...] = ()
    lacks: tuple[Lack, ...] = ()


@dataclass(frozen=True)
class SheetPiece:
    """A sheet of events, by its number."""

    number: int
    layout: SheetLayout

    def __reduce__(self) -> tuple[type[SheetFile], tuple[int, InputFile]]:
        """Handed to another process by its file, which is opened there again."""
        return SheetFile, (self.number, self.layout.file)

    @property
    def input_files(self) -> list[InputFile]:
        """The file that it is of."""
        return [self.layout.file]

    def frames(self) -> Iterator[EventRows]:
        """Its rows. Raises `InputRefusedError`."""
        from jifen_batch.inputs.event_sheets import read_sheet

        sheet = read_sheet(self.layout)
        coded = sheet.rows.with_columns(pl.col(SHARED).cast(pl.Categorical))
        yield EventRows(
            self._sourced(coded).select(*WANTED, SOURCE),
            self._sourced(sheet.unreadable).select(UNREADABLE_ROWS.names()),
            self.layout.mapping.file.items_by_name,
            (
                *spoilt_ids.warnings(self.layout.file.role, self.layout.file.place, sheet.rows),
                *merged_cells.warnings(self.layout, sheet.rows),
            ),
            tuple(lacks_of(self.layout, EVENTS)),
        )

    def _sourced(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with the number of each."""
        return rows.with_columns((pl.col(ROW) + ((self.number << ROW_BITS) - 1)).alias(SOURCE))


@dataclass(frozen=True)
class SheetFile:
    """A sheet of events, by its number, that is opened when its rows are asked for."""

    number: int
    file: InputFile

    @property
    def input_files(self) -> list[InputFile]:
        """The file that it is of."""
        return [self.file]

    def frames(self) -> Iterator[EventRows]:
        """Its rows. Raises `InputRefusedError`."""
        (layout,) = layouts([self.file], EVENTS)
        assert not isinstance(layout, Layout)  # noqa: S101 - what a file is read as is told by its name
        yield from SheetPiece(self.number, layout).frames()


@dataclass(frozen=True)
class Piece:
    """Whole files of one form, by their numbers, or some row `groups` of one, which begin at `first_row`."""

    files: tuple[tuple[int, Layout], ...]
    groups: tuple[int, ...] | None = None
    first_row: int = 0

    @property
    def input_files(self) -> list[InputFile]:
        """The files that it is of."""
        return [layout.file for _, layout in self.files]

    def frames(self) -> Iterator[EventRows]:
        """Its rows, some at a time. Raises `InputRefusedError`."""
        batches: list[_Batch] = []
        rows = 0
        for batch in self._batches():
            if batches and rows + batch.rows.num_rows > ROWS_AT_ONCE:
                yield _event_rows(batches)
                batches, rows = [], 0
            batches.append(batch)
            rows += batch.rows.num_rows
        if batches:
            yield _event_rows(batches)

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


def _event_rows(batches: list[_Batch]) -> EventRows:
    """Batches of one form as what they hold, and what their files lack."""
    files = {batch.layout.file: batch.layout for batch in batches}
    lacks = [one for layout in files.values() for one in lacks_of(layout, EVENTS)]
    return EventRows(_frame(batches), NONE_UNREADABLE, lacks=tuple(lacks))


def pieces(files: Sequence[InputFile]) -> Iterator[Piece | SheetPiece]:
    """All event files in pieces of at most `ROWS_AT_ONCE` rows, a larger file in several, in order.

    Of an input of a few pieces none holds much more than a quarter: two that are read at a time would else
    leave the last of three to one. Files are asked what they hold as their piece comes, so that the first
    ones can be read meanwhile. Raises `InputRefusedError`.
    """
    share = sum(file.size for file in files) // PIECES_AT_LEAST
    for _, alike in groupby(enumerate(layouts(files, EVENTS)), key=lambda one: _form(*one)):
        together: list[tuple[int, Layout]] = []
        rows = size = 0
        for number, layout in alike:
            if not isinstance(layout, Layout):
                yield SheetPiece(number, layout)
                continue
            has_its_share = rows >= WORTH_A_PIECE and size >= share
            if has_its_share or rows + (layout.rows or 0) > ROWS_AT_ONCE:
                yield from _pieces(together)
                together, rows, size = [], 0, 0
            together.append((number, layout))
            rows += layout.rows or 0
            size += layout.file.size
        yield from _pieces(together)


def _form(number: int, layout: Layout | SheetLayout) -> object:
    """Files of equal forms can be read together: Parquet files with the same types, none from the path."""
    if not isinstance(layout, Layout):
        return number
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
    try:
        with pq.ParquetFile(layout.file.path) as parquet:
            heights = [parquet.metadata.row_group(group).num_rows for group in range(parquet.num_row_groups)]
    except Exception as error:
        raise layout.file.unreadable(error) from error
    at_once = min(ROWS_AT_ONCE, max(WORTH_A_PIECE, -(-sum(heights) // PIECES_AT_LEAST)))
    begins = (np.cumsum(heights) - heights) // at_once
    cut = [np.flatnonzero(begins == piece).tolist() for piece in np.unique(begins)]
    return [(tuple(groups), sum(heights[group] for group in groups)) for groups in cut]


def _rows(layout: Layout, groups: Sequence[int] | None) -> Iterator[pa.Table]:
    """Rows of a file as they are."""
    if layout.file.format == PARQUET:
        yield from arrow_rows.parquet_rows(layout.file, layout.columns, layout.texts_of(CODED), groups)
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
    for name in _with_a_plus(rows):
        if count := spoilt_ids.rounded(frame[name]):
            raise spoilt_ids.refused(layout.file, name, count)
    return frame.with_columns(source=pl.Series(sources))


def _with_a_plus(rows: pa.Table) -> list[str]:
    """Columns of ids that have a plus somewhere among their bytes."""
    return [
        field.name
        for field in rows.schema
        if field.name.endswith(spoilt_ids.ID) and any(map(_has_a_plus, rows.column(field.name).chunks))
    ]


def _has_a_plus(column: pa.Array) -> bool:
    """Whether a plus is among the bytes of texts; where lengths lie between them, perhaps theirs."""
    texts = column.dictionary if pa.types.is_dictionary(column.type) else column
    # Of texts the second buffer says where they lie; of views it holds the short ones.
    held = texts.buffers()[1 if pa.types.is_string_view(texts.type) else 2 :]
    return any((np.frombuffer(one, np.uint8) == PLUS).any() for one in held if one is not None and one.size)


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
