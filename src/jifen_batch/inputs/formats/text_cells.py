"""Spreadsheets as they are: rows of text cells with their number in the sheet, CSV or XLSX.

Excel in China writes CSV as GB18030, with a comma, semicolon or tab, titles above the header and blank
rows below. Nothing of that is guessed from what cells mean, only from their bytes.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from jifen_batch.inputs import mapping
from jifen_batch.inputs.safety import limits
from jifen_batch.inputs.safety.workbook_child import COLUMNS_MAX, ERRORS, Said

if TYPE_CHECKING:
    from jifen_batch.errors import InputRefusedError
    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.mapping import FileForm

SHEET_BYTES_MAX = 256 << 20
SHEET_SECONDS_MAX = 300
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = (",", ";", "\t")
ROW = "@row"


@dataclass(frozen=True)
class Cells:
    """The rows below the header, blank ones left out: text by header, and `@row`, the row of the sheet.

    Headers are as `mapping.plain` makes them; columns without one are left out. `broken` are the rows,
    by header, in which a formula came to an error such as a division by zero: null stands there.
    """

    file: InputFile
    rows: pl.DataFrame
    broken: dict[str, list[int]]

    @property
    def headers(self) -> list[str]:
        """The headers, in order."""
        return self.rows.columns[1:]


def read(file: InputFile, form: FileForm) -> Cells:
    """A spreadsheet's cells. Raises `InputRefusedError`: damaged, too large, no such row or sheet."""
    try:
        size = file.path.stat().st_size
        if size > SHEET_BYTES_MAX:
            raise file.refuse(f"is larger than {SHEET_BYTES_MAX:,} bytes", "send it as Parquet")
        return _of_sheet(file, form) if is_sheet(file) else _of_csv(file, form)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise file.refuse(f"cannot be read ({reason})", "check the file and its permissions") from error


def is_sheet(file: InputFile) -> bool:
    """Whether a file is a workbook rather than CSV."""
    return file.path.suffix.lower() == ".xlsx"


def _of_csv(file: InputFile, form: FileForm) -> Cells:
    """The cells of a CSV file."""
    text = _decoded(file, form)
    for line in itertools.islice(io.StringIO(text, newline=""), form.header_row):
        limits.check_metadata(file, len(line))
    delimiter = form.delimiter or _delimiter(text, form.header_row)
    titles = io.StringIO(text, newline="")
    lines = csv.reader(titles, delimiter=delimiter)
    names: list[str] = []
    try:
        for _ in range(form.header_row):
            names = next(lines)
    except StopIteration:
        raise _no_header(file, form) from None
    except csv.Error as error:
        raise _no_csv(file) from error
    if not any(names):
        raise _no_header(file, form)
    _check_width(file, len(names))
    body = titles.read().encode()
    schema = {str(number): pl.String() for number in range(len(names))}
    try:
        rows = pl.read_csv(body, has_header=False, separator=delimiter, schema=schema, raise_if_empty=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise _no_csv(file) from error
    return _tabled(file, names, rows, lines.line_num + 1, [])


def _decoded(file: InputFile, form: FileForm) -> str:
    """A file's text, in the encoding that the mapping names, else UTF-8 or GB18030, whichever it is."""
    content = file.path.read_bytes()
    tried = [name for name in ENCODINGS if form.encoding is None or name.startswith(form.encoding)]
    for encoding in tried:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise file.refuse(
        f"is no text in {form.encoding or 'UTF-8 or GB18030'}",
        "save it again as CSV UTF-8",
    )


def _delimiter(text: str, header_row: int) -> str:
    """The sign that cuts the header into most cells; a comma where none does."""
    head = io.StringIO(text, newline="")
    line = ""
    for _ in range(header_row):
        line = head.readline()
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([line], delimiter=sign), [])))


