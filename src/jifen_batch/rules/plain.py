"""Layered books as plain data in which what is not written stands as what it means.

Two books that say the same are equal here, however they were written and layered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.rules.checks import steps_of
from jifen_batch.rules.model import LAYERED_FIELDS

if TYPE_CHECKING:
    from jifen_batch.rules.layered import LayeredBook, LayeredItem

# What an item means that leaves a field out, or leaves it empty (specification 2.3).
MEANT = {"pledge": False, "by_member": False, "matter": "event", "notice": "item"}
EMPTY = (None, "")

Data = dict[str, Any]


def book_data(book: LayeredBook) -> Data:
    """What a book says of itself; `extends` is the nearest book it lies on, null without."""
    head = book.head
    scope = head.scope.model_dump(exclude_none=True) if head.scope else None
    return {
        "title": head.title,
        "source": head.source,
        "first_year": head.first_year,
        "last_year": head.last_year,
        "extends": book.extends[0].head.id if book.extends else None,
        "scope": {level: sorted(set(places)) for level, places in scope.items()} if scope else None,
        "expires": book.expires,
    }


def caps_data(book: LayeredBook) -> dict[str, Data]:
    """Points and basis of each cap, by name."""
    return {
        name: {"points": cap.points, "basis": "net" if cap.net else "awards"}
        for name, cap in book.caps.items()
    }


def items_data(book: LayeredBook) -> tuple[dict[str, Data], set[str]]:
    """Every field of each item in force, by code; and the codes of those that are disabled."""
    items = {item.code: _item_data(item) for item in book.enabled}
    return items, book.items.keys() - items.keys()


def _item_data(item: LayeredItem) -> Data:
    """Every field of an item; `points` a number, or steps of `from` and `points`."""
    data = {name: getattr(item.fields, name) for name in LAYERED_FIELDS}
    steps = steps_of(item)
    forfeits = item.fields.forfeits
    return {
        **{name: value if value not in EMPTY else MEANT.get(name) for name, value in data.items()},
        "points": steps[0][1] if steps[0][0] is None else [{"from": day, "points": n} for day, n in steps],
        "forfeits": {"scope": forfeits.scope, "items": sorted(set(forfeits.items))} if forfeits else None,
    }
