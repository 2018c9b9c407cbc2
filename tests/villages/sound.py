"""Whether a layered rule book is one that the specification accepts (2.3, "Refused")."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

Fields = dict[str, Any]
PERIODS = ("month", "quarter", "half", "year")
REQUIRED = ("code", "category", "task", "name", "points", "per")


def values(item: Fields) -> list[int]:
    points = item["points"]
    return [points] if isinstance(points, int) else [step["points"] for step in points]


def negative(item: Fields) -> bool:
    return min(values(item)) < 0


def _sound_points(item: Fields, first_year: int) -> bool:
    return isinstance(item["points"], int) or _sound_steps(item["points"], first_year)


def _sound_steps(steps: list[Fields], first_year: int) -> bool:
    days = [step["from"] for step in steps]
    return days[0] <= date(first_year, 1, 1) and all(a < b for a, b in pairwise(days))


def _net(caps: Fields, name: str) -> bool:
    return isinstance(caps.get(name), dict) and caps[name].get("basis") == "net"


def _around(caps: Fields, name: str) -> list[str]:
    """The cap and those it lies within, outwards; one stands twice where that goes in a circle."""
    around = [name]
    while isinstance(caps[around[-1]], dict) and "within" in caps[around[-1]] and len(around) <= len(caps):
        around.append(caps[around[-1]]["within"])
    return around


def _sound_cap(name: str, caps: Fields, first_year: int) -> bool:
    cap = caps[name] if isinstance(caps[name], dict) else {"points": caps[name]}
    points, net, within = cap.get("points"), _net(caps, name), cap.get("within")
    if within is not None and within not in caps:
        return False
    periods = [
        caps[each].get("period", "year") if isinstance(caps[each], dict) else "year"
        for each in _around(caps, name)
    ]
    lengths = [PERIODS.index(period) for period in periods]
    refused = (
        points is None and "floor" not in cap,
        "floor" in cap and (not net or cap["floor"] > 0),
        isinstance(points, list) and (net or not _sound_steps(points, first_year)),
        len(periods) > len(caps) or lengths != sorted(lengths),
        net and within is not None and not _net(caps, within),
    )
    return not any(refused)


def _sound_alone(item: Fields, caps: Fields) -> bool:
    refused = (
        any(name not in item for name in REQUIRED),
        item.get("pledge", False) and item["per"] != "month",
        item.get("by_member", False) and item["per"] == "event",
        "exclusive" in item and item["per"] != "event",
        "cap" in item and item["cap"] not in caps,
        item.get("grant", False) and not _sound_grant(item),
        negative(item) and ("matter_cap" in item or "exclusive" in item),
        negative(item) and "cap" in item and not _net(caps, item["cap"]),
    )
    return not any(refused)


def _sound_grant(item: Fields) -> bool:
    barred = any(name in item for name in ("exclusive", "matter", "matter_cap", "forfeits"))
    by = item.get("pledge", False) or item.get("by_member", False)
    return item["per"] in {"year", "month"} and not barred and not by and not negative(item)


def _sound_forfeits(item: Fields, items: dict[str, Fields]) -> bool:
    forfeits = item.get("forfeits")
    if forfeits is None:
        return True
    all_of_them = forfeits["items"] == "all"
    named = [] if all_of_them else [items[code] for code in forfeits["items"] if code in items]
    matters = {other.get("matter") for other in [item, *named]}
    refused = (
        not all_of_them and (len(named) < len(forfeits["items"]) or not named),
        any(other.get("disabled") or "forfeits" in other for other in named),
        any(negative(other) for other in named),
        forfeits["scope"] == "matter" and matters != {"required"},
    )
    return not any(refused)


def _sound_grades(grades: list[Fields], items: dict[str, Fields]) -> bool:
    bars = [code for grade in grades for code in grade.get("bars", [])]
    return all(code in items and not items[code].get("disabled") for code in bars)


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
        and all(_sound_cap(name, caps, book["first_year"]) for name in caps)
        and all(_sound_alone(item, caps) for item in items.values())
        and all(_sound_points(item, book["first_year"]) for item in items.values())
        and all(_sound_forfeits(item, items) for item in items.values())
        and _sound_groups(items)
        and _sound_grades(table["grades"], items)
    )
