"""Single items of rule books: small points under small caps, so that every operator has work."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from villages import words
from villages.chance import likely, some, weighted
from villages.season import edge

if TYPE_CHECKING:
    from random import Random

    from villages.season import Season

Fields = dict[str, Any]
GROUPS = {"honour": "required", "moral": "event", "家庭": "day", "garden": "year"}
CAPS = ("shared", "narrow", "net", "上限")


PERIODS = ("month", "quarter", "half", "year")


def caps(rng: Random, season: Season) -> Fields:
    """Every cap there is, some within each other; not always acceptable: the caller looks."""
    return {name: cap(rng, season, name) for name in CAPS}


def cap(rng: Random, season: Season, name: str) -> Any:
    """One cap; `net` lets deductions make room again, the others mostly not."""
    limits = {0: 2, 7: 4, 10: 4, 15: 4, 20: 4, 25: 4, 30: 4, 60: 4, 3_000_000_000: 1, 10**15: 1}
    limit = weighted(rng, limits)
    net = name == "net" or likely(rng, 0.15)
    if not net and likely(rng, 0.35):
        return limit
    table: Fields = {"points": limit} | ({"basis": "net"} if net else {})
    if not net and likely(rng, 0.35):
        table["points"] = [step | {"points": weighted(rng, limits)} for step in _dated(rng, season)]
    if net and likely(rng, 0.6):
        table["floor"] = rng.choice((0, 0, -5, -20))
        if likely(rng, 0.3):
            del table["points"]
    if likely(rng, 0.5):
        table["period"] = rng.choice(PERIODS)
    if likely(rng, 0.4):
        table["within"] = rng.choice([other for other in CAPS if other != name])
    return table


def _value(rng: Random) -> int:
    """Small, or the most that the specification lets an item bring."""
    return weighted(rng, {5: 12, 10: 10, 20: 6, 3: 4, 1: 2, 50: 2, 100: 2, 0: 4, 1_000_000: 1})


def points(rng: Random, season: Season, sign: int) -> Any:
    """A number, or dated steps at the edges of months; `sign` 0 lets the steps change theirs."""
    if likely(rng, 0.6) and sign:
        return sign * _value(rng)
    return [step | {"points": (sign or rng.choice((1, -1))) * _value(rng)} for step in _dated(rng, season)]


def _dated(rng: Random, season: Season) -> list[Fields]:
    """Steps without their points, from before the first year on."""
    days = sorted({edge(rng, season.years) for _ in range(rng.randint(1, 3))} - {date(season.years[0], 1, 1)})
    start = date(season.years[0] - rng.randint(0, 2), 1, 1)
    return [{"from": day} for day in [start, *days]]


def _common(rng: Random, code: str) -> Fields:
    fields: Fields = {
        "code": code,
        "category": rng.choice(words.CATEGORIES),
        "task": "任务",
        "name": f"事项{code}",
    }
    optional = {"row": rng.randint(1, 34), "content": "内容", "clause": "5分/次；“每年”最多60分"}
    optional["notice"] = rng.choice(("item", "category", "hidden"))
    fields |= {name: value for name, value in optional.items() if likely(rng, 0.4)}
    rare = {"kinds": some(rng, words.KINDS[:-1], 1, 3), "spendable": likely(rng, 0.3)}
    return fields | {name: value for name, value in rare.items() if likely(rng, 0.15)}


def grant(rng: Random, season: Season, code: str) -> Fields:
    """What every household has without an event."""
    fields = _common(rng, code) | {"points": points(rng, season, 1), "grant": True}
    fields["per"] = rng.choice(("year", "month"))
    return fields | ({"cap": rng.choice(CAPS)} if likely(rng, 0.5) else {})


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
    per = weighted(rng, {"month": 5, "quarter": 2, "half": 1, "year": 2, "event": 5, "matter": 4})
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
    if likely(rng, 0.05):
        return grant(rng, season, code)
    tier = code.split(".", maxsplit=1)[0] in GROUPS or likely(rng, 0.08)
    return (honour if tier else plain)(rng, season, code)