def _of_sheet(file: InputFile, form: FileForm) -> Cells:
    """The cells of a workbook's sheet."""
    try:
        with zipfile.ZipFile(file.path) as parts:
            limits.FileClaims().add(file, rows=0, unpacked=sum(part.file_size for part in parts.infolist()))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _no_workbook(file) from error
    command = [sys.executable, "-m", "jifen_batch.inputs.safety.workbook_child", str(file.path)]
    command += [] if form.sheet is None else [form.sheet]
    try:
        # The child reads one file and writes to a pipe; its words on stderr may quote cells.
        done = subprocess.run(command, capture_output=True, timeout=SHEET_SECONDS_MAX, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise file.refuse(f"takes more than {SHEET_SECONDS_MAX} s to read", "send it as Parquet") from error
    if done.returncode == Said.NO_SUCH_SHEET:
        raise file.refuse("has no sheet of the name that the mapping gives", "correct [file] sheet there")
    if done.returncode == Said.TOO_WIDE:
        _check_width(file, COLUMNS_MAX + 1)
    if done.returncode != Said.READ:
        raise _no_workbook(file)
    with pa.ipc.open_stream(done.stdout) as stream:
        arrow = stream.read_all()
    rows = pl.from_arrow(arrow)
    assert isinstance(rows, pl.DataFrame)  # noqa: S101 - a table gives a frame
    names = [cell or "" for cell in rows.row(form.header_row - 1)] if rows.height >= form.header_row else []
    if not any(names):
        raise _no_header(file, form)
    errors = json.loads((arrow.schema.metadata or {}).get(ERRORS, b"[]"))
    return _tabled(file, names, rows.slice(form.header_row), form.header_row + 1, errors)


def letters(number: int) -> str:
    """A column's letters in a spreadsheet, by its number from 0."""
    number, last = divmod(number, 26)
    return (letters(number - 1) if number else "") + chr(ord("A") + last)


def _tabled(
    file: InputFile, names: list[str], rows: pl.DataFrame, first_row: int, errors: list[list[int]]
) -> Cells:
    """Rows under their headers; blank cells are null, blank rows left out.

    `errors` are the rows and columns, both from 0, of formulas that came to nothing.
    """
    headers = [mapping.plain(name) for name in names]
    twice = [header for header, count in Counter(headers).items() if header and count > 1]
    if twice:
        number = headers.index(twice[0], headers.index(twice[0]) + 1)
        raise file.refuse(f"the header of column {letters(number)} stands twice", "keep one of them")
    # Blanks alone are no value.
    rows = rows.with_columns(
        pl.when(pl.all().str.strip_chars() != "").then(pl.all()).name.keep()
    ).with_row_index(ROW, first_row)
    broken = {
        header: [row + 1 for row, column in errors if headers[column] == header]
        for header in headers
        if header
    }
    not_blank = ~pl.all_horizontal(pl.exclude(ROW).is_null())
    filled = rows.filter(not_blank | pl.col(ROW).is_in([row + 1 for row, _ in errors]))
    named = [pl.col(str(number)).alias(header) for number, header in enumerate(headers) if header]
    return Cells(file, filled.select(pl.col(ROW).cast(pl.Int64), *named), broken)


def _check_width(file: InputFile, columns: int) -> None:
    if columns > COLUMNS_MAX:
        raise file.refuse(f"has more than {COLUMNS_MAX} columns", "send only the columns that are needed")


def _no_header(file: InputFile, form: FileForm) -> InputRefusedError:
    return file.refuse(
        f"has no header in row {form.header_row}",
        "name the right row as header_row under [file] of --mapping",
    )


def _no_workbook(file: InputFile) -> InputRefusedError:
    return file.refuse(
        "cannot be read as XLSX: it is damaged, locked, of another format, or has cells far apart",
        "copy the table into a new workbook, and save that",
    )


def _no_csv(file: InputFile) -> InputRefusedError:
    return file.refuse(
        "is not CSV with at most as many fields in a row as its header has", "save it again as CSV UTF-8"
    )
