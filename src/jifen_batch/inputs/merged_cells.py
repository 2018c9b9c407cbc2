"""Merged cells of a workbook: the first holds the text, and to whoever reads rows the others are blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.inputs.files import WORKBOOK
from jifen_batch.inputs.remark import InputRemark
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from jifen_batch.inputs.sheet_rows import SheetLayout

# What one cell says for several rows: a household and its events. Other columns are blank for other reasons.
MERGED = "household_id"


def warnings(layout: SheetLayout, rows: pl.DataFrame) -> Iterator[InputRemark]:
    """What is said of a workbook's rows that lack the household, below one that has it."""
    if layout.file.format != WORKBOOK or MERGED not in layout.found:
        return
    ids = rows[MERGED]
    below = int((ids.is_null() & ids.forward_fill().is_not_null()).sum())
    if below:
        header = layout.headers[MERGED]
        why = Sentence(
            f"column {header}: is empty in {below} row(s) below one that has it; where these cells are "
            f'merged, write fill_down = ["{MERGED}"] under [file] of --mapping, or undo the merging and fill '
            "them in",
            f"{header} 列：有 {below} 行是空的，上面的行有内容；如果是合并的单元格，"
            f'请在 --mapping 的 [file] 中写 fill_down = ["{MERGED}"]，或取消合并后逐行填写',
        )
        yield InputRemark(layout.file.role, layout.file.place, why)
