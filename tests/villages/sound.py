"""Whether a layered rule book is one that the specification accepts (2.3, "Refused")."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

Fields = dict[str, Any]
REQUIRED = ("code", "category", "task", "name", "points", "per")


def values(item: Fields) -> list[int]:
    points = item["points"]
    return [points] if isinstance(points, int) else [step["points"] for step in points]


def negative(item: Fields) -> bool:
    return min(values(item)) < 0


def _sound_points(item: Fields, first_year: int) -> bool:
    if isinstance(item["points"], int):
        return True
    days = [step["from"] for step in item["points"]]
    return days[0] <= date(first_year, 1, 1) and all(a < b for a, b in pairwise(days))


def _sound_alone(item: Fields, caps: Fields) -> bool:
    cap = caps.get(item.get("cap"), 0)
    net = "cap" not in item or (isinstance(cap, dict) and cap.get("basis") == "net")
    refused = (
        any(name not in item for name in REQUIRED),
        item.get("pledge", False) and item["per"] != "month",
        item.get("by_member", False) and item["per"] == "event",
        "exclusive" in item and item["per"] != "event",
        "cap" in item and item["cap"] not in caps,
        negative(item) and ("matter_cap" in item or "exclusive" in item or not net),
    )
    return not any(refused)


def _sound_forfeits(item: Fields, items: dict[str, Fields]) -> bool:
    forfeits = item.get("forfeits")
    if forfeits is None:
        return True
    named = [items[code] for code in forfeits["items"] if code in items]
    matters = {other.get("matter") for other in [item, *named]}
    refused = (
        len(named) < len(forfeits["items"]) or not named,
        any(other.get("disabled") or "exclusive" in other or "forfeits" in other for other in named),
        any(negative(other) for other in named),
        forfeits["scope"] == "matter" and matters != {"required"},
    )
    return not any(refused)


def _sound_groups(items: dict[str, Fields]) -> bool:
    """Items of one exclusive group agree in `matter`."""
    matters: dict[str, str] = {}
    grouped = [item for item in items.values() if "exclusive" in item]
    return all(
        matters.setdefault(item["exclusive"], item.get("matter", "event")) == item.get("matter", "event")
        for item in grouped
    )


def sound(table: dict[str, Any]) -> bool:
    """`table` is one book as `oracle.book.layered` gives it; disabled items must be sound too."""
    book, caps, items = table["book"], table["caps"], table["items"]
    return (
        book["first_year"] <= book.get("last_year", 2099)
        and all(_sound_alone(item, caps) for item in items.values())
        and all(_sound_points(item, book["first_year"]) for item in items.values())
        and all(_sound_forfeits(item, items) for item in items.values())
        and _sound_groups(items)
    )
