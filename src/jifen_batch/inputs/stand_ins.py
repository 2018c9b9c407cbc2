"""Unknown headers that may stand for a column not there: `qty` for `quantity`, 迁出日期 for `left_on`.

Unknown columns are ignored, and an absent column is empty: a pledge without `until` runs to December. What
is one slip away is refused (`headers.nearly`); what is further off is another word, and may be told only.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from jifen_batch.inputs.remark import InputRemark
from jifen_batch.inputs.words import KEPT, look
from jifen_batch.sentence import Sentence
from jifen_batch.signs import one_sign_apart

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

# A column, a file that has it not, and the header there that may stand for it; null where none does.
Lack = tuple[str, str, str | None]

# What people call our columns, beside their own names and what is short for these.
OTHER_WORDS = {
    "decided_on": "approved_on approval_date audit_date 审定日期 认定日期 审批日期 审核日期 批准日期",
    "recorded_at": "updated_at modified_at last_modified entered_at 录入时间 修改时间 更新时间 登记时间",
    "until": "end_on end_date ends_on to_date valid_to valid_until expires_on expiry expiry_date due_date "
    "截止日期 到期日期 到期日 结束日期 终止日期 有效期至",
    "matter_id": "activity_id activity honour_id event_group 活动编号 事项组 同一事项",
    "quantity": "count times number num amount cnt how_many 数量 次数 件数 小时数 时长",
    "member_id": "person_id person_no family_member 成员 成员编号 成员序号",
    "left_on": "exit_on exit_date end_on end_date moved_out_on deregistered_on "
    "迁出日期 退出日期 注销日期 离开日期",
    "kind": "type household_type household_kind category 户类型 户类别 类型",
    "group_id": "team team_id subgroup 组 组别 小组 村民小组",
}
BETWEEN = re.compile(r"[\s_.\-–—]+")
# The last word of a name says what kind of value it is.
OF_VALUES = frozenset({"on", "at", "id", "no", "date", "day", "time", "code"})
SHORT_AT_LEAST, LIKE_AT_LEAST, LIKENESS = 3, 5, 0.65


@lru_cache(KEPT)
def find(names: tuple[str, ...], absent: tuple[str, ...]) -> dict[str, str]:
    """The header among unknown `names` that may stand for each of the `absent` columns; else no entry."""
    found = {
        column: next((name for name in names if may_stand(look(name), column)), None) for column in absent
    }
    return {column: name for column, name in found.items() if name is not None}


def may_stand(header: str, column: str) -> bool:
    """Whether a header, as it looks, is another word for a column, a slip of it, short for it, or like it."""
    if header in OTHER_WORDS.get(column, "").split() or one_sign_apart(header, column):
        return True
    (words, ours), short = (BETWEEN.split(one) for one in (header, column)), "".join(BETWEEN.split(header))
    if _without_kind(words) == _without_kind(ours):
        return True
    if words[0] == ours[0]:
        return False
    is_like = len(header) >= LIKE_AT_LEAST and SequenceMatcher(None, header, column).ratio() >= LIKENESS
    return is_like or (len(short) >= SHORT_AT_LEAST and _is_short_for(short, ours[0]))


def remarks(role: str, lacks: Iterable[Lack], empty: Collection[str]) -> Iterator[InputRemark]:
    """What is said of headers that may stand for columns of which an input has no value at all (`empty`)."""
    told: dict[str, tuple[str, str]] = {}
    for column, file, header in lacks:
        if header is not None and column in empty:
            told.setdefault(column, (file, header))
    for column, (file, header) in told.items():
        yield InputRemark(
            role,
            file,
            Sentence(
                f"there is no column {column}, and {header!r}, which is ignored, may stand for it: if it "
                f"does, call it {column}, or name it under [columns] of --mapping",
                f"没有 {column} 一列，而未读的列“{header}”可能就是它：如果是，请把表头改成 {column}，"
                "或在 --mapping 的 [columns] 中写明它",
            ),
        )


def _without_kind(words: list[str]) -> list[str]:
    """The words of a name without the one that says what kind of value it is."""
    return words[:-1] if len(words) > 1 and words[-1] in OF_VALUES else words


def _is_short_for(short: str, word: str) -> bool:
    """Whether it is a word with signs left out, its first and its last one kept: `qty` of `quantity`."""
    rest = iter(word)
    return (
        short != word
        and short[0] == word[0]
        and short[-1] == word[-1]
        and all(sign in rest for sign in short)
    )
