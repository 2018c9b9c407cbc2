"""Pages as a workbook (XLSX) to print on A4: nothing in it is a formula.

The same pages give the same bytes. It is made in memory: no temporary file ever holds what a notice says.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter

from jifen_batch.notices.printed.pages import DASH, DRAFT, Page
from jifen_batch.notices.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jifen_batch.notices.printed.pages import Cell

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
WIDE_FROM = 8
TEXTS_KEPT = 1 << 14
NARROWEST, WIDEST = 8, 44
LINE_HEIGHT = 18
# Every cell is written as what it is; the library is not to guess either, whoever writes the next one.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FORMATS = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "text_wrap": True},
    "line": {"text_wrap": True, "valign": "vcenter"},
    "header": {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True},
    "text": {"border": 1, "text_wrap": True, "valign": "vcenter"},
    "number": {"border": 1, "num_format": "#,##0", "valign": "vcenter"},
}


def workbook(pages: Iterable[Page], made_on: date, *, draft: bool) -> bytes:
    """The workbook of these pages; `made_on` stands in it as the day it was made.

    A draft says so in the head of every printed page. A table too long for a sheet goes on in the next.
    """
    written = BytesIO()
    with xlsxwriter.Workbook(written, OPTIONS) as book:
        book.set_properties({"created": datetime(made_on.year, made_on.month, made_on.day)})  # noqa: DTZ001 - a day
        formats = {name: book.add_format(said) for name, said in FORMATS.items()}
        for page in pages:
            for number, start in enumerate(range(0, max(1, len(page.rows)), MAX_ROWS), 1):
                sheet = book.add_worksheet(page.name if number == 1 else f"{page.name} {number}")
                _print_set_up(sheet, page, draft=draft)
                _fill(sheet, page, page.rows[start : start + MAX_ROWS], formats)
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


def _print_set_up(sheet: Any, page: Page, *, draft: bool) -> None:  # noqa: ANN401 - the library has no types
    """A4, as wide as the paper, the headers on every page, and which page it is."""
    sheet.set_paper(A4)
    if len(page.headers) > WIDE_FROM:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    head = 1 + len(page.above)
    sheet.repeat_rows(head)
    sheet.freeze_panes(head + 1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    if draft:
        sheet.set_header(f"&C{DRAFT}")


def _fill(sheet: Any, page: Page, rows: Sequence[Sequence[Cell]], formats: dict[str, Any]) -> None:  # noqa: ANN401
    """Title, lines, table, lines."""
    widths = _widths(page.headers, rows)
    last = len(widths) - 1
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    at = 0

    def line(text: str, look: str) -> None:
        nonlocal at
        shown = safe(text)
        sheet.merge_range(at, 0, at, last, "", formats[look])
        sheet.write_string(at, 0, shown, formats[look])
        size = formats[look].font_size / 11
        sheet.set_row(at, LINE_HEIGHT * size * -(-_width(shown) * size // sum(widths)))
        at += 1

    line(page.title, "title")
    for text in page.above:
        line(text, "line")
    for column, header in enumerate(page.headers):
        sheet.write_string(at, column, safe(header), formats["header"])
    at += 1
    for row in rows:
        for column, cell in enumerate(row):
            _write(sheet, at, column, cell, formats)
        at += 1
    for text in page.below:
        line(text, "line")


def _write(sheet: Any, at: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:  # noqa: ANN401
    """A cell: whole numbers stay numbers, null is a dash."""
    if isinstance(cell, int) and abs(cell) < MAX_EXACT:
        sheet.write_number(at, column, cell, formats["number"])
    elif isinstance(cell, int):
        sheet.write_string(at, column, safe(str(cell)), formats["text"])
    else:
        sheet.write_string(at, column, DASH if cell is None else safe(cell), formats["text"])


def _widths(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Widths of the columns by what stands in them, within bounds."""
    widest = [_width(header) for header in headers]
    for row in rows:
        widest = [max(width, _width(_shown(cell))) for width, cell in zip(widest, row, strict=True)]
    return [min(WIDEST, max(NARROWEST, width + 2)) for width in widest]


def _shown(cell: Cell) -> str:
    """A cell as it looks."""
    return f"{cell:,}" if isinstance(cell, int) else cell or DASH


@lru_cache(TEXTS_KEPT)
def _width(text: str) -> int:
    """How wide a text is, in Latin letters; a Chinese character is two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)
