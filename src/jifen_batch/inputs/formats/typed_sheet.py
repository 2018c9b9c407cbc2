"""A Parquet or Arrow file that a mapping is for: its columns as the text that a cell would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from jifen_batch.clock import SHANGHAI_SECONDS
from jifen_batch.inputs.files import PARQUET
from jifen_batch.inputs.formats import arrow_rows
from jifen_batch.inputs.formats.sheet import FIELDS, ROW, Cells, Sheet, blanks_to_null
from jifen_batch.inputs.safety import reading_now, survey
from jifen_batch.inputs.safety.limits import FileClaims
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.inputs.files import InputFile

# No header stands in a row of its own: rows count from the first of data.
NO_ROW = 0


def open_sheet(file: InputFile) -> Sheet:
    """A typed file's columns, and its rows as text when they are asked for. Raises `InputRefusedError`."""
    described = survey.describe(file)

    def cells(places: Sequence[int], needed: int) -> Cells:  # noqa: ARG001 - all rows are as long
        names = list(dict.fromkeys(described.names[place] for place in places))
        types = dict(zip(described.names, described.types, strict=True))
        for name in names:
            if not _is_shown(types[name]):
                raise file.refuse(
                    Sentence(f"column {name} is {types[name]}", f"{name} 列的类型是 {types[name]}"),
                    Sentence("write it as text, a whole number or a date", "请写成文字、整数或日期"),
                )
        survey.weigh(file, described, names, FileClaims())
        with reading_now.on([file], names):
            rows = _rows(file, names)
        rows = rows.select(_shown(rows[described.names[place]]).alias(str(place)) for place in places)
        rows = rows.with_row_index(ROW, 1).with_columns(pl.col(ROW).cast(pl.Int64))
        return Cells(rows, rows.clear().with_columns(pl.lit(0, pl.Int64).alias(FIELDS)))

    return Sheet(file, described.names, NO_ROW, [described.names], cells, described.types)


def _rows(file: InputFile, names: list[str]) -> pl.DataFrame:
    """The rows of a file as they are."""
    if file.format == PARQUET:
        batches = list(arrow_rows.parquet_rows(file, names))
        rows = pa.concat_tables(batches) if batches else pa.table({name: pa.nulls(0) for name in names})
    else:
        rows = arrow_rows.ipc_rows(file, names)
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table gives a frame
    return frame


def _is_shown(kind: pa.DataType) -> bool:
    """Whether a column's values could stand in a cell."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    shown = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_integer,
        pa.types.is_boolean,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_null,
    )
    return any(is_such(kind) for is_such in shown)


def _shown(column: pl.Series) -> pl.Expr:
    """A column as text: days and times as 2023-01-31 and 2023-01-31T17:00:00.000000, of Shanghai."""
    shown = pl.lit(column)
    if isinstance(column.dtype, pl.Datetime):
        # Numbers with a zone count from UTC.
        local = shown.to_physical().cast(pl.Datetime(column.dtype.time_unit))
        if column.dtype.time_zone:
            local += pl.duration(seconds=SHANGHAI_SECONDS)
        return local.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
    return blanks_to_null(shown.cast(pl.String))
