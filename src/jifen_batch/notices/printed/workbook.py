"""A paper as a workbook (XLSX) to print on A4 or A3: nothing in it is a formula.

The same document gives the same bytes. It is made in memory: no temporary file ever holds what a notice says.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter

from jifen_batch.notices.printed.document import CENTRED, DASH, is_number, said
from jifen_batch.notices.printed.pages import DRAFT
from jifen_batch.notices.printed.paper import (
    MARGIN_MM,
    choose,
    column_widths,
    header_lines,
    lines_of,
    widest_cells,
    width_of,
)
from jifen_batch.notices.printed.table_sheet import Look, TableSheet
from jifen_batch.notices.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.notices.printed.document import Cell, Closing, Document, Page
    from jifen_batch.notices.printed.paper import Paper

# What begins a formula in some program or other; full-width and other twins are found by NFKC.
FORMULA_SIGNS = "=+-@"
# A text that begins so is taken by the library for cell formatting in XML, and put there as it stands.
RICH_TEXT = "<r>"
PLAIN = "'"
MAX_TEXT = 16_000
# Numbers beyond show rounded; no sum of points comes near.
MAX_EXACT = 10**15
MAX_ROWS = 1_000_000
A4 = 9
PAPERS = {"A3": 8, "A4": A4}
MM_PER_INCH = 25.4
# A column of width 1 is this wide, as long as the workbook's own letters are not changed.
MM_PER_WIDTH = 1.95
# In a cell beside its text; how high a line is, in its points; the highest row that programs take.
ROOM_MM, LINE_HEIGHT, HIGHEST = 2.5, 1.7, 400
TITLE_POINTS = 22
FONT = "宋体"
WIDE = "　"
BLANK = "＿" * 8
TEXTS_KEPT = 1 << 14
# Every cell is written as what it is; the library is not to guess either, whoever writes the next one.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# A blank behind figures and dashes: an indent is not heeded by LibreOffice where figures stand side by side.
FIGURE = "#,##0_ ;-#,##0_ ;0_ ;@_ "
CELL = {"border": 1, "text_wrap": True, "valign": "vcenter"}
FORMATS = {
    "title": {
        "bold": True,
        "font_size": TITLE_POINTS,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "line": {"text_wrap": True, "valign": "vcenter"},
    "box": CELL | {"bold": True},
    "header": CELL | {"bold": True, "align": "center", "bg_color": "#E7E6E6"},
    "text": CELL | {"indent": 1},
    "centred": CELL | {"align": "center"},
    "number": CELL | {"num_format": FIGURE, "align": "right"},
    "total": CELL | {"num_format": FIGURE, "align": "right", "bold": True},
}


def workbook(document: Document, made_on: date) -> bytes:
    """The workbook of a document; `made_on` stands in it as the day it was made.

    A draft says so in the head of every printed page. A table too long for a sheet goes on in the next.
    """
    written = BytesIO()
    paper = choose(document)
    with xlsxwriter.Workbook(written, OPTIONS) as book:
        book.set_properties({"created": datetime(made_on.year, made_on.month, made_on.day)})  # noqa: DTZ001 - a day
        sizes = {"font_size": paper.points, "font_name": FONT}
        formats = {name: book.add_format(sizes | said) for name, said in FORMATS.items()}
        for at, page in enumerate(document.pages):
            for number, start in enumerate(range(0, max(1, len(page.rows)), MAX_ROWS), 1):
                name = page.name if number == 1 else f"{page.name} {number}"
                sheet = book.add_worksheet(name, TableSheet)
                part = page._replace(rows=page.rows[start : start + MAX_ROWS])
                first = at == 0 and number == 1
                _Sheet(sheet, part, paper, formats).write(document, first=first)
            if page.summary:
                summary = page.summary._replace(title=f"{page.title}{WIDE}{page.summary.name}")
                sheet = book.add_worksheet(summary.name, TableSheet)
                _Sheet(sheet, summary, paper, formats).write(document, first=False)
    # The library calls that step by a name of its own, which another version of it might not.
    assert all(sheet.table_written for sheet in book.worksheets())  # noqa: S101 - no notice without its list
    return written.getvalue()


# The same few texts stand in most cells: looked at once, a notice takes half the time.
@lru_cache(TEXTS_KEPT)
def safe(text: str) -> str:
    """Text from data as a cell may hold it: printable, not too long, and no formula in any program."""
    shown = printable(text)
    if len(shown) > MAX_TEXT:
        shown = f"{shown[: MAX_TEXT - 1]}…"
    first = unicodedata.normalize("NFKC", shown.lstrip(" ")[:1])
    risky = (first and first[0] in FORMULA_SIGNS) or shown.startswith(RICH_TEXT)
    return f"{PLAIN}{shown}" if risky else shown


class _Sheet:
    """A page being written on a sheet."""

    def __init__(self, sheet: Any, page: Page, paper: Paper, formats: dict[str, Any]) -> None:  # noqa: ANN401 - the library has no types
        self.sheet, self.page, self.paper, self.formats = sheet, page, paper, formats
        self.columns = column_widths(page, paper)
        self.at = 0

    def write(self, document: Document, *, first: bool) -> None:
        """Title, lines, table, lines; on the first sheet the period above and who signs below."""
        page = self.page
        self._print_set_up(document, first=first)
        for column, width in enumerate(self.columns):
            self.sheet.set_column(column, column, width / MM_PER_WIDTH)
        self._line(page.title, "title", TITLE_POINTS)
        for text in document.notices if first else ():
            self._line(text, "box")
        for text in page.above:
            self._line(text)
        self._table()
        for text in page.below:
            self._line(text)
        if first and document.closing:
            for text in closing_lines(document.closing):
                self._line(text)

    def _print_set_up(self, document: Document, *, first: bool) -> None:
        """As wide as the paper, village, quarter and headers on every page, and which page it is."""
        sheet, page = self.sheet, self.page
        sheet.set_paper(PAPERS[self.paper.size])
        sheet.set_default_row(LINE_HEIGHT * self.paper.points)
        if self.paper.landscape:
            sheet.set_landscape()
        inches = MARGIN_MM / MM_PER_INCH
        sheet.set_margins(left=inches, right=inches, top=inches + 0.2, bottom=inches + 0.2)
        sheet.fit_to_pages(1, 0)
        head = 1 + len(page.above) + (len(document.notices) if first else 0)
        sheet.repeat_rows(head)
        sheet.freeze_panes(head + 1, 0)
        # An ampersand begins a code of the program that prints.
        heading = printable(document.heading).replace("&", "&&")
        code = f"{WIDE}核对码 {document.closing.code}" if document.closing and document.closing.code else ""
        draft = f"&R{DRAFT}" if document.draft else ""
        sheet.set_header(f"&L{heading}{draft}"[:255])
        sheet.set_footer(f"&L{printable(document.name)}{code}&R第 &P 页，共 &N 页"[:255])

    def _line(self, text: str, look: str = "line", points: float | None = None) -> None:
        """A line across all columns, as high as it needs."""
        size = points or self.paper.points
        shown = safe(text)
        last = len(self.columns) - 1
        if last:
            self.sheet.merge_range(self.at, 0, self.at, last, "", self.formats[look])
        self.sheet.write_string(self.at, 0, shown, self.formats[look])
        lines = lines_of(width_of(shown), sum(self.columns) - ROOM_MM, size)
        self.sheet.set_row(self.at, min(HIGHEST, LINE_HEIGHT * size * lines))
        self.at += 1

    def _table(self) -> None:
        """Headers, rows, and the row that adds up."""
        page = self.page
        for column, header in enumerate(page.headers):
            lines = header_lines(safe(header), self.columns[column] - ROOM_MM, self.paper.points)
            self.sheet.write_string(self.at, column, "\n".join(lines), self.formats["header"])
        self._height(page.headers)
        self.at += 1
        self.sheet.set_table(
            self.at, [[*map(_held, row)] for row in page.rows], self._looks(), [*self._heights()]
        )
        self.at += len(page.rows)
        for column, cell in enumerate(page.total):
            held = _held(cell)
            write = self.sheet.write_number if isinstance(held, int) else self.sheet.write_string
            write(self.at, column, held, self.formats["total"])
        if page.total:
            self._height(page.total)
            self.at += 1

    def _looks(self) -> list[Look]:
        """How the cells of each column look: a number among texts is one, and words stay where they are."""
        formats, page = self.formats, self.page
        numbers = [is_number(column, page.rows) for column in range(len(page.headers))]
        return [
            Look(formats["centred"], formats["centred"])
            if header in CENTRED
            else Look(formats["number"], formats["number" if number else "text"])
            for header, number in zip(page.headers, numbers, strict=True)
        ]

    def _heights(self) -> Iterator[float]:
        """How high each row is: a line, or where some cell of the table wraps, what its own cells need."""
        points, page = self.paper.points, self.page
        tall = any(
            lines_of(widest, width - ROOM_MM, points) > 1
            for widest, width in zip(widest_cells(page), self.columns, strict=True)
        )
        for row in page.rows:
            yield self._needed(row) if tall else LINE_HEIGHT * points

    def _height(self, row: Sequence[Cell]) -> None:
        """Have the row be as high as it needs; programs that open it do not measure all of them."""
        self.sheet.set_row(self.at, self._needed(row))

    def _needed(self, row: Sequence[Cell]) -> float:
        """How high a row is: by its cell of most lines."""
        points = self.paper.points
        lines = max(
            lines_of(width_of(said(cell)), width - ROOM_MM, points)
            for cell, width in zip(row, self.columns, strict=True)
        )
        return min(HIGHEST, LINE_HEIGHT * points * lines)


def _held(cell: Cell) -> int | str:
    """What a cell holds: whole numbers stay numbers, null is a dash."""
    if isinstance(cell, int) and abs(cell) < MAX_EXACT:
        return cell
    return DASH if cell is None else safe(str(cell))


def closing_lines(closing: Closing) -> Sequence[str]:
    """Who announces and signs, the seal's place, the day and the code, a line each."""
    signed = (WIDE * 2).join(f"{title}：{name or BLANK}" for title, name in closing.people)
    return (
        f"签字{WIDE}{signed}",
        f"{closing.issuer}（盖章）{WIDE * 6}打印日期：{closing.printed_on}",
        *([f"核对码：{closing.code}（用 verify --code 可与公告文件核对）"] if closing.code else []),
    )
