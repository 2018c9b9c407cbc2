"""Layered books as plain data in which what is not written stands as what it means.

Two books that say the same are equal here, however they were written and layered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.rules.items import steps_of
from jifen_batch.rules.model import LAYERED_FIELDS, CapTable
from jifen_batch.scheme.rule_fields import ITEM

if TYPE_CHECKING:
    import datetime as dt

    from jifen_batch.rules.layered import LayeredBook, LayeredCap, LayeredGrade, LayeredItem
    from jifen_batch.rules.model import Forfeits

EMPTY = (None, "")

Data = dict[str, Any]


def book_data(book: LayeredBook) -> Data:
    """What a book says of itself; `extends` is the nearest book it lies on, null without."""
    head = book.head
    scope = head.scope.said() if head.scope else None
    return {
        "title": head.title,
        "source": head.source,
        "first_year": head.first_year,
        "last_year": head.last_year,
        "extends": book.extends[0].head.id if book.extends else None,
        "scope": {level: sorted(set(places)) for level, places in scope.items()} if scope else None,
        "expires": book.expires,
        "grades": [grade_data(grade) for grade in book.grades],
    }


def grade_data(grade: LayeredGrade) -> Data:
    """A grade without what it does not ask for; `bars` sorted."""
    asked = grade.fields.said()
    return asked | ({"bars": sorted(set(asked["bars"]))} if asked.get("bars") else {})


def caps_data(book: LayeredBook) -> dict[str, Data]:
    """Every field of each cap, by name; `points` a number, steps of `from` and `points`, or null."""
    return {name: cap_data(cap) for name, cap in book.caps.items()}


def cap_data(cap: LayeredCap) -> Data:
    """Every field of a cap."""
    fields = cap.fields or CapTable({})
    return {
        "points": points_data(cap.steps),
        "basis": fields.basis,
        "period": fields.period,
        "within": fields.within,
        "floor": fields.floor,
    }


def points_data(steps: list[tuple[dt.date | None, int]]) -> int | list[Data] | None:
    """Points as a number, or as steps where they change; null where there are none."""
    if not steps:
        return None
    return steps[0][1] if steps[0][0] is None else [{"from": day, "points": n} for day, n in steps]


def items_data(book: LayeredBook) -> tuple[dict[str, Data], set[str]]:
    """Every field of each item in force, by code; and the codes of those that are disabled."""
    items = {item.code: _item_data(item) for item in book.enabled}
    return items, book.items.keys() - items.keys()


def _item_data(item: LayeredItem) -> Data:
    """Every field of an item; `points` a number, or steps of `from` and `points`."""
    data = {name: getattr(item.fields, name) for name in LAYERED_FIELDS}
    forfeits, kinds = item.fields.forfeits, item.fields.kinds
    return {
        **{name: value if value not in EMPTY else ITEM[name].meant for name, value in data.items()},
        "points": points_data(steps_of(item)),
        "kinds": sorted(set(kinds)) if kinds else None,
        "forfeits": _forfeits_data(forfeits) if forfeits else None,
    }


def _forfeits_data(forfeits: Forfeits) -> Data:
    """Scope, items sorted or `all`, and reach where it is not the usual."""
    items = "all" if forfeits.items == "all" else sorted(set(forfeits.items))
    reach = {"reach": forfeits.reach} if forfeits.reach != "all" else {}
    return {"scope": forfeits.scope, "items": items} | reach
