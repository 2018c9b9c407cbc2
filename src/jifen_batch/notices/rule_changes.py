"""细则修改 as a council reads it: what stands in which book now, and what would stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices import rule_words, words
from jifen_batch.notices.grid import grid
from jifen_batch.notices.words import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from jifen_batch.rules.diff import Change

HEADERS = ("事项或上限", "名称", "修改", "原来", "改为", "细则原文")
WHOLE_CELLS = ("修改",)
NONE, OPEN = "无", "不限"
KINDS = {
    "book_added": "新增细则",
    "book_removed": "删去细则",
    "cap_added": "新增上限",
    "cap_removed": "删去上限",
    "item_added": "新增事项",
    "item_removed": "删去事项",
    "item_disabled": "停用事项",
    "item_restored": "恢复事项",
}
BOOK_FIELDS = {
    "title": "名称",
    "source": "依据",
    "first_year": "适用的第一年",
    "last_year": "适用的最后一年",
    "extends": "所依据的细则",
    "scope": "适用范围",
    "expires": "积分失效",
    "grades": "评定等级",
}
CAP_FIELDS = {"points": "上限", "basis": "口径", "period": "周期", "within": "所属上限", "floor": "下限"}
ITEM_FIELDS = {
    "row": "附件行号",
    "category": "类别",
    "task": "积分任务",
    "name": "积分事项",
    "content": "积分内容",
    "clause": "细则原文",
    "points": "分值",
    "per": "计分周期",
    "pledge": "承诺逐月计分",
    "cap": "所受上限",
    "matter_cap": "每活动上限",
    "matter": "同一事项认定",
    "exclusive": "就高组",
    "by_member": "按成员计",
    "forfeits": "连带不得分",
    "notice": "公告列示",
    "kinds": "适用的户",
    "grant": "基础分",
    "spendable": "可兑换",
}
PERIODS = {
    "month": "每月",
    "quarter": "每季",
    "half": "每半年",
    "year": "每年",
    "event": "每次",
    "matter": "每事项一次",
}
YES_OR_NO = ("pledge", "by_member", "grant", "spendable")
MATTERS = {
    "event": "一条一事",
    "day": "同日为一事",
    "year": "同年为一事",
    "required": "必须填事由编号",
}
SHOWN_AS = {"item": "列到事项", "category": "只列类别", "hidden": "不列"}
EXPIRES = {"none": "不失效", "12-31": "次年12月31日失效", "03-31": "次年3月31日失效"}


def parts(changes: Sequence[Change]) -> Iterator[RenderableType]:
    """A table for each book that changes by itself, and a line for those that follow; or that none does."""
    if not changes:
        yield Text("两套细则内容相同，没有修改。")
    for book in dict.fromkeys(change.book for change in changes):
        own = [change for change in changes if change.book == book and not change.inherited]
        followed = sum(change.inherited for change in changes if change.book == book)
        if own:
            note = f"另有 {followed} 处随所依据的细则一同修改" if followed else ""
            yield grid(f"细则 {book}", HEADERS, map(_row, own), note=note, whole=WHOLE_CELLS)
    following = _followers(changes)
    if following:
        yield Text(f"随所依据的细则一同修改：{'、'.join(printable(book) for book in following)}\n")


def sentences(changes: Sequence[Change]) -> list[str]:
    """One sentence per change that is a book's own: the book, what of it, what it was and would be."""
    own = (change for change in changes if not change.inherited)
    return [_sentence(change) for change in own]


def _sentence(change: Change) -> str:
    """`baoshan-2023 志愿服务（volunteer）上限：90分 → 60分`."""
    key, name, what, before, after, _ = _row(change)
    named = f"{printable(name)}（{printable(key)}）" if name else printable(key) if key else ""
    values = f"{NONE if before is None else before} → {NONE if after is None else after}"
    return f"{printable(change.book)} {named}{what}：{printable(values)}"


def _followers(changes: Sequence[Change]) -> list[str]:
    """Books that change only because the one they extend does."""
    own = {change.book for change in changes if not change.inherited}
    return [book for book in dict.fromkeys(change.book for change in changes) if book not in own]


