"""细则修改 as a council reads it: what stands in which book now, and what would stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from jifen_batch.notices import rule_words
from jifen_batch.notices.grid import NOTHING, Grid, Lines
from jifen_batch.notices.rule_values import NONE, points, shown
from jifen_batch.notices.words import printable
from jifen_batch.scheme import rule_fields
from jifen_batch.scheme.word import in_words
from jifen_batch.sentence import AND, Sentence, alike, joined, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jifen_batch.notices.grid import Part
    from jifen_batch.notices.read_aloud import ReadAloud
    from jifen_batch.rules.diff import Change

WHAT = Sentence("edited", "修改")
HEADERS = (
    Sentence("item or cap", "事项或上限"),
    Sentence("name", "名称"),
    WHAT,
    Sentence("before", "原来"),
    Sentence("after", "改为"),
    Sentence("clause", "细则原文"),
)
WHOLE_CELLS = (WHAT,)
KINDS = {
    "book_added": Sentence("book added", "新增细则"),
    "book_removed": Sentence("book removed", "删去细则"),
    "cap_added": Sentence("cap added", "新增上限"),
    "cap_removed": Sentence("cap removed", "删去上限"),
    "item_added": Sentence("item added", "新增事项"),
    "item_removed": Sentence("item removed", "删去事项"),
    "item_disabled": Sentence("item disabled", "停用事项"),
    "item_restored": Sentence("item restored", "恢复事项"),
}
FIELDS = {
    "book": rule_fields.BOOK | rule_fields.WALLET | rule_fields.FILE,
    "cap": rule_fields.CAP_TABLE,
    "item": rule_fields.ITEM,
}


def parts(changes: Sequence[Change]) -> Iterator[Part]:
    """A table for each book that changes by itself, and a line for those that follow; or that none does."""
    if not changes:
        yield Lines(
            Sentence("Both sets of books say the same: nothing is edited.", "两套细则内容相同，没有修改。")
        )
    for book in dict.fromkeys(change.book for change in changes):
        own = [change for change in changes if change.book == book and not change.inherited]
        followed = sum(change.inherited for change in changes if change.book == book)
        if own:
            note = Sentence(
                f"{followed} more follow from the book that it extends",
                f"另有 {followed} 处随所依据的细则一同修改",
            )
            title = Sentence(f"Book {book}", f"细则 {book}")
            rows = [_row(change) for change in own]
            yield Grid(title, HEADERS, rows, note=note if followed else NOTHING, whole=WHOLE_CELLS)
    if following := _followers(changes):
        named = joined(map(printable, following), AND)
        yield Lines(
            Sentence(
                f"Edited along with the book that they extend: {named.en}\n",
                f"随所依据的细则一同修改：{named.zh}\n",
            )
        )


def aloud(sentences: Sequence[ReadAloud]) -> Iterator[Part]:
    """What each edited rule does from then on, a line each; nothing where no rule is edited."""
    if sentences:
        heading = Sentence("The rules as they would stand, read aloud:", "修改以后的规定，逐条读作：")
        said = (joined([one.book, one.sentence], alike("  ")) for one in sentences)
        yield Lines(lines([heading, *said, ""]), folded=False)


def sentences(changes: Sequence[Change]) -> list[Sentence]:
    """One sentence per change that is a book's own: the book, what of it, what it was and would be."""
    own = (change for change in changes if not change.inherited)
    return [_sentence(change) for change in own]


def figures(change: Change) -> Sentence:
    """The figures of a change, without saying whose: 上限由90分改为60分."""
    _, _, what, before, after, _ = _row(change)
    was, now = _printable(before or NONE), _printable(after or NONE)
    return Sentence(f"{what.en} {was.en} → {now.en}", f"{what.zh}由{was.zh}改为{now.zh}")


def _sentence(change: Change) -> Sentence:
    """`baoshan-2023 志愿服务（volunteer）上限：90分 → 60分`."""
    key, name, what, before, after, _ = _row(change)
    named = alike(printable(key) if key else "")
    if name:
        called, code = _printable(name), printable(key)
        named = Sentence(f"{called.en} ({code})", f"{called.zh}（{code}）")
    values = _printable(joined([before or NONE, after or NONE], alike(" → ")))
    book = printable(change.book)
    english = " ".join(filter(None, [book, named.en, what.en]))
    return Sentence(f"{english}: {values.en}", f"{book} {named.zh}{what.zh}：{values.zh}")


def _printable(said: Sentence) -> Sentence:
    """A sentence without what could hurt where it is shown."""
    return Sentence(*map(printable, said))


def _followers(changes: Sequence[Change]) -> list[str]:
    """Books that change only because the one they extend does."""
    own = {change.book for change in changes if not change.inherited}
    return [book for book in dict.fromkeys(change.book for change in changes) if book not in own]


class _Row(NamedTuple):
    """The cells of a change under `HEADERS`."""

    key: str | None
    name: Sentence | None
    what: Sentence
    before: Sentence | None
    after: Sentence | None
    clause: str | None


def _row(change: Change) -> _Row:
    """What changed, and what it was and is; of what came or went as a whole, null on the other side."""
    before, after = change.whole
    what, show = _field(change)
    group = next((side["exclusive"] for side in (after, before) if side and side.get("exclusive")), None)
    name = alike(change.name) if change.name is not None else None
    if group and change.field != "exclusive":
        name = Sentence(f"{change.name} (tier group {group})", f"{change.name}（就高组 {group}）")
    if change.field is None:
        # The whole of it came or went.
        was = show(before, before) if before else None
        now = show(after, after) if after else None
    else:
        was, now = show(change.before, before), show(change.after, after)
    return _Row(change.key, name, what, was, now, change.clause)


def _field(change: Change) -> tuple[Sentence, Callable[[Any, Any], Sentence]]:
    """What changes, in a word, and how its values are shown; they take the value and the whole side."""
    of = change.kind.partition("_")[0]
    if change.field is None:
        return KINDS[change.kind], {"book": _book, "cap": _cap, "item": _item}[of]
    field = FIELDS[of][change.field]
    return in_words(field.name, str(field.zh)), lambda value, whole: shown(field, value, whole)


def _book(_: object, book: Mapping[str, Any]) -> Sentence:
    """A book as a whole."""
    years = f"{book['first_year']}—{book['last_year'] or ''}"
    above, scope = book["extends"], shown(FIELDS["book"]["scope"], book["scope"], book)
    return Sentence(
        f"{years}, for {scope.en}{f', extends {above}' if above else ''}",
        f"{years}年，适用 {scope.zh}{f'，依据 {above}' if above else ''}",
    )


def _cap(_: object, cap: Mapping[str, Any]) -> Sentence:
    """A cap as a whole."""
    return rule_words.cap(cap)


def _item(_: object, item: Mapping[str, Any]) -> Sentence:
    """An item as a whole."""
    brings, cap = points(item["points"], item), item["cap"]
    return Sentence(
        f"{brings.en}{f', cap {cap}' if cap else ''}", f"{brings.zh}{f'，上限 {cap}' if cap else ''}"
    )
