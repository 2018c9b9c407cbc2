"""Ids that a spreadsheet took for numbers: rounded to nothing, or to fifteen digits.

Excel shows an id of twelve digits as 9.90113E+11, and writes that when it saves CSV: two villages become
one. Of sixteen digits and more it keeps the first fifteen, and zeros stand for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.inputs.remark import InputRemark
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jifen_batch.errors import InputRefusedError
    from jifen_batch.inputs.files import InputFile

ID = "_id"
ROUNDED = r"^[+-]?[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]+$"
# What every such text holds, looked for first: of a county's ids none does.
SIGN = "+"
LONG = r"^[0-9]{16,}$"
LONG_DIGITS = 16
CUT = Sentence(
    "all ids of 16 digits or more end in 0; a spreadsheet may have cut them to 15 digits: hold some against "
    "where they came from",
    "16 位以上的编号全部以 0 结尾，可能被表格软件截成了 15 位：请拿几个与原来的地方核对",
)
REMEDY = Sentence(
    "format that column as text in the sheet and enter the ids again from where they came, or export them "
    "anew: what Excel made of them cannot be turned back",
    "请把表中该列设为文本格式，再从原来的地方重新录入编号，或重新导出：被 Excel 改过的编号无法还原",
)


def refuse(file: InputFile, rows: pl.DataFrame) -> None:
    """Refuse rows of which an id reads like 9.90113E+11. Raises `InputRefusedError`."""
    for name in ids_among(rows):
        if bad := rounded(rows[name]):
            raise refused(file, name, bad)


def ids_among(rows: pl.DataFrame) -> list[str]:
    """The columns that hold ids as text or codes."""
    kinds = (pl.String, pl.Categorical, pl.Enum)
    return [name for name, kind in rows.schema.items() if name.endswith(ID) and kind in kinds]


def rounded(ids: pl.Series) -> int:
    """How many of the ids, or of the names of coded ones, read so."""
    texts = ids if ids.dtype == pl.String else ids.unique().cast(pl.String)
    suspect = texts.filter(texts.str.contains(SIGN, literal=True).fill_null(value=False))
    return int(suspect.str.contains(ROUNDED).sum())


def refused(file: InputFile, column: str, count: int) -> InputRefusedError:
    """The complaint about rounded ids."""
    problem = Sentence(
        f"column {column}: ids read like 9.90113E+11 ({count} such)",
        f"{column} 列：编号成了 9.90113E+11 这样的写法（共 {count} 处）",
    )
    return file.refuse(problem, REMEDY)


def warnings(role: str, name: str, rows: pl.DataFrame) -> Iterator[InputRemark]:
    """What is said of columns whose ids of sixteen digits and more, several, all end in 0."""
    for column in ids_among(rows):
        if _all_end_in_zero(rows[column]):
            why = Sentence(f"column {column}: {CUT.en}", f"{column} 列：{CUT.zh}")
            yield InputRemark(role, name, why)


def _all_end_in_zero(ids: pl.Series) -> bool:
    texts = ids if ids.dtype == pl.String else ids.unique().cast(pl.String)
    texts = texts.filter((texts.str.len_bytes() >= LONG_DIGITS).fill_null(value=False))
    numbers = texts.filter(texts.str.contains(LONG)).unique()
    return numbers.len() > 1 and bool(numbers.str.ends_with("0").all())
