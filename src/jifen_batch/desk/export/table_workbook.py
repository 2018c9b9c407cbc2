"""A table as a workbook for Excel and WPS: every cell is what it is, text, number or day, and no formula.

Rows go to the disk as they come, beside the file that is being made. A second sheet says what each column
means.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter

from jifen_batch.desk.export.cells import safe_texts
from jifen_batch.notices.printed.workbook import MAX_EXACT, OPTIONS
from jifen_batch.notices.table_words import TABLES, header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from jifen_batch.tables import Table

WIDTH, MEANING_WIDTH = 16, 60
MEANINGS = "说明"
MEANING_HEADERS = ["表头", "列名", "含义"]
FORMATS = {
    "header": {"bold": True, "bottom": 1},
    "day": {"num_format": "yyyy-mm-dd"},
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}
# Excel counts days from 1900, and takes that year for a leap year: before March it is a day out.
FIRST_EXCEL_DAY = date(1900, 3, 1)


def write(path: Path, table: Table, batches: Iterable[pl.DataFrame], made_on: date) -> None:
    """Write rows of a table, null as an empty cell; `made_on` stands in the file as its day."""
    options = OPTIONS | {"in_memory": False, "constant_memory": True, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": datetime(made_on.year, made_on.month, made_on.day)})  # noqa: DTZ001 - a day
        formats = {name: book.add_format(said) for name, said in FORMATS.items()}
        _fill(book.add_worksheet(TABLES[table.name]), table, batches, formats)
        _explain(book.add_worksheet(MEANINGS), table, formats)


def _fill(sheet: Any, table: Table, batches: Iterable[pl.DataFrame], formats: dict[str, Any]) -> None:  # noqa: ANN401 - the library has no types
    """The table: headers that stay, then the rows."""
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(table.names) - 1, WIDTH)
    for column, name in enumerate(table.names):
        sheet.write_string(0, column, header(name), formats["header"])
    at = 0
    for batch in batches:
        texts = [safe_texts(batch[name]) for name, kind in batch.schema.items() if kind == pl.String]
        writers = [_writer(sheet, kind, formats) for kind in batch.schema.values()]
        for at, row in enumerate(batch.with_columns(texts).iter_rows(), at + 1):  # noqa: B020 - goes on where it was
            for column, cell in enumerate(row):
                if cell is not None:
                    writers[column](at, column, cell)


def _writer(sheet: Any, kind: pl.DataType, formats: dict[str, Any]) -> Callable[[int, int, Any], object]:  # noqa: ANN401 - likewise
    """What writes a cell of a column of this type; what Excel cannot count with stands as text."""
    if kind == pl.String:
        return sheet.write_string  # type: ignore[no-any-return]  # the library has no types
    if kind == pl.Boolean:
        return sheet.write_boolean  # type: ignore[no-any-return]  # likewise

    def number(at: int, column: int, cell: int) -> None:
        if abs(cell) < MAX_EXACT:
            sheet.write_number(at, column, cell)
        else:
            sheet.write_string(at, column, str(cell))

    def day(at: int, column: int, cell: date) -> None:
        if (cell.date() if isinstance(cell, datetime) else cell) < FIRST_EXCEL_DAY:
            sheet.write_string(at, column, str(cell))
        else:
            sheet.write_datetime(at, column, cell, formats["time" if isinstance(cell, datetime) else "day"])

    return day if kind.is_temporal() else number


def _explain(sheet: Any, table: Table, formats: dict[str, Any]) -> None:  # noqa: ANN401 - likewise
    """What each column is called in the program, and means."""
    sheet.set_column(0, 1, WIDTH)
    sheet.set_column(2, 2, MEANING_WIDTH)
    for column, name in enumerate(MEANING_HEADERS):
        sheet.write_string(0, column, name, formats["header"])
    for at, one in enumerate(table, 1):
        for column, text in enumerate((header(one.name), one.name, one.meaning)):
            sheet.write_string(at, column, text)
