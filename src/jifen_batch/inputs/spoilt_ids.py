"""Ids that are none: numbers that a spreadsheet rounded, or cut to fifteen digits, and people's own.

Excel shows an id of twelve digits as 9.90113E+11, and writes that when it saves CSV: two villages become
one. Of sixteen digits and more it keeps the first fifteen, and zeros stand for the rest. A telephone or
identity number that serves as a household's id would hang on the notice for all to read.
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
MAY_BE_CUT = r"^[0-9]{15}0+$"
MAY_BE_SEVERAL = Sentence(
    "from the 16th digit on these ids are 0: a spreadsheet may have made one of several; format that column "
    "as text and enter the ids again, or else end one spell before the next",
    "这些编号第 16 位起都是 0，可能是表格软件把几个编号变成了一个：请把该列设为文本格式后重新录入；"
    "确是一户的，请使前一段在后一段开始之前结束",
)
HOUSEHOLD = "household_id"
TELEPHONE = r"^1[3-9][0-9]{9}$"
IDENTITY = r"^[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]$"
# Numbers of a place begin alike, those of telephones do not.
PLACE_DIGITS = 6
PERSONAL = Sentence(
    "some ids read like telephone or identity numbers ({} such), and notices print them; give these "
    "households other ids (--successions says which became which)",
    "有的编号像电话号码或身份证号（共 {} 个），公告会把编号印出来；请给这些户另编户编号"
    "（新旧编号的对应写在 --successions 里）",
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
    if not texts.str.contains(SIGN, literal=True).any():
        return 0
    return int(texts.str.contains(ROUNDED).sum())


def refused(file: InputFile, column: str, count: int) -> InputRefusedError:
    """The complaint about rounded ids."""
    problem = Sentence(
        f"column {column}: ids read like 9.90113E+11 ({count} such)",
        f"{column} 列：编号成了 9.90113E+11 这样的写法（共 {count} 处）",
    )
    return file.refuse(problem, REMEDY)


def warnings(role: str, name: str, rows: pl.DataFrame) -> Iterator[InputRemark]:
    """What is said of ids of sixteen digits and more that all end in 0, and of numbers of people as ids."""
    for column in ids_among(rows):
        if _all_end_in_zero(rows[column]):
            yield InputRemark(role, name, _of_column(column, CUT))
        if column == HOUSEHOLD and (count := _personal(rows[column])):
            told = Sentence(*(said.format(count) for said in PERSONAL))
            yield InputRemark(role, name, _of_column(column, told))


def _of_column(column: str, said: Sentence) -> Sentence:
    """What is said of a column."""
    return Sentence(f"column {column}: {said.en}", f"{column} 列：{said.zh}")


def _personal(ids: pl.Series) -> int:
    """How many ids read like numbers of people; no telephones are those that begin alike, as a place's do."""
    texts = (ids if ids.dtype == pl.String else ids.cast(pl.String)).unique()
    telephones = texts.filter(texts.str.contains(TELEPHONE).fill_null(value=False))
    alike = telephones.len() > 1 and telephones.str.slice(0, PLACE_DIGITS).n_unique() == 1
    return int(texts.str.contains(IDENTITY).sum()) + (0 if alike else telephones.len())


def _all_end_in_zero(ids: pl.Series) -> bool:
    texts = ids if ids.dtype == pl.String else ids.unique().cast(pl.String)
    long = texts.str.len_bytes() >= LONG_DIGITS
    if not long.any():
        return False
    texts = texts.filter(long)
    numbers = texts.filter(texts.str.contains(LONG)).unique()
    if numbers.len() == 1:
        # One id of many rows may be several that were cut to the same; of ten sound ones, one ends so, too.
        return ids.len() > 1 and bool(numbers.str.contains(MAY_BE_CUT).all())
    return numbers.len() > 1 and bool(numbers.str.ends_with("0").all())
