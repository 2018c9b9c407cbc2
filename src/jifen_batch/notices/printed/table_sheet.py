"""A sheet whose table is written in one go: a notice's thousands of cells take a fifth of the time.

What the library does for each cell (a call, an object, a lookup, a pattern) is done here once for each
column or each different text. Texts stand inline, as the library writes them for files of any length.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What looks like the format's own way to write a control character is a text all the same.
ESCAPED = re.compile(r"_x[0-9a-fA-F]{4}_")
UNESCAPED = r"_x005F\g<0>"
TEXTS_KEPT = 1 << 14


class Look(NamedTuple):
    """How a column's cells look: the formats of its whole numbers and of its texts."""

    number: Any
    text: Any


class TableSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet with the rows of a table between what is written cell by cell.

    `table_written` once they are there.
    """

    # The library's own: which rows it writes.
    dim_rowmin: int
    dim_rowmax: int

    def __init__(self) -> None:
        """No table yet."""
        super().__init__()
        self._table_at = 0
        self._table_rows: Sequence[Sequence[int | str]] = ()
        self._looks: Sequence[Look] = ()
        self._heights: Sequence[float] = ()
        self.table_written = False

    def set_table(
        self,
        at: int,
        rows: Sequence[Sequence[int | str]],
        looks: Sequence[Look],
        heights: Sequence[float],
    ) -> None:
        """Have rows stand from row `at` on, a look a column, a height in points a row; nothing else may."""
        self._table_at, self._table_rows = at, rows
        self._looks, self._heights = looks, heights
        for row in (at, at + len(rows) - 1) if rows else ():
            self._check_dimensions(row, len(looks) - 1)

    def _write_rows(self) -> None:
        """The rows above, the table, the rows below: the library's own step, with ours in its middle."""
        first, last = self.dim_rowmin, self.dim_rowmax
        if self._table_rows:
            self.dim_rowmax = self._table_at - 1
            super()._write_rows()
            self.fh.write("".join(self._table_xml()))
            self.dim_rowmin, self.dim_rowmax = self._table_at + len(self._table_rows), last
        super()._write_rows()
        self.dim_rowmin, self.dim_rowmax = first, last
        self.table_written = True

    def _table_xml(self) -> Iterator[str]:
        """The rows as the file holds them."""
        columns = [
            (
                f'<c r="{xl_col_to_name(column)}',
                f'" s="{look.number._get_xf_index()}"><v>',  # noqa: SLF001 - as the library asks its formats
                f'" s="{look.text._get_xf_index()}" t="inlineStr"><is>',  # noqa: SLF001 - likewise
            )
            for column, look in enumerate(self._looks)
        ]
        for number, (row, height) in enumerate(
            zip(self._table_rows, self._heights, strict=True), self._table_at + 1
        ):
            yield f'<row r="{number}" ht="{height:g}" customHeight="1">'
            for (begins, of_number, of_text), cell in zip(columns, row, strict=True):
                if isinstance(cell, int):
                    yield f"{begins}{number}{of_number}{cell}</v></c>"
                else:
                    yield f"{begins}{number}{of_text}{_inline(cell)}</is></c>"
            yield "</row>"


@lru_cache(TEXTS_KEPT)
def _inline(text: str) -> str:
    """A text as a cell holds it."""
    shown = escape(ESCAPED.sub(UNESCAPED, text))
    return f"<t>{shown}</t>" if shown == shown.strip() else f'<t xml:space="preserve">{shown}</t>'