def _row(change: Change) -> tuple[str | None, ...]:
    """The cells of a change under `HEADERS`."""
    before, after = change.whole
    what, show = _field(change)
    group = next((side["exclusive"] for side in (after, before) if side and side.get("exclusive")), None)
    name = f"{change.name}（就高组 {group}）" if group and change.field != "exclusive" else change.name
    if change.field is None:
        # The whole of it came or went.
        return (
            change.key,
            name,
            what,
            show(before, before) if before else None,
            show(after, after) if after else None,
            change.clause,
        )
    return change.key, name, what, show(change.before, before), show(change.after, after), change.clause


def _field(change: Change) -> tuple[str, Callable[[Any, Any], str]]:
    """What changes, in a word, and how its values are shown; they take the value and the whole side."""
    of = change.kind.partition("_")[0]
    if change.field is None:
        return KINDS[change.kind], {"book": _book, "cap": _cap, "item": _item}[of]
    if of == "book":
        return BOOK_FIELDS[change.field], _book_value(change.field)
    if of == "cap":
        return CAP_FIELDS[change.field], _cap_value(change.field)
    return ITEM_FIELDS[change.field], _item_value(change.field)


def _book(_: object, book: Mapping[str, Any]) -> str:
    """A book as a whole."""
    years = f"{book['first_year']}—{book['last_year'] or ''}"
    above = f"，依据 {book['extends']}" if book["extends"] else ""
    return f"{years}年，适用 {_scope(book['scope'])}{above}"


def _cap(_: object, cap: Mapping[str, Any]) -> str:
    """A cap as a whole."""
    return rule_words.cap(cap)


def _item(_: object, item: Mapping[str, Any]) -> str:
    """An item as a whole."""
    cap = f"，上限 {item['cap']}" if item["cap"] else ""
    return f"{_points(item['points'], item)}{cap}"


def _book_value(field: str) -> Callable[[Any, Any], str]:
    """How a field of a book is shown."""
    if field == "scope":
        return lambda value, _: _scope(value)
    if field == "expires":
        return lambda value, _: EXPIRES[value]
    if field == "grades":
        return lambda value, _: "；".join(map(rule_words.grade, value)) or NONE
    return lambda value, _: OPEN if value is None else str(value)


def _cap_value(field: str) -> Callable[[Any, Any], str]:
    """How a field of a cap is shown."""
    if field == "points":
        return lambda value, _: rule_words.dated(value)
    if field == "floor":
        return lambda value, _: NONE if value is None else f"{value}分"
    said = {"basis": rule_words.BASES, "period": words.CAP_PERIODS}.get(field)
    if said:
        return lambda value, _: said[value]
    return lambda value, _: NONE if value is None else str(value)


def _item_value(field: str) -> Callable[[Any, Any], str]:
    """How a field of an item is shown."""
    if field == "points":
        return _points
    shown: dict[str, Callable[[Any, Any], str]] = {
        "forfeits": lambda value, _: rule_words.forfeits(value) if value else NONE,
        "kinds": lambda value, _: "、".join(value) if value else "各类",
        "matter_cap": lambda value, _: NONE if value is None else f"{value}分",
        **dict.fromkeys(YES_OR_NO, lambda value, _: "是" if value else "否"),
    }
    said = {"per": PERIODS, "matter": MATTERS, "notice": SHOWN_AS}.get(field)
    if said:
        return lambda value, _: said[value]
    return shown.get(field, lambda value, _: NONE if value is None else str(value))


def _points(value: int | list[Mapping[str, Any]], item: Mapping[str, Any]) -> str:
    """Points per period; where they change, with the date from which each holds."""
    per = words.PERIODS[item["per"]]
    if isinstance(value, int):
        return f"{value}分/{per}"
    return "，".join(f"{step['points']}分/{per}（{step['from']}起）" for step in value)


def _scope(value: Mapping[str, Sequence[str]] | None) -> str:
    """Where a book applies."""
    if value is None:
        return "全部"
    level, places = next(iter(value.items()))
    return f"{'镇' if level == 'towns' else '村'} {'、'.join(places)}"
