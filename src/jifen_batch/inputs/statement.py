"""Another system's figures, out of whatever it could export (specification 5, `reconcile`).

Headers and words are read as the mapping file says. A cell that does not fit refuses the whole
statement: half a statement would only show breaks that are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs import text_doubts
from jifen_batch.inputs.faults import Faults
from jifen_batch.inputs.files import PARQUET, InputFile, check_unchanged
from jifen_batch.inputs.find import find
from jifen_batch.inputs.formats.sheet import ROW
from jifen_batch.inputs.phrases import IS_EMPTY, in_column
from jifen_batch.inputs.safety import reading_now, survey
from jifen_batch.inputs.sheet_cells import read_cells
from jifen_batch.inputs.sheet_rows import SheetLayout, layout_of
from jifen_batch.inputs.wording import READINGS
from jifen_batch.sentence import Sentence, refusal
from jifen_batch.tables.reconciled import GRAIN
from jifen_batch.tables.statement import STATEMENT, VILLAGE_STATEMENT

if TYPE_CHECKING:
    from jifen_batch.inputs.mapping import Mapping
    from jifen_batch.inputs.remark import InputRemark

ROLE = STATEMENT.name
ROWS_MAX = 50_000_000
WORDS_MAX = 10_000
POINTS_MAX = 10**15
# Sums of anything shown here, ours and theirs, stay below 2^63.
ALL_POINTS_MAX = 10**18
# Years and quarters are words here, and read as such.
AS_TEXT = pl.Schema(
    {
        name: pl.Int64() if name == "points" else pl.String()
        for name in dict.fromkeys((*STATEMENT.names, *VILLAGE_STATEMENT.names))
    }
)


@dataclass(frozen=True)
class Known:
    """What our books know: categories and item codes; a statement may name no other."""

    categories: frozenset[str]
    items: frozenset[str]


@dataclass(frozen=True)
class Statement:
    """What the other system says: `rows` in the columns of `STATEMENT` that it has; from how many files.

    `passed_over` is what the folder holds beside and was not read, `warnings` say what of the files may be
    wrong.
    """

    rows: pl.DataFrame
    files: int
    passed_over: list[InputRemark]
    warnings: list[InputRemark]

    @property
    def keys(self) -> list[str]:
        """What a row is about: household or village, year, and of category, item and quarter those it has."""
        whom = "household_id" if "household_id" in self.rows.columns else "village_id"
        return [whom, "scoring_year", *(name for name in GRAIN if name in self.rows.columns)]


def read(location: str, mapping: Mapping, known: Known) -> Statement:
    """A statement of one file, or of a folder or glob of them.

    Rows stay as many as they are: a key twice is for matching to tell. No cell is null. Raises
    `InputRefusedError` with the files, columns and rows of whatever does not fit.
    """
    found = find(location, ROLE, mapping)
    _check_rows(found.files)
    faults = Faults()
    parts: list[pl.DataFrame] = []
    for file in found.files:
        with faults.kept():
            parts.append(_read(file, known))
            if parts[-1].columns != parts[0].columns:
                raise file.refuse(
                    Sentence(
                        f"has other columns than {found.files[0].place}",
                        f"与 {found.files[0].place} 的列不同",
                    ),
                    Sentence("let all files of a statement have the same", "请使对账表的各文件列相同"),
                )
    faults.refuse()
    rows = pl.concat(parts)
    if rows.height == 0:
        raise _refused(
            location,
            Sentence("has no row", "没有一行数据"),
            Sentence("check the file, its sheet and header_row", "请检查文件、工作表和 header_row"),
        )
    together = rows["points"].abs().cast(pl.Int128).sum()
    if together > ALL_POINTS_MAX:
        raise _refused(
            location,
            Sentence("its points together exceed 10^18", "积分合计超过 10^18"),
            Sentence("check the column", "请检查这一列"),
        )
    return Statement(rows, len(found.files), found.passed_over, [*text_doubts.remarks(found.files)])


def _refused(location: str, problem: Sentence, remedy: Sentence) -> InputRefusedError:
    """The complaint about a statement as a whole."""
    where = Sentence(f"{ROLE}: {location}", f"{ROLE}：{location}")
    return InputRefusedError(*refusal(where, problem, remedy))


def _check_rows(files: list[InputFile]) -> None:
    """Refuse more rows than anybody keeps accounts for, before they are read."""
    rows = 0
    for file in files:
        if file.format != PARQUET:
            continue
        with reading_now.on([file]):
            rows += survey.describe(file).rows or 0
        if rows > ROWS_MAX:
            raise file.refuse(
                Sentence(f"the statement has more than {ROWS_MAX:,} rows", f"对账表超过 {ROWS_MAX:,} 行"),
                Sentence("send it in several parts", "请分几次报送"),
            )


def _read(file: InputFile, known: Known) -> pl.DataFrame:
    """One file's rows as ours."""
    layout = _layout(file, known)
    cells = read_cells(layout, AS_TEXT)
    given = _Given(layout, cells.rows)
    faults = cells.faults()
    unread = set(cells.unreadable["column"])
    columns = [name for name in AS_TEXT.names() if name in given.columns and name not in unread]
    read = []
    for name in columns:
        with faults.kept():
            read.append(given.read(name, known))
    faults.refuse()
    check_unchanged([file])
    return pl.DataFrame(read)


