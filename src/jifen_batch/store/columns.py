"""Columns of strangers' files brought to the contract's types (contract 2).

A type that cannot be read as stated is refused by name before any value is looked at; what a value
may be is looked at whole columns at a time. No message quotes a cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from jifen_batch.store.files import CSV

if TYPE_CHECKING:
    from jifen_batch.store.files import InputFile
    from jifen_batch.tables import Column, Table

SHANGHAI = "Asia/Shanghai"
WANTED = {
    pl.String: "text",
    pl.Date: "a date, or a timestamp at midnight",
    pl.Datetime: "a timestamp",
    pl.Int32: "a whole number",
    pl.Int64: "a whole number",
}
INT64_MAX = 2**63 - 1


def readable(found: pa.DataType, wanted: pl.DataType) -> bool:
    """Whether an Arrow column of one type can be read as another, as the contract states."""
    if wanted == pl.String:
        text = found.value_type if pa.types.is_dictionary(found) else found
        kinds = [pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view]
        return pa.types.is_null(text) or any(kind(text) for kind in kinds)
    if wanted == pl.Date:
        kinds = [pa.types.is_date, pa.types.is_timestamp]
    elif isinstance(wanted, pl.Datetime):
        kinds = [pa.types.is_timestamp]
    else:
        kinds = [pa.types.is_integer]
    return pa.types.is_null(found) or any(kind(found) for kind in kinds)


def check_types(file: InputFile, found: dict[str, pa.DataType], table: Table) -> None:
    """Refuse a file that lacks a required column or has one of a type that cannot be read.

    A column in the name of a Hive folder stands in for a missing one.
    """
    for column in table:
        wanted = WANTED[type(column.dtype)]
        if column.name not in found:
            if not column.nullable and column.name not in file.hive:
                raise file.refuse(f"required column {column.name} is missing", f"add it, as {wanted}")
        elif file.format != CSV and not readable(found[column.name], column.dtype):
            raise file.refuse(
                f"column {column.name} is {found[column.name]}, wanted is {wanted}", f"write it as {wanted}"
            )


def as_stated(file: InputFile, frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """A frame of readable columns in the contract's types; integers are Int64, clipped into it."""
    casts = []
    for column in table:
        found = frame.schema[column.name]
        if column.dtype == pl.Date and isinstance(found, pl.Datetime):
            _refuse_times_of_day(file, frame[column.name])
        if _type_in_memory(column.dtype) != found:
            casts.append(_cast(column.name, found, column.dtype))
    return frame.with_columns(casts) if casts else frame


def _type_in_memory(wanted: pl.DataType) -> pl.DataType:
    """Whole numbers are wide in memory, so that one out of range can still be told."""
    return pl.Int64() if wanted.is_integer() else wanted


def _cast(name: str, found: pl.DataType, wanted: pl.DataType) -> pl.Expr:
    """One column of a readable type in the contract's type."""
    column = pl.col(name)
    if isinstance(found, pl.Datetime):
        return _local(column, found).cast(wanted)
    if found in {pl.UInt64, pl.Int128, pl.UInt128}:
        column = column.clip(upper_bound=INT64_MAX)
    return column.cast(_type_in_memory(wanted))


def _refuse_times_of_day(file: InputFile, values: pl.Series) -> None:
    """A date column of timestamps may hold midnights only."""
    local = _local(pl.col(values.name), values.dtype)
    count = values.to_frame().select((local != local.dt.truncate("1d")).sum()).item()
    if count:
        raise file.refuse(
            f"column {values.name} has {count} values with a time of day, wanted is {WANTED[pl.Date]}",
            "write the column as dates",
        )


def _local(column: pl.Expr, found: pl.DataType) -> pl.Expr:
    """A timestamp as local time of Shanghai, without its zone; one without a zone is that already."""
    if isinstance(found, pl.Datetime) and found.time_zone is not None:
        return column.dt.convert_time_zone(SHANGHAI).dt.replace_time_zone(None)
    return column


def without_empty_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with null for every empty text; columns without one are left as they are."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    empty = frame.select((pl.col(texts) == "").any()).row(0) if texts else ()
    emptied = [name for name, found in zip(texts, empty, strict=True) if found]
    return frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in emptied)


def from_text(file: InputFile, frame: pl.DataFrame, wanted: list[Column]) -> pl.DataFrame:
    """A frame with some columns of texts, as CSV gives them, parsed; an unreadable cell is refused."""
    if not wanted:
        return frame
    frame = without_empty_texts(frame)
    parsed = frame.with_columns(_parsed(column) for column in wanted if column.dtype != pl.String)
    for column in wanted:
        lost = (parsed[column.name].is_null() & frame[column.name].is_not_null()).arg_true()
        if lost.len():
            raise file.refuse(
                f"column {column.name}, row {int(lost[0]) + 1}: the cell cannot be read as "
                f"{WANTED[type(column.dtype)]} ({lost.len()} such)",
                "write dates as 2023-01-31, times as 2023-01-31 08:00:00, numbers as digits",
            )
    return parsed


def _parsed(column: Column) -> pl.Expr:
    """A text column parsed as its type, null where it cannot be."""
    text = pl.col(column.name)
    if column.dtype == pl.Date:
        day = text.str.replace(r"[ T]00:00(:00(\.0+)?)?$", "")
        return day.str.to_date("%Y-%m-%d", strict=False)
    if isinstance(column.dtype, pl.Datetime):
        zoned = text.str.contains(r"(Z|[+-]\d\d:?\d\d)$")
        aware = text.str.to_datetime(time_unit="us", time_zone=SHANGHAI, strict=False)
        naive = pl.coalesce(
            text.str.to_datetime(form, time_unit="us", strict=False)
            for form in ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")
        )
        day = text.str.to_date("%Y-%m-%d", strict=False).cast(column.dtype)
        return pl.when(zoned).then(aware.dt.replace_time_zone(None)).otherwise(pl.coalesce(naive, day))
    return text.cast(pl.Int64, strict=False)
