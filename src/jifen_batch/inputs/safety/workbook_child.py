"""A spreadsheet read in a process of its own, for the library that reads it may take it down.

A sheet of two cells can ask for half a terabyte, and its reader then ends the process. Started as
`python -m jifen_batch.inputs.safety.workbook_child FILE [SHEET]`: all cells as text go to stdout as an Arrow
stream, and the exit code says what was wrong.
"""

from __future__ import annotations

import json
import resource
import sys
from enum import IntEnum
from pathlib import Path

# Half of the first is what the libraries reserve and never use; the last is for the largest of files.
MEMORY_BYTES, MEMORY_PER_BYTE, MEMORY_BYTES_MAX = 2 << 30, 40, 4 << 30
COLUMNS_MAX = 256
ERRORS = b"errors"
# How the library that reads sheets names what a formula came to, and how Excel shows it.
WORDS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
}
OTHER_WORD = "#VALUE!"


class Said(IntEnum):
    """What the exit code says; any other means that the file cannot be read."""

    READ = 0
    NO_SUCH_SHEET = 40
    TOO_WIDE = 41


def main(path: str, sheet: str | None) -> int:
    """Write the cells of a sheet, the first where none is named, to stdout; the exit code.

    Columns are named by their number from 0; the schema's metadata carry `errors`: row, column and word of
    formulas that came to nothing.
    """
    memory = min(MEMORY_BYTES_MAX, MEMORY_BYTES + MEMORY_PER_BYTE * Path(path).stat().st_size)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # PyArrow takes numpy along where it finds it: half of this process's life, and nothing here asks for it.
    sys.modules["numpy"] = None  # type: ignore[assignment]  # an import of what is null finds nothing
    import fastexcel  # noqa: PLC0415 - only under the limit
    import pyarrow as pa  # noqa: PLC0415 - likewise

    book = fastexcel.read_excel(path)
    if sheet is not None and sheet not in book.sheet_names:
        return Said.NO_SUCH_SHEET
    # Without rows to skip, empty ones at the head would be left out, and the numbers of rows be wrong.
    cells = book.load_sheet(
        0 if sheet is None else sheet, header_row=None, skip_rows=0, dtypes="string", whitespace_as_null=True
    )
    if cells.width > COLUMNS_MAX:
        return Said.TOO_WIDE
    if cells.width == 0:
        batch, places = pa.record_batch({"0": pa.array([], pa.string())}), []
    else:
        batch, errors = cells.to_arrow_with_errors()
        places = [(*error.offset_position, shown(error.detail)) for error in errors.errors] if errors else []
        batch = batch.rename_columns([str(number) for number in range(batch.num_columns)])
    batch = batch.replace_schema_metadata({ERRORS: json.dumps(places)})
    with pa.ipc.new_stream(sys.stdout.buffer, batch.schema) as stream:
        stream.write_batch(batch)
    return Said.READ


def shown(detail: str) -> str:
    """What Excel shows for a formula of which the library says this."""
    return next((word for name, word in WORDS.items() if f"Error({name})" in detail), OTHER_WORD)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if sys.argv[2:] else None))
