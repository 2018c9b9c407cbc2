"""Villages that change their town, and households that change their id, some of them twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from villages import words
from villages.chance import likely, weighted
from villages.season import edge

if TYPE_CHECKING:
    from random import Random

    from villages.season import Season

Row = dict[str, Any]
NEW_IDS = ("n", "h11", "h1 b", "新一", "户一乙", words.LONG + "3")
NEW_TOWNS = (*words.TOWNS, "town-b")


def with_new_towns(rng: Random, season: Season, spells: list[Row]) -> list[Row]:
    """The register, in which a few villages belong to another town from a day on."""
    around = range(season.years[0] - 1, season.years[-1] + 2)
    for village in sorted({row["village_id"] for row in spells}):
        for day in sorted({edge(rng, around) for _ in range(rng.choice((0, 0, 0, 0, 1, 1, 2)))}):
            town = rng.choice(NEW_TOWNS)
            spells = [part for row in spells for part in _from(row, day, village, town)]
    return spells


def _from(row: Row, day: date, village: str, town: str) -> list[Row]:
    """A spell, cut in two where its village changes its town on a day within it."""
    if row["village_id"] != village or (row.get("left_on") or date.max) <= day:
        return [row]
    moved = row | {"town_id": town} | ({"town_name": town} if row.get("town_name") else {})
    if row["enrolled_on"] >= day:
        return [moved]
    return [row | {"left_on": day}, moved | {"enrolled_on": day}]


def with_new_ids(
    rng: Random, season: Season, spells: list[Row], events: list[Row]
) -> tuple[list[Row], list[Row], list[Row]]:
    """Register, events and successions: some households' rows stand partly under new ids."""
    successions: list[Row] = []
    if likely(rng, 0.6):
        return spells, events, successions
    fresh = [name for name in NEW_IDS if name not in {row["household_id"] for row in spells}]
    households = sorted({row["household_id"] for row in spells})
    for household in rng.sample(households, rng.randint(1, min(3, len(households)))):
        old = household
        for new in (fresh.pop() for _ in range(weighted(rng, {1: 3, 2: 1})) if fresh):
            spells, events = _told_anew(rng, old, new, spells), _told_anew(rng, old, new, events)
            successions.append(_row(old, new, _day(rng, season), "renamed"))
            old = new
    heirs = [name for name in households if name not in {row["old_household_id"] for row in successions}]
    if len(heirs) > 1 and likely(rng, 0.5):
        successions.append(_row(heirs[0], heirs[1], _day(rng, season), "merged"))
    rng.shuffle(successions)
    return spells, events, successions


def _day(rng: Random, season: Season) -> date:
    """Mostly before the as-of date, sometimes on it or the day after."""
    far = season.as_of - timedelta(days=rng.randint(0, 500))
    day = rng.choice((far, far, season.as_of, season.as_of + timedelta(days=1)))
    return min(max(day, date(2000, 1, 1)), date(2099, 12, 31))


def _row(old: str, new: str, day: date, kind: str) -> Row:
    return {"old_household_id": old, "new_household_id": new, "effective_on": day, "kind": kind}


def _told_anew(rng: Random, old: str, new: str, rows: list[Row]) -> list[Row]:
    """Rows of an id of which none, some or all stand under the new one."""
    share = rng.choice((0.0, 0.3, 0.7, 1.0))
    return [
        row | {"household_id": new} if row.get("household_id") == old and likely(rng, share) else row
        for row in rows
    ]
