"""What differs between two sets of rule books, as they stand after layering: `rules diff`, `what-if`.

Books are matched by id, items by code, caps by name. A book that only one side has is held against what
applies in its place: the book that it extends. What a local book merely inherits is marked, so that one
edit of the district's book is read once, and not a thousand times.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.rules.plain import book_data, caps_data, items_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jifen_batch.rules import LoadedRules
    from jifen_batch.rules.layered import LayeredBook

# Kinds of changes, in the order in which a book's are listed.
KINDS = (
    "book_added",
    "book_removed",
    "book_changed",
    "cap_added",
    "cap_removed",
    "cap_changed",
    "item_added",
    "item_removed",
    "item_disabled",
    "item_restored",
    "item_changed",
)
# Rows of the annex come first and in its order; consequences that a remark names follow them.
AFTER_ALL_ROWS = 1_000

Data = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One difference of a book.

    `kind` is one of `KINDS`; `key` the item's code or the cap's name (null for the book itself); `field`
    what changed of it (null where the whole was added, removed, disabled or restored). `before` and
    `after` are plain data, null where there is none. `clause` and `name` are the item's, of a cap those
    of the items under it, whose codes are `items`. `inherited`: the book it extends changes just so.
    `whole` has book, cap or item as a whole on either side.
    """

    book: str
    kind: str
    key: str | None
    field: str | None
    before: Any
    after: Any
    clause: str | None = None
    name: str | None = None
    items: tuple[str, ...] = ()
    inherited: bool = False
    whole: tuple[Data | None, Data | None] = dataclasses.field(default=(None, None), repr=False)

    @property
    def matter(self) -> str:
        """What changes, whatever the book: equal for a book and those that inherit it."""
        says = (self.kind, self.key, self.field, self.before, self.after)
        return json.dumps(says, ensure_ascii=False, default=str)

    def as_data(self) -> Data:
        """The change for a machine."""
        data = {name: value for name, value in vars(self).items() if name != "whole"}
        return data | {"items": list(self.items)}


def changes(before: LoadedRules, after: LoadedRules) -> list[Change]:
    """All differences: by book id, then kind, then the annex's order; empty where both say the same."""
    sides = [{_id(book): book for book in loaded.layered} for loaded in (before, after)]
    by_book: dict[str, list[Change]] = {}
    for book_id in sorted(sides[0].keys() | sides[1].keys()):
        by_book[book_id] = sorted(_of_book(book_id, *sides), key=_order)
    told = []
    for book_id, own in by_book.items():
        above = (sides[1].get(book_id) or sides[0][book_id]).extends
        there = {change.matter for change in by_book.get(_id(above[0]), [])} if above else set()
        told += [dataclasses.replace(change, inherited=change.matter in there) for change in own]
    return told


def _id(book: LayeredBook) -> str:
    """Id of a book, which every loaded one has."""
    return str(book.head.id)


def _order(change: Change) -> tuple[int, int, str]:
    """Where a change stands among those of its book; fields keep their order."""
    rows = [whole["row"] or AFTER_ALL_ROWS for whole in change.whole if whole and "row" in whole]
    return KINDS.index(change.kind), min(rows, default=0), change.key or ""


def _of_book(
    book_id: str, before: Mapping[str, LayeredBook], after: Mapping[str, LayeredBook]
) -> Iterator[Change]:
    """Differences of one book, which at least one side has."""
    had, has = before.get(book_id), after.get(book_id)
    if had and has:
        yield from _fields(book_id, "book", None, book_data(had), book_data(has))
    elif has:
        data = book_data(has)
        yield Change(book_id, "book_added", None, None, None, data, name=data["title"], whole=(None, data))
        had = _in_its_place(has, before)
    elif had:
        data = book_data(had)
        yield Change(book_id, "book_removed", None, None, data, None, name=data["title"], whole=(data, None))
        has = _in_its_place(had, after)
    if had and has:
        yield from _of_caps(book_id, had, has)
        yield from _of_items(book_id, had, has)


def _in_its_place(book: LayeredBook, others: Mapping[str, LayeredBook]) -> LayeredBook | None:
    """The book of the other side that applies where this one is missing; null for a book of its own."""
    if not book.extends:
        return None
    above = (others.get(_id(each)) for each in book.extends)
    return next((found for found in above if found), book.extends[0])


def _fields(
    book_id: str,
    of: str,
    key: str | None,
    before: Data,
    after: Data,
    **about: Any,  # noqa: ANN401 - handed through to `Change`
) -> Iterator[Change]:
    """A change for each field in which two books, caps or items differ."""
    for name in after:
        if before[name] != after[name]:
            yield Change(
                book_id,
                f"{of}_changed",
                key,
                name,
                before[name],
                after[name],
                whole=(before, after),
                **about,
            )


def _of_caps(book_id: str, before: LayeredBook, after: LayeredBook) -> Iterator[Change]:
    """Differences of two books' caps, each with the items under it on either side."""
    had, has = caps_data(before), caps_data(after)
    items = (items_data(before)[0], items_data(after)[0])
    for name in sorted(had.keys() | has.keys()):
        about = _about_cap(name, *items)
        if name in had and name in has:
            yield from _fields(book_id, "cap", name, had[name], has[name], **about)
        else:
            sides = (had.get(name), has.get(name))
            kind = "cap_added" if name in has else "cap_removed"
            yield Change(book_id, kind, name, None, *sides, whole=sides, **about)


def _about_cap(cap: str, before: Mapping[str, Data], after: Mapping[str, Data]) -> Data:
    """Codes, names and clause of the items under a cap, as they are now where they still are."""
    under = {code: item for items in (before, after) for code, item in items.items() if item["cap"] == cap}
    under = {code: after.get(code, item) for code, item in under.items()}
    first = sorted(under.values(), key=lambda item: item["row"] or AFTER_ALL_ROWS)
    return {
        "items": tuple(sorted(under)),
        "name": "、".join(item["name"] for item in first) or None,
        "clause": next((item["clause"] for item in first if item["clause"]), None),
    }


def _of_items(book_id: str, before: LayeredBook, after: LayeredBook) -> Iterator[Change]:
    """Differences of two books' items in force."""
    had, disabled_before = items_data(before)
    has, disabled_after = items_data(after)
    for code in sorted(had.keys() | has.keys()):
        sides = (had.get(code), has.get(code))
        about = _about_item(sides)
        if sides[0] and sides[1]:
            yield from _fields(book_id, "item", code, sides[0], sides[1], **about)
            continue
        if sides[1]:
            kind = "item_restored" if code in disabled_before else "item_added"
        else:
            kind = "item_disabled" if code in disabled_after else "item_removed"
        yield Change(book_id, kind, code, None, *sides, whole=sides, **about)


def _about_item(sides: Iterable[Data | None]) -> Data:
    """Name and clause of an item, as they are now where it still is."""
    item = [side for side in sides if side][-1]
    return {"name": item["name"], "clause": item["clause"]}
