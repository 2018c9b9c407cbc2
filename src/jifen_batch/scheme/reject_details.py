"""What a reject's sentence is put together from, beside its reason's own: each piece in both languages.

`{}` stands for what only the row knows. Tables keep the Chinese sentence; `english` gives its twin, by the
very pieces that it was made of, so that nothing has to be kept twice.
"""

from __future__ import annotations

import re
from functools import lru_cache

from jifen_batch.scheme.reject_reasons import REJECT_REASONS
from jifen_batch.sentence import AND, THEN, Sentence

ALIKE = Sentence(
    "{}; it resembles “{}”: look for full-width characters, blanks and signs that nobody sees",
    "{}；与“{}”相似，请核对全角字符、空格和不可见字符",
)
IS_A_NAME = Sentence(
    "{}; this is the name of {}: write that code, or use items_by_name of the mapping",
    "{}；这是 {} 的名称，请改写代码，或用对照表的 items_by_name",
)
IS_A_SHARED_NAME = Sentence(
    "{}; {} all have this name: write the code of one of them",
    "{}；{} 几个事项同用这个名称，请写其中一个的代码",
)
HOLDS_A_NUMBER = Sentence(
    "{} holds {} digits or more in a row, perhaps a telephone or identity number; write {}",
    "{} 含有 {} 位以上连续数字，疑为电话或证件号；请改填{}",
)
NUMBERS_INSTEAD = {
    "member_id": Sentence("a serial number within the household", "户内成员序号"),
    "evidence_id": Sentence(
        "the proof's number at its source, without telephone or identity numbers",
        "材料在来源系统里的编号，不含电话、证件号",
    ),
}
IN_ROW = Sentence("row {}: {}", "第 {} 行：{}")
MISFIT = Sentence(
    "this row has {} fields and the header {}: which cell is of which column cannot be told; look for a "
    "separator too many or too few",
    "这一行有 {} 栏，表头有 {} 栏，分不清哪一格属于哪一栏；请核对多出或缺少的分隔符",
)
NO_TEXT = Sentence(
    "is what a formula leaves where it fails, or too long; write the content itself",
    "是公式错误，或者太长，请填写内容本身",
)
FAILED = Sentence(
    "is what a formula leaves where it fails; write the content itself", "是公式错误，请填写内容本身"
)
NO_DAY = Sentence(
    "is no day; write it as 2023-01-31, of the Gregorian calendar",
    "不是日期，请写成 2023-01-31 这样的公历日期",
)
NO_WHOLE = Sentence("is no whole number; write it as 12", "不是整数，请写成 12")
NO_TIME = Sentence("is no time; write it as 2023-01-31 17:00:00", "不是时间，请写成 2023-01-31 17:00:00")
CELL, HIDDEN_CELL = Sentence("{} “{}” ", "{}“{}”"), Sentence("{} (not shown) ", "{}（内容不显示）")
UNSAVED_CELL = Sentence(
    "{} is a formula whose value was not saved; open the file in Excel or WPS, and save it",
    "{}是公式，文件里没有保存它的结果，请用 Excel 或 WPS 打开文件，保存后再报送",
)
CELLS = tuple(
    Sentence(shown.en + form.en, shown.zh + form.zh)
    for shown in (CELL, HIDDEN_CELL)
    for form in (NO_TEXT, FAILED, NO_DAY, NO_WHOLE, NO_TIME)
)
# Their header before our column.
HEADER = Sentence("{} ({})", "{}（{}）")
WORDS = {one.zh: one.en for one in NUMBERS_INSTEAD.values()}
TEXTS_KEPT = 1 << 12


@lru_cache(TEXTS_KEPT)
def english(detail: str) -> str | None:
    """The English of a reject's Chinese sentence; null where this program makes no such sentence."""
    if found := _pattern(IN_ROW.zh).fullmatch(detail):
        return IN_ROW.en.format(found[1], _part(found[2]))
    for at in (found.start() for found in re.finditer(THEN.zh, detail)):
        begins, rest = english(detail[:at]), english(detail[at + 1 :])
        if begins and rest:
            return f"{begins}{THEN.en}{rest}"
    for piece in (
        ALIKE,
        IS_A_NAME,
        IS_A_SHARED_NAME,
        HOLDS_A_NUMBER,
        MISFIT,
        UNSAVED_CELL,
        *CELLS,
        *_REASONS,
    ):
        if found := _pattern(piece.zh).fullmatch(detail):
            return piece.en.format(*map(_part, found.groups()))
    return None


_OWN = (ALIKE, IS_A_NAME, IS_A_SHARED_NAME, HOLDS_A_NUMBER, MISFIT, UNSAVED_CELL)
_REASONS = tuple(one.sentence for one in REJECT_REASONS if one.sentence.zh != "{}")


@lru_cache(TEXTS_KEPT)
def _pattern(chinese: str) -> re.Pattern[str]:
    """What a piece looks like once it is filled in; a cell's text keeps all that stands in its quotes."""
    return re.compile(re.escape(chinese).replace(r"\{\}", "(.+?)"), re.DOTALL)


def _part(part: str) -> str:
    """What fills a place: a sentence again, a header with our column, a list, or what somebody wrote."""
    if part in WORDS:
        return WORDS[part]
    if said := english(part):
        return said
    if found := _pattern(HEADER.zh).fullmatch(part):
        return HEADER.en.format(*found.groups())
    return part.replace(AND.zh, AND.en)
