"""A table out of its files, whatever form each of them has (specification 2).

Every file is asked what columns it has, and a wrong one is named before anything of it is read. Only the
columns that the specification knows are read, and brought to one form.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from jifen_batch.inputs.column_types import as_read, can_be_read, found_name, wanted_name
from jifen_batch.inputs.files import CSV, IPC, InputFile, check_unchanged
from jifen_batch.inputs.formats import arrow_rows, delimited
from jifen_batch.inputs.normal_form import UnreadableCellsError, normalised
from jifen_batch.inputs.safety import reading_now, survey
from jifen_batch.inputs.safety.limits import FileClaims

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.errors import InputRefusedError
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
    def columns(self) -> list[str]:
        """The table's columns that the file has, in its own order."""
        return list(self.types)

    def texts_of(self, names: Sequence[str]) -> list[str]:
        """Those of the columns that the file has, with something in them."""
        return [name for name in names if name in self.types and not pa.types.is_null(self.types[name])]


def read_table(
    files: Sequence[InputFile], table: Table, coded: Sequence[str] = ()
) -> tuple[pl.DataFrame, list[int]]:
    """The rows of all files in order, and how many each file had.

    One row per row of a file, in the table's columns and order. Whole numbers are Int64, so that one out
    of range can still be told; `coded` texts, which repeat, are Categorical; other types are the table's.
    "" is null, and so is a column that a file lacks, unless a Hive folder on its way carries it. Raises
    `InputRefusedError`: a file, its column, what was found, what is wanted; also for a file that was
    changed while it was read.
    """
    wanted = pl.Schema(as_read(table) | dict.fromkeys(coded, pl.Categorical()))
    frames = [_read_whole(layout, wanted) for layout in list(layouts(files, table))]
    check_unchanged(files)
    return pl.concat(frames) if frames else pl.DataFrame(schema=wanted), [frame.height for frame in frames]


def layouts(files: Sequence[InputFile], table: Table) -> Iterator[Layout]:
    """What each file says of itself, if its columns read as the table's; asked one after the other.

    Raises `InputRefusedError`.
    """
    wanted, claims = as_read(table), FileClaims()
    for file in files:
        with reading_now.on([file]):
            layout = _layout(file, table, wanted, claims)
        yield layout


def _layout(file: InputFile, table: Table, wanted: pl.Schema, claims: FileClaims) -> Layout:
    """A file's layout, if its columns can be read as the table's, and what it claims can be true."""
    described = survey.describe(file)
    names = described.names
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        # Where a file has no headers, its first cells stand in their place.
        named = (
            f"column {twice[0]!r}" if twice[0] in wanted else f"a column (number {names.index(twice[0]) + 1})"
        )
        raise file.refuse(f"{named} stands twice", "keep one of them")
    types = {name: kind for name, kind in zip(names, described.types, strict=True) if name in wanted}
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
    survey.weigh(file, described, types, claims)
    return Layout(file, types, in_path, described.rows)


def _read_whole(layout: Layout, wanted: pl.Schema) -> pl.DataFrame:
    """Rows of one file in the wanted columns and types."""
    with reading_now.on([layout.file], layout.columns):
        raw = _raw(layout, [name for name, kind in wanted.items() if kind == pl.Categorical])
        try:
            return in_form(raw, layout, wanted)
        except UnreadableCellsError as cells:
            raise misread(cells, layout.file, cells.row + 1) from cells


def _raw(layout: Layout, coded: Sequence[str]) -> pl.DataFrame:
    """Rows of one file as they are, only the table's columns; of a CSV file as text."""
    if layout.file.format == CSV:
        return delimited.read_text(layout.file, layout.columns)
    if layout.file.format == IPC:
        return framed(arrow_rows.ipc_rows(layout.file, layout.columns))
    batches = list(arrow_rows.parquet_rows(layout.file, layout.columns, layout.texts_of(coded)))
    return (
        framed(pa.concat_tables(batches).unify_dictionaries())
        if batches
        else pl.DataFrame(schema=dict.fromkeys(layout.columns, pl.Null))
    )


def framed(rows: pa.Table) -> pl.DataFrame:
    """Rows of a file in memory; those of a file without columns are counted all the same."""
    if not rows.num_columns:
        return pl.DataFrame(height=rows.num_rows)
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table gives a frame
    return frame


def in_form(raw: pl.DataFrame, layout: Layout, wanted: pl.Schema) -> pl.DataFrame:
    """Rows of a file as they are, brought to the wanted columns and types. Raises `UnreadableCellsError`."""
    if layout.file.format == CSV:
        raw = delimited.parsed(raw, wanted)
    return normalised(_with_path_columns(raw, layout, wanted), wanted)


def _with_path_columns(raw: pl.DataFrame, layout: Layout, wanted: pl.Schema) -> pl.DataFrame:
    """Rows with the columns that only the folders on the file's way carry."""
    carried = {name: pl.Series(name, [text], dtype=pl.String) for name, text in layout.in_path.items()}
    for name, text in carried.items():
        try:
            read = delimited.parsed(text.to_frame(), pl.Schema({name: wanted[name]}))[name]
        except UnreadableCellsError as cells:
            raise layout.file.refuse(
                f"column {name} in its path is {cells.found}, wanted is {cells.wanted}", "rename the folder"
            ) from cells
        raw = raw.with_columns(read.new_from_index(0, raw.height))
    return raw


def misread(cells: UnreadableCellsError, file: InputFile, row: int) -> InputRefusedError:
    """The complaint about cells, the first of which stands in this row of the file, counted from 1."""
    return file.refuse(
        f"column {cells.column}, row {row}: is {cells.found}, wanted is {cells.wanted} ({cells.count} such)",
        "write the column in that form",
    )
