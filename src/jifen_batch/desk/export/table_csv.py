"""A table as CSV for Excel and WPS: UTF-8 with its mark at the beginning, Chinese headers, no formula."""

from __future__ import annotations

import codecs
import io
from typing import IO, TYPE_CHECKING

import polars as pl

from jifen_batch.desk.export.cells import safe_texts
from jifen_batch.notices.table_words import header

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jifen_batch.tables import Table

LINE_END = "\r\n"
TIMES = "%Y-%m-%d %H:%M:%S"


def write(path: Path, table: Table, batches: Iterable[pl.DataFrame]) -> None:
    """Write rows of a table, null as an empty cell."""
    with path.open("wb") as file:
        _put(file, map(header, table.names), batches)


def sheet(rows: pl.DataFrame) -> bytes:
    """The same of rows that are no table's, under the names of their columns."""
    content = io.BytesIO()
    _put(content, rows.columns, [rows])
    return content.getvalue()


def _put(file: IO[bytes], headers: Iterable[str], batches: Iterable[pl.DataFrame]) -> None:
    file.write(codecs.BOM_UTF8)
    file.write(f"{','.join(headers)}{LINE_END}".encode())
    for batch in batches:
        texts = [safe_texts(batch[name]) for name, kind in batch.schema.items() if kind == pl.String]
        batch.with_columns(texts).write_csv(
            file,
            include_header=False,
            line_terminator=LINE_END,
            datetime_format=TIMES,
            # Where semicolons part cells, a text without quotes would be cut, its rest perhaps a formula.
            quote_style="non_numeric",
        )
