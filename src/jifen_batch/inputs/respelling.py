"""An id or a code that is written otherwise than it was, or is elsewhere: 1001 for 001001, or 001001.0.

To who compares texts byte by byte it is another one. What people have to do depends on what was done to
it: zeros in front come back only with the ids themselves, full width is turned, an apostrophe taken off.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import all_alike
from jifen_batch.dataclass import dataclass
from jifen_batch.sentence import COMMA, THEN, Sentence, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Pairs = list[tuple[str, str]]

NAMED_AT_MOST = 5
AS_TEXT = Sentence(
    "format that column as text, and enter the ids again or export them anew",
    "请把该列设为文本格式，重新录入或导出编号",
)

WHERE = {
    "--events": Sentence("in the events", "事项"),
    "--households": Sentence("in the register", "农户名册"),
    "--redemptions": Sentence("in the redemptions", "积分换物"),
    "--rules": Sentence("in the rule books", "细则"),
    "--successions": Sentence("in the successions", "户编号变更"),
    "--villages": Sentence("in the list of villages", "村名单"),
    None: Sentence("it has to be", "规定的"),
}
# What people do about ids that were spoilt and are sound now, where they are to stay.
NEW_SPELLS = Sentence(
    "end the old spells (left_on) and begin new ones on the day of the change",
    "或自变更日起另起一段（旧段填 left_on）",
)
LASTING = {
    "household_id": Sentence(
        "say with --successions which one each is now", "或用 --successions 说明各改成了哪个"
    ),
    "village_id": NEW_SPELLS,
    "town_id": NEW_SPELLS,
    "event_id": Sentence("accept it where they are to stay", "确要改用新编号的再接受"),
}


class Spoils(Enum):
    """Which of two spellings is the spoilt one: what `undo` takes something off, the other, or either."""

    ADDED = "added"
    TAKEN = "taken"
    EITHER = "either"


@dataclass(frozen=True, eq=False)
class Habit:
    """One thing that a sheet program or a hand does to a text.

    `undo` gives the same for both spellings, `spoils` says which of them is the spoilt one.
    """

    spoils: Spoils
    undo: Callable[[pl.Expr], pl.Expr]
    said: Sentence
    remedy: Sentence


def _without(pattern: str) -> Callable[[pl.Expr], pl.Expr]:
    return lambda texts: texts.str.replace_all(pattern, "")


HABITS = (
    Habit(
        Spoils.ADDED,
        lambda texts: texts.str.normalize("NFKC"),
        Sentence("in full width", "成了全角"),
        Sentence(
            "turn them into half width, as the function ASC of a sheet does",
            "请改为半角（可用表格的 ASC 函数）",
        ),
    ),
    Habit(
        Spoils.ADDED,
        _without(r"[\s\p{Cf}]"),
        Sentence("with blanks or signs that nobody sees", "带有空格或看不见的字符"),
        Sentence("take these out with find and replace", "请用查找替换去掉"),
    ),
    Habit(
        Spoils.ADDED,
        _without(r"['\"’‘“”=`]"),
        Sentence("with an apostrophe, quotation marks or an equals sign", "多了撇号、引号或等号"),
        Sentence("take that sign off with find and replace", "请用查找替换去掉这个符号"),
    ),
    Habit(
        Spoils.ADDED,
        lambda texts: texts.str.replace(r"\.0+$", ""),
        Sentence("as numbers with a decimal point", "成了带小数点的数"),
        AS_TEXT,
    ),
    Habit(
        Spoils.EITHER,
        # Not those that have a habit of their own.
        _without(r"[^\p{L}\p{N}\s\p{Cf}'\"’‘“”=`]"),
        Sentence("with other signs between", "中间的符号不同"),
        Sentence(
            "write these signs alike; a comma of thousands goes when the column is formatted as text",
            "请把中间的符号写成一样；千位分隔符在设为文本格式后重新录入即可去掉",
        ),
    ),
    Habit(
        Spoils.EITHER,
        lambda texts: texts.str.to_lowercase(),
        Sentence("with capital letters for small ones, or the reverse", "字母大小写不同"),
        Sentence("write the letters alike", "请把字母大小写写成一样"),
    ),
    Habit(
        Spoils.TAKEN,
        lambda texts: texts.str.strip_chars_start("0"),
        Sentence(
            "without the zeros in front, as sheet programs write numbers",
            "前面的零没有了，表格软件常会这样改",
        ),
        AS_TEXT,
    ),
)


def pairs(old: pl.Series, new: pl.Series) -> Pairs:
    """Pairs of an old text and a new one that is the same written otherwise, sorted; of two alike none."""
    was, now = (_meant(texts).filter(pl.col("meant").is_unique()) for texts in (old, new))
    return _paired(was, now)


def counterparts(known: pl.Series, written: pl.Series) -> Pairs:
    """Pairs of a known text and each one `written` that only it can stand for, sorted."""
    return _paired(_meant(known).filter(pl.col("meant").is_unique()), _meant(written))


def meant(texts: pl.Expr) -> pl.Expr:
    """What no habit changes of texts: the same for every spelling of one; nothing may be left."""
    for habit in HABITS:
        texts = habit.undo(texts)
    return texts


def _meant(texts: pl.Series) -> pl.DataFrame:
    """Each text once, and what no habit changes of it."""
    every = pl.DataFrame({"text": texts.cast(pl.String)}).drop_nulls().unique()
    return every.with_columns(meant=meant(pl.col("text"))).filter(pl.col("meant") != "")


def _paired(was: pl.DataFrame, now: pl.DataFrame) -> Pairs:
    both = was.join(now, on="meant", suffix="_now").filter(pl.col("text") != pl.col("text_now"))
    return both.select("text", "text_now").sort("text", "text_now").rows()


def habits(found: Pairs) -> tuple[list[Habit], list[Habit]]:
    """What was done to the first, and to the second of some pairs, in the order of `HABITS`.

    Where nobody can tell to which, it is told of the second. A habit is one of them where the two would
    still differ if all the others were undone.
    """
    texts = pl.DataFrame(found, schema=["old", "new"], orient="row")
    done: tuple[list[Habit], list[Habit]] = ([], [])
    before = texts
    for habit in HABITS:
        after = _undone(before, [habit])
        others = _undone(texts, [one for one in HABITS if one is not habit])
        for side, of_side in zip(done, _spoilt(habit, before, after), strict=True):
            if (of_side & (others["old"] != others["new"])).any():
                side.append(habit)
        before = after
    return done


def _undone(texts: pl.DataFrame, some: Sequence[Habit]) -> pl.DataFrame:
    for habit in some:
        texts = texts.select(habit.undo(pl.col(name)) for name in texts.columns)
    return texts


def _spoilt(habit: Habit, before: pl.DataFrame, after: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Which texts of pairs a habit spoilt, the first's and the second's; the second where both may be."""
    old, new = (
        before[name].str.len_chars().cast(pl.Int64) - after[name].str.len_chars().cast(pl.Int64)
        for name in before.columns
    )
    if habit.spoils is Spoils.EITHER:
        first = all_alike(value=False, kind=pl.Boolean, height=before.height)
    elif habit.spoils is Spoils.TAKEN:
        first = old < new
    else:
        first = (before["old"] != after["old"]) & (before["new"] == after["new"])
    return first, ~first


