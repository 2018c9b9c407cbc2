"""A sheet's cells as the types of a table, and those that cannot be read, each with its place.

In most inputs one such cell refuses the file, with the first places; of events it takes its row out.
"""

from __future__ import annotations

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs import spoilt_ids
from jifen_batch.inputs.faults import Faults
from jifen_batch.inputs.formats.sheet import NOT_SAVED, ROW
from jifen_batch.inputs.phrases import in_column, rows_named
from jifen_batch.inputs.sheet_rows import SheetLayout, SheetRows, habits_of, rows_of
from jifen_batch.inputs.text_forms import NO_VALUE, TOO_NARROW, form_of, parsed
from jifen_batch.sentence import Sentence

FORMULA_ERROR = Sentence("is a formula's error", "是公式错误")
CORRECT_FORMULA = Sentence("correct the formula, or write the value", "请改正公式，或直接填写数值")
NO_ROOM = Sentence("shows #### in place of its value", "只显示 ####，没有内容")
WIDEN = Sentence(
    "widen the column in the sheet until all shows, and save it again", "请在表中把这一列拉宽到能看全，再保存"
)
NOT_KEPT = Sentence("is a formula whose value was not saved", "是公式，文件里没有保存它的结果")
SAVE_ANEW = Sentence("open the file in Excel or WPS, and save it", "请用 Excel 或 WPS 打开文件，保存后再报送")
OF_CELLS = {
    "column": pl.String(),
    ROW: pl.Int64(),
    "text": pl.String(),
}


@dataclass(frozen=True)
class SheetCells:
    """A sheet's rows read: `@row` and the wanted columns, null where a cell cannot be read.

    `unreadable` are those cells: our `column`, `@row` and the `text`; `misfits` rows that do not fit the
    header (`Cells`).
    """

    layout: SheetLayout
    rows: pl.DataFrame
    unreadable: pl.DataFrame
    misfits: pl.DataFrame

    def header(self, column: str) -> str:
        """What the sheet calls one of our columns."""
        return self.layout.headers.get(column, column)

    def faults(self) -> Faults:
        """Everything that cannot be read, by column, with the first places."""
        faults = Faults()
        self.add_faults(faults)
        return faults

    def add_faults(self, faults: Faults) -> None:
        """Add to some faults what cannot be read."""
        for column in self.unreadable["column"].unique(maintain_order=True):
            cells = self.unreadable.filter(pl.col("column") == column)
            is_error = pl.col("text").str.contains(NO_VALUE)
            not_saved = pl.col("text") == NOT_SAVED
            form = form_of(self.rows.schema[column])
            self._add(faults, cells.filter(~is_error), form.problem, form.remedy)
            no_room = pl.col("text").str.contains(TOO_NARROW)
            self._add(faults, cells.filter(no_room), NO_ROOM, WIDEN)
            self._add(faults, cells.filter(is_error & ~not_saved & ~no_room), FORMULA_ERROR, CORRECT_FORMULA)
            self._add(faults, cells.filter(not_saved), NOT_KEPT, SAVE_ANEW)
        if self.misfits.height:
            width = len(self.layout.sheet.names)
            rows = rows_named(self.misfits[ROW].unique().sort())
            faults.add(
                self.layout.file.refuse(
                    Sentence(
                        f"{rows.en}: not as many fields as the header, which has {width}",
                        f"{rows.zh}：栏数与表头不同，表头有 {width} 栏",
                    ),
                    Sentence(
                        "give each row a field for every column: look for a comma too many or too few",
                        "请使每一行都与表头栏数相同，核对多出或缺少的逗号",
                    ),
                )
            )

    def _add(self, faults: Faults, cells: pl.DataFrame, problem: Sentence, remedy: Sentence) -> None:
        """Add a complaint about cells of one column, if there are any."""
        if cells.height:
            column, rows = self.header(cells["column"][0]), cells[ROW].unique().sort()
            faults.add(self.layout.file.refuse(in_column(column, rows, problem), remedy))


def read_cells(layout: SheetLayout, wanted: pl.Schema) -> SheetCells:
    """The cells of a sheet in these types; columns that it lacks are null.

    Raises `InputRefusedError` for a file that cannot be read, and for ids that a spreadsheet spoilt.
    """
    given = rows_of(layout)
    spoilt_ids.refuse(layout.file, given.rows)
    columns, unreadable = [given.rows[ROW]], []
    for name, kind in wanted.items():
        if name not in given.rows.columns:
            columns.append(pl.repeat(None, given.rows.height, dtype=kind, eager=True).alias(name))
            continue
        cells = given.rows[name]
        read = parsed(cells, kind, habits_of(layout, name))
        columns.append(read.cast(kind).alias(name))
        unreadable.append(_unread(given, name, read.is_null() & cells.is_not_null()))
    unread = pl.concat(unreadable) if unreadable else pl.DataFrame(schema=OF_CELLS)
    return SheetCells(layout, pl.DataFrame(columns), unread, given.misfits)


def _unread(given: SheetRows, column: str, wrong: pl.Series) -> pl.DataFrame:
    """The cells of a column that are marked (`OF_CELLS`)."""
    cells = given.rows.select(ROW, text=column).filter(wrong)
    return cells.select(pl.lit(column).alias("column"), ROW, "text")