def _layout(file: InputFile, known: Known) -> SheetLayout:
    """What the file says of itself: a statement of households, or where it names none, of villages."""
    words = {"category": known.categories, "item": known.items}
    try:
        return layout_of(file, STATEMENT, words)
    except InputRefusedError:
        try:
            return layout_of(file, VILLAGE_STATEMENT, words)
        except InputRefusedError:
            pass
        raise


@dataclass(frozen=True)
class _Given:
    """The rows of a statement as text, but for points."""

    layout: SheetLayout
    rows: pl.DataFrame

    @property
    def columns(self) -> set[str]:
        """The columns that the file or its mapping has."""
        wide = self.layout.mapping.file.wide
        return {*self.layout.found, *self.layout.mapping.constants} | (
            {wide.columns, wide.cells or "points"} if wide else set()
        )

    def read(self, name: str, known: Known) -> pl.Series:
        """A column as ours. Raises `InputRefusedError`."""
        cells = self.rows[name]
        if cells.has_nulls():
            raise self.refuse(
                name,
                cells.is_null(),
                IS_EMPTY,
                Sentence(
                    "fill it in (of merged cells each; or name it in fill_down under [file] of --mapping), "
                    "or leave lines of totals out by skip_rows_where",
                    "请填写（合并的单元格要逐格填写，或在 --mapping 的 [file] 中写 fill_down）；"
                    "合计行请用 skip_rows_where 略去",
                ),
            )
        if name in {"household_id", "village_id"}:
            return cells
        if name == "points":
            beyond = ~cells.is_between(-POINTS_MAX, POINTS_MAX)
            if beyond.any():
                raise self.refuse(
                    name,
                    beyond,
                    Sentence("is beyond 10^15 either way", "绝对值超过 10^15"),
                    Sentence("check the number", "请核对这个数"),
                )
            return cells
        words = {"category": known.categories, "item": known.items}.get(name)
        read = self._worded(name, words)
        return read.cast(pl.Int32) if name == "scoring_year" else read

    def _worded(self, column: str, known: frozenset[str] | None) -> pl.Series:
        """A column of few different words, each as one of those known, or as a year or quarter is read."""
        cells = self.rows[column]
        different = cells.unique()
        if different.len() > WORDS_MAX:
            raise self.layout.file.refuse(
                Sentence(
                    f"column {self.header(column)} has more than {WORDS_MAX:,} different values",
                    f"{self.header(column)} 列的不同值超过 {WORDS_MAX:,} 个",
                ),
                Sentence("check that it is the right column", "请核对是否选对了列"),
            )
        if known is None:
            reading = READINGS[column]
            meant = [reading.read(word) for word in different]
            problem = Sentence(f"is no {column}", f"不是 {column} 的写法")
            shown = "2023" if column == "scoring_year" else "2023Q3"
            remedy = Sentence(f"write it as {shown}, ", f"请写成 {shown}，")
        else:
            meant = [word if word in known else None for word in different]
            problem = Sentence(f"names no {column} of our books", f"不是本系统细则中的 {column}")
            remedy = Sentence("", "")
        read = cells.replace_strict(different, pl.Series(meant, dtype=pl.String), return_dtype=pl.String)
        if read.has_nulls():
            raise self.refuse(
                column,
                read.is_null(),
                Sentence(
                    f"{problem.en}, {meant.count(None)} different in all",
                    f"{problem.zh}，共 {meant.count(None)} 种",
                ),
                Sentence(
                    f"{remedy.en}add what it means under [values.{column}] of --mapping",
                    f"{remedy.zh}请在 --mapping 的 [values.{column}] 中写明它的意思",
                ),
            )
        return read

    def header(self, column: str) -> str:
        """What the file calls one of our columns."""
        return self.layout.headers.get(column, column)

    def refuse(self, column: str, wrong: pl.Series, problem: Sentence, remedy: Sentence) -> InputRefusedError:
        """The complaint about a column's cells that are marked: the first rows."""
        rows = self.rows[ROW].filter(wrong.fill_null(value=False))
        return self.layout.file.refuse(in_column(self.header(column), rows, problem), remedy)