def remedies(done: Sequence[Habit]) -> Sentence:
    """How some texts are written, and what to do about it; nothing to tell apart: write them alike."""
    if not done:
        return Sentence("write them alike", "请写成一样")
    how, what = joined((one.said for one in done), COMMA), dict.fromkeys(one.remedy for one in done)
    do = joined(what, THEN)
    return Sentence(f"{how.en}: {do.en}", f"{how.zh}：{do.zh}")


def as_now(column: str, found: Pairs) -> Sentence:
    """That the ids of a column are not written as they were, and what to do about it."""
    before, now = habits(found)
    some = changed(found)
    begin = Sentence(
        f"the ids of the column {column} are written otherwise ({some.en})",
        f"{column} 列的编号写法变了（{some.zh}）",
    )
    if before and not now:
        how, lasting = joined((one.said for one in before), COMMA), LASTING[column]
        return Sentence(
            f"{begin.en}, and were {how.en} before: write them as they were, or {lasting.en}",
            f"{begin.zh}，以前{how.zh}：请照原来的写法，{lasting.zh}",
        )
    then = remedies(now)
    return Sentence(f"{begin.en}, {then.en}", f"{begin.zh}，{then.zh}")


def changed(found: Pairs) -> Sentence:
    """The first pairs, each with what it is now, and how many there are beyond."""
    return _named([Sentence(f"{old!r} is {new!r} now", f"{old!r} 现为 {new!r}") for old, new in found])


def between(known: str | None, written: str, column: str, found: Pairs) -> Iterator[Sentence]:
    """That one input does not write a column as another does, and what to do in which of the two.

    `found` are pairs of what the input of the option `known` has, and what that of `written` has for it;
    with null it is we that know it.
    """
    of_known, of_written = habits(found)
    if known and of_known:
        turned = [(here, there) for there, here in found]
        yield _beside(known, column, turned, WHERE[written], of_known)
    if of_written or not (known and of_known):
        yield _beside(written, column, found, WHERE[known], of_written)


def of_scope(register: pl.DataFrame, column: str, named: Sequence[str]) -> tuple[list[str], Sentence] | None:
    """Those places that the scope of a rule book names and the register writes otherwise, and what to do.

    `named` are places that the register does not have, of its `column`; null where none is written so.
    """
    found = counterparts(pl.Series(named, dtype=pl.String), register[column].unique())
    if not found:
        return None
    return [ours for ours, _ in found], joined(between("--rules", "--households", column, found), THEN)


def _beside(option: str, column: str, found: Pairs, elsewhere: Sentence, done: Sequence[Habit]) -> Sentence:
    some = _named([Sentence(f"{here!r} for {there!r}", f"{here!r} 应为 {there!r}") for there, here in found])
    then = remedies(done)
    return Sentence(
        f"{option}: the column {column} is written otherwise than {elsewhere.en} ({some.en}), {then.en}",
        f"{option}：{column} 列的写法与{elsewhere.zh}不同（{some.zh}），{then.zh}",
    )


def _named(each: Sequence[Sentence]) -> Sentence:
    """The first of them, and how many there are beyond."""
    more, some = len(each) - NAMED_AT_MOST, joined(each[:NAMED_AT_MOST], COMMA)
    return Sentence(
        f"{some.en}{f' and {more:,} more' if more > 0 else ''}",
        f"{some.zh}{f'，另有 {more:,} 个' if more > 0 else ''}",
    )
