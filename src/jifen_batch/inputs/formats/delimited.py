"""Small inputs from spreadsheets: CSV files read as text, then cell by cell as the specification's types.

Nothing is guessed: what a column holds follows from the specification, and a cell that does not fit is
named by its row, never by what it holds.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

import polars as pl

from jifen_batch.clock import SHANGHAI_SECONDS
from jifen_batch.inputs.normal_form import INT64_MAX, INT64_MIN, refuse
from jifen_batch.inputs.safety import limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.errors import InputRefusedError
    from jifen_batch.inputs.files import InputFile

DATE_FORM = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
TIME_FORM = (
    "^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?<minute>(?:[01][0-9]|2[0-3]):[0-5][0-9])"
    "(?<second>:[0-5][0-9])?(?<fraction>\\.[0-9]{1,9})?"
    "(?:Z|(?<sign>[+-])(?<hours>[0-9]{2}):?(?<minutes>[0-9]{2}))?$"
)
WHOLE_FORM = "^[+-]?[0-9]+$"


def header(file: InputFile) -> list[str]:
    """Column names of a CSV file; empty for an empty file.

    Raises `InputRefusedError` if it is no text, or has no line that ends.
    """
    try:
        with file.path.open(encoding="utf-8-sig", newline="") as text:
            return next(csv.reader(_lines(file, text)), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise _no_csv(file) from error


def _lines(file: InputFile, text: TextIO) -> Iterator[str]:
    """The lines of a text, none beyond what is taken for a header."""
    while line := text.readline(limits.METADATA_BYTES_MAX + 1):
        limits.check_metadata(file, len(line))
        yield line


def read_text(file: InputFile, columns: list[str]) -> pl.DataFrame:
    """The named columns as strings, in that order; rows in which all of them are empty are blank lines.

    Raises `InputRefusedError` for a file that is not CSV in UTF-8 with as many fields in every row.
    """
    if not columns:
        return pl.DataFrame()
    try:
        frame = pl.read_csv(file.path, columns=columns, infer_schema=False, glob=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise _no_csv(file) from error
    frame = frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in columns)
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))


def parsed(text: pl.DataFrame, wanted: pl.Schema) -> pl.DataFrame:
    """Strings as dates (2023-01-31), Shanghai times (2023-01-31T17:00:00, with a zone or without), integers.

    Raises `UnreadableCellsError` for cells of another form.
    """
    return text.with_columns(
        _column(text[name], kind) for name, kind in wanted.items() if name in text.columns
    )


def _column(cells: pl.Series, wanted: pl.DataType) -> pl.Series:
    if wanted in (pl.String, pl.Categorical):
        return cells
    if wanted == pl.Date:
        read, form = _dates(cells), "a date as 2023-01-31"
    elif wanted.is_integer():
        read, form = _wholes(cells), "an integer"
    else:
        read, form = _times(cells), "a timestamp as 2023-01-31T17:00:00"
    refuse(cells.name, read.is_null() & cells.is_not_null(), "something else", form)
    return read


def _dates(cells: pl.Series) -> pl.Series:
    """Dates, null where a cell is none."""
    wellformed = pl.when(cells.str.contains(DATE_FORM)).then(cells)
    return pl.select(wellformed.str.to_date("%Y-%m-%d", strict=False).alias(cells.name)).to_series()


def _wholes(cells: pl.Series) -> pl.Series:
    """Integers, null where a cell is none; what Int64 cannot hold becomes its nearest."""
    wellformed = pl.when(cells.str.contains(WHOLE_FORM)).then(cells)
    beyond = pl.when(cells.str.starts_with("-")).then(pl.lit(INT64_MIN)).otherwise(pl.lit(INT64_MAX))
    whole = wellformed.str.strip_prefix("+").cast(pl.Int64, strict=False)
    return pl.select(
        pl.when(wellformed.is_not_null()).then(whole.fill_null(beyond)).alias(cells.name)
    ).to_series()


def _times(cells: pl.Series) -> pl.Series:
    """Timestamps in Shanghai time, null where a cell is none."""
    part = cells.str.extract_groups(TIME_FORM).struct.unnest()
    local = pl.concat_str(
        "day",
        pl.lit("T"),
        "minute",
        pl.col("second").fill_null(":00"),
        pl.col("fraction").fill_null(".0").str.slice(0, 7),
    ).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    ahead = pl.col("hours").cast(pl.Int64) * 3600 + pl.col("minutes").cast(pl.Int64) * 60
    ahead = pl.when(pl.col("sign") == "-").then(-ahead).otherwise(ahead)
    shift = pl.when(cells.str.ends_with("Z")).then(SHANGHAI_SECONDS).otherwise(SHANGHAI_SECONDS - ahead)
    return part.select((local + pl.duration(seconds=shift.fill_null(0))).alias(cells.name)).to_series()


def _no_csv(file: InputFile) -> InputRefusedError:
    return file.refuse(
        "is not CSV in UTF-8 with a field for every column of its first line", "save it again as CSV UTF-8"
    )
