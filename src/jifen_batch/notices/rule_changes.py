"""细则修改 as a council reads it: what stands in which book now, and what would stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices import rule_words
from jifen_batch.notices.grid import grid
from jifen_batch.notices.rule_values import NONE, points, shown
from jifen_batch.notices.words import printable
from jifen_batch.scheme import rule_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from jifen_batch.notices.read_aloud import ReadAloud
    from jifen_batch.rules.diff import Change

HEADERS = ("事项或上限", "名称", "修改", "原来", "改为", "细则原文")
WHOLE_CELLS = ("修改",)
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
FIELDS = {
    "book": rule_fields.BOOK | rule_fields.WALLET | rule_fields.FILE,
    "cap": rule_fields.CAP_TABLE,
    "item": rule_fields.ITEM,
}


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


def aloud(sentences: Sequence[ReadAloud]) -> Iterator[RenderableType]:
    """What each edited rule does from then on, a line each; nothing where no rule is edited."""
    if sentences:
        lines = [f"{one.book}  {one.sentence}" for one in sentences]
        yield Text("\n".join(["修改以后的规定，逐条读作：", *lines, ""]), overflow="ignore", no_wrap=True)


def sentences(changes: Sequence[Change]) -> list[str]:
    """One sentence per change that is a book's own: the book, what of it, what it was and would be."""
    own = (change for change in changes if not change.inherited)
    return [_sentence(change) for change in own]


def figures(change: Change) -> str:
    """The figures of a change, without saying whose: 上限由90分改为60分."""
    _, _, what, before, after, _ = _row(change)
    return f"{what}由{printable(before or NONE)}改为{printable(after or NONE)}"


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
    field = FIELDS[of][change.field]
    return str(field.zh), lambda value, whole: shown(field, value, whole)


def _book(_: object, book: Mapping[str, Any]) -> str:
    """A book as a whole."""
    years = f"{book['first_year']}—{book['last_year'] or ''}"
    above = f"，依据 {book['extends']}" if book["extends"] else ""
    return f"{years}年，适用 {shown(FIELDS['book']['scope'], book['scope'], book)}{above}"


def _cap(_: object, cap: Mapping[str, Any]) -> str:
    """A cap as a whole."""
    return rule_words.cap(cap)


def _item(_: object, item: Mapping[str, Any]) -> str:
    """An item as a whole."""
    cap = f"，上限 {item['cap']}" if item["cap"] else ""
    return f"{points(item['points'], item)}{cap}"
