"""A table of text, whatever file it is in: rows of cells with the number that the sheet shows for each.

Columns go by their place, from 0, until somebody says what their headers mean. What cells say is left to
whoever knows the table.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.dataclass import dataclass
from jifen_batch.inputs.words import plain
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.mapping import FileForm

ROW, FIELDS = "@row", "@fields"
# What Excel shows where a value is still to come; here, where whoever saved the file kept none of a formula.
NOT_SAVED = "#GETTING_DATA"
# A title, who filled it in and when, and an empty row: nobody writes more above a header.
HEADER_LOOKED_FOR = 30


@dataclass(frozen=True)
class Cells:
    """Rows below a header: `@row` and a text column by each asked place, as text; null = blank.

    `misfits` are rows with another number of `@fields` than the header, which are not among those; what
    stands at a place in one may belong to another. A row in which every asked cell is blank is still there.
    """

    rows: pl.DataFrame
    misfits: pl.DataFrame


@dataclass(frozen=True)
class Sheet:
    """A table of text opened: `names` are its headers by place, "" = none, in row `header_row`.

    `head` are the first rows as they are, the header's among them; `types` are those of a typed file.
    `read(places, needed)` gives the cells at these places; a row that is short only of places from `needed`
    on lacks nothing. `from_1904`: its days that are bare numbers count from then.
    """

    file: InputFile
    names: list[str]
    header_row: int
    head: list[list[str]]
    read: Callable[[Sequence[int], int], Cells]
    types: list[pa.DataType] = field(default_factory=list)
    from_1904: bool = False


def header_at(file: InputFile, head: Sequence[Sequence[str]], form: FileForm) -> int:
    """Which of the first rows is the header, from 0. Raises `InputRefusedError`."""
    if form.header_with is not None:
        wanted = plain(form.header_with)
        at = next((n for n, cells in enumerate(head) if wanted in map(plain, cells)), None)
        if at is None:
            raise file.refuse(
                Sentence(
                    f"has no cell {form.header_with} in its first {HEADER_LOOKED_FOR} rows",
                    f"前 {HEADER_LOOKED_FOR} 行中没有 {form.header_with} 这一格",
                ),
                Sentence(
                    "correct header_with under [file] of --mapping",
                    "请改正 --mapping 的 [file] 中的 header_with",
                ),
            )
        return at
    at = (form.header_row or 1) - 1
    if at >= len(head) or not any(map(plain, head[at])):
        raise file.refuse(
            Sentence(f"has no header in row {at + 1}", f"第 {at + 1} 行没有表头"),
            Sentence(
                "put the header into the first row, or name its row as header_row under [file] of --mapping",
                "请把表头放在首行，或在 --mapping 的 [file] 中用 header_row 写明它的行号",
            ),
        )
    return at


def letters(number: int) -> str:
    """A column's letters in a spreadsheet, by its number from 0."""
    number, last = divmod(number, 26)
    return (letters(number - 1) if number else "") + chr(ord("A") + last)


def blanks_to_null(cells: pl.Expr) -> pl.Expr:
    """Cells of which those are null that hold blanks alone, U+3000 among them."""
    return pl.when(cells.str.strip_chars() != "").then(cells)
