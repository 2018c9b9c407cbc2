"""A table out of somebody else's file: their columns found by the mapping, and given our names.

What the cells say is left to whoever knows the table; here they are only found, with the row that a
complaint about them names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from jifen_batch.inputs.files import CSV, check_unchanged
from jifen_batch.inputs.formats import text_cells
from jifen_batch.inputs.formats.text_cells import ROW
from jifen_batch.inputs.mapping import plain
from jifen_batch.inputs.read_table import read_table
from jifen_batch.inputs.safety import reading_now, survey
from jifen_batch.tables import Table
from jifen_batch.tables.column import INT, TEXT, Column

if TYPE_CHECKING:
    from jifen_batch.errors import InputRefusedError
    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.mapping import Mapping
    from jifen_batch.inputs.safety.survey import Described


@dataclass(frozen=True)
class Foreign:
    """One row per row of a file that is not skipped: our columns, and `@row`, the row it stands in.

    Columns are text, or Int64 where a typed file has whole numbers. `headers` are theirs by our column;
    `of_sheet`: rows count from the sheet's first, else from the file's first row of data.
    """

    file: InputFile
    rows: pl.DataFrame
    headers: dict[str, str]
    of_sheet: bool

    def refuse(self, column: str, wrong: pl.Series, problem: str, remedy: str) -> InputRefusedError:
        """The complaint about a column's cells that are marked: the first one's row, and how many."""
        first = wrong.fill_null(value=False).arg_max() or 0
        where = f"row {self.rows[ROW][first]}{' of the sheet' if self.of_sheet else ''}"
        return self.file.refuse(
            f"column {self.headers.get(column, column)}, {where}: {problem} ({wrong.sum()} such)", remedy
        )


def read(file: InputFile, mapping: Mapping, table: Table) -> Foreign:
    """The rows of a file, in those of the table's columns that it, or the mapping's constants, has.

    Raises `InputRefusedError` for a file that cannot be read, a required column that is missing, or
    one that stands twice.
    """
    of_sheet = text_cells.is_sheet(file) or file.format == CSV
    if of_sheet:
        with reading_now.on([file]):
            sheet = text_cells.read(file, mapping.file)
        found = _found(file, dict(zip(sheet.headers, sheet.headers, strict=True)), mapping, table)
        rows, broken = sheet.rows, sheet.broken
    else:
        broken = {}
        with reading_now.on([file]):
            actual = survey.describe(file)
        found = _found(file, {plain(name): name for name in actual.names}, mapping, table)
        rows = _typed(file, actual, found, mapping, table)
    check_unchanged([file])
    rows = _without_skipped(rows, mapping)
    rows = rows.select(ROW, *(pl.col(header).alias(column) for column, header in found.items()))
    _refuse_errors(Foreign(file, rows, found, of_sheet), broken)
    filled = [column for column in mapping.file.fill_down if column in found]
    rows = rows.with_columns(
        pl.col(filled).forward_fill(),
        *(pl.lit(value).alias(column) for column, value in mapping.constants.items()),
    )
    return Foreign(file, rows, found, of_sheet)


def _refuse_errors(given: Foreign, broken: dict[str, list[int]]) -> None:
    """Refuse formulas that came to an error; `broken` are their rows by header."""
    for column, header in given.headers.items():
        wrong = given.rows[ROW].is_in(broken.get(header, []))
        if wrong.any():
            raise given.refuse(
                column, wrong, "is a formula's error", "correct the formula, or write the value"
            )


def _found(file: InputFile, headers: dict[str, str], mapping: Mapping, table: Table) -> dict[str, str]:
    """The file's header for each of our columns that it has; `headers` are the file's by their plain form."""
    found: dict[str, str] = {}
    for column in table.names:
        if column in mapping.constants:
            if column in headers:
                raise file.refuse(
                    f"has a column {headers[column]}, and the mapping has a constant for it",
                    "take it out of [constants] of --mapping, or the column out of the file",
                )
            continue
        wanted = mapping.headers.get(column, [column])
        present = [header for header in wanted if header in headers]
        if len(present) > 1:
            raise file.refuse(f"has several headers for {column}: {', '.join(present)}", "keep one of them")
        if present:
            found[column] = headers[present[0]]
        elif column in table.required or column in mapping.headers:
            raise file.refuse(
                f"required column {column} is missing, looked for under {' or '.join(wanted)}",
                "add the column, or name its header under [columns] of --mapping",
            )
    missing = [header for header in mapping.skip if header not in headers]
    if missing:
        raise file.refuse(
            f"has no column {missing[0]}, which skip_rows_where names", "correct it in the mapping file"
        )
    return found


def _typed(
    file: InputFile, actual: Described, found: dict[str, str], mapping: Mapping, table: Table
) -> pl.DataFrame:
    """The rows of a typed file in the columns asked for, whole numbers as Int64, all else as text."""
    wanted = {header: table.schema[column].is_integer() for column, header in found.items()}
    by_plain = {plain(name): name for name in actual.names}
    wanted |= {by_plain[header]: False for header in mapping.skip if by_plain[header] not in wanted}
    columns = tuple(
        Column(header, INT if whole and not _is_text(actual, header) else TEXT, "", nullable=True)
        for header, whole in wanted.items()
    )
    rows, _ = read_table([file], Table(table.name, columns))
    return rows.with_row_index(ROW, 1).with_columns(pl.col(ROW).cast(pl.Int64))


def _is_text(described: Described, name: str) -> bool:
    kind = described.types[described.names.index(name)]
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return kind in {pa.string(), pa.large_string(), pa.string_view()}


def _without_skipped(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Rows but those that the mapping leaves out, such as totals."""
    by_plain: dict[str, str] = {plain(name): name for name in rows.columns}
    skipped = [
        words(pl.col(by_plain[header]).cast(pl.String)).is_in(said) for header, said in mapping.skip.items()
    ]
    return rows.filter(~pl.any_horizontal(skipped).fill_null(value=False)) if skipped else rows


def words(cells_: pl.Expr) -> pl.Expr:
    """Cells as words are compared: `mapping.plain`, over a column."""
    return cells_.str.normalize("NFKC").str.strip_chars()
