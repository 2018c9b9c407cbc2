"""Single items of rule books: small points under small caps, so that every operator has work."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from villages import words
from villages.chance import likely, weighted
from villages.season import edge

if TYPE_CHECKING:
    from random import Random

    from villages.season import Season

Fields = dict[str, Any]
GROUPS = {"honour": "required", "moral": "event", "家庭": "day", "garden": "year"}
CAPS = ("shared", "narrow", "net", "上限")


def caps(rng: Random) -> Fields:
    """Every cap there is; `net` lets deductions make room again, the others mostly not."""
    drawn: Fields = {}
    for name in CAPS:
        points = weighted(
            rng, {0: 2, 7: 4, 10: 4, 15: 4, 20: 4, 25: 4, 30: 4, 60: 4, 3_000_000_000: 1, 10**15: 1}
        )
        basis = "net" if name == "net" or likely(rng, 0.15) else "awards"
        drawn[name] = points if basis == "awards" and likely(rng, 0.7) else {"points": points, "basis": basis}
    return drawn


def _value(rng: Random) -> int:
    """Small, or the most that the specification lets an item bring."""
    return weighted(rng, {5: 12, 10: 10, 20: 6, 3: 4, 1: 2, 50: 2, 100: 2, 0: 4, 1_000_000: 1})


def points(rng: Random, season: Season, sign: int) -> Any:
    """A number, or dated steps at the edges of months; `sign` 0 lets the steps change theirs."""
    if likely(rng, 0.6) and sign:
        return sign * _value(rng)
    days = sorted({edge(rng, season.years) for _ in range(rng.randint(1, 3))} - {date(season.years[0], 1, 1)})
    start = date(season.years[0] - rng.randint(0, 2), 1, 1)
    return [{"from": day, "points": (sign or rng.choice((1, -1))) * _value(rng)} for day in [start, *days]]


def _common(rng: Random, code: str) -> Fields:
    fields: Fields = {
        "code": code,
        "category": rng.choice(words.CATEGORIES),
        "task": "任务",
        "name": f"事项{code}",
    }
    optional = {"row": rng.randint(1, 34), "content": "内容", "clause": "5分/次；“每年”最多60分"}
    optional["notice"] = rng.choice(("item", "category", "hidden"))
    return fields | {name: value for name, value in optional.items() if likely(rng, 0.4)}


def honour(rng: Random, season: Season, code: str) -> Fields:
    """One tier of a group in which only the highest counts; some codes say which group."""
    family = code.split(".", maxsplit=1)[0]
    group = family if family in GROUPS else rng.choice(list(GROUPS))
    value = rng.choice((10, 20, 25, 50, 100, 200)) if likely(rng, 0.8) else points(rng, season, 1)
    fields = _common(rng, code) | {"points": value, "per": "event", "exclusive": group}
    if GROUPS[group] != "event" or likely(rng, 0.3):
        fields["matter"] = GROUPS[group]
    return fields | ({"cap": rng.choice(CAPS)} if likely(rng, 0.4) else {})


def plain(rng: Random, season: Season, code: str) -> Fields:
    """Any other item; not always one that the specification accepts: the caller looks."""
    per = weighted(rng, {"month": 5, "year": 2, "event": 5, "matter": 4})
    sign = weighted(rng, {1: 15, -1: 4, 0: 2})
    fields = _common(rng, code) | {"points": points(rng, season, sign), "per": per}
    if per == "month" and likely(rng, 0.7):
        fields["pledge"] = likely(rng, 0.9)
    if per != "event" and likely(rng, 0.4):
        fields["by_member"] = likely(rng, 0.9)
    if per == "matter" or likely(rng, 0.6):
        fields["matter"] = weighted(rng, {"event": 1, "day": 2, "year": 2, "required": 3})
    if sign == 1 and likely(rng, 0.3):
        fields["matter_cap"] = rng.choice((0, 4, 8, 10, 12, 25))
    if likely(rng, 0.55):
        fields["cap"] = "net" if sign != 1 else rng.choice(CAPS)
    return fields


def draft(rng: Random, season: Season, code: str) -> Fields:
    tier = code.split(".", maxsplit=1)[0] in GROUPS or likely(rng, 0.08)
    return (honour if tier else plain)(rng, season, code)
