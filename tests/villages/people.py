"""Registers: households that stay, come late, leave, return, or move to another village or town."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from villages import words
from villages.chance import likely, some
from villages.season import edge

if TYPE_CHECKING:
    from random import Random

    from villages.season import Season


class Site(NamedTuple):
    town: str
    village: str


def sites(rng: Random) -> list[Site]:
    """One to three towns of one or two villages each."""
    names = rng.sample(words.VILLAGES, len(words.VILLAGES))
    towns = some(rng, words.TOWNS, 1, 3)
    return [Site(town, names.pop()) for town in towns for _ in range(rng.randint(1, 2))]


def _turns(rng: Random, season: Season) -> list[tuple[date, date | None]]:
    """First days and first days no longer enrolled of a household's spells, in order."""
    if likely(rng, 0.5):
        return [(date(season.years[0] - rng.randint(0, 2), 1, 1), None)]
    around = range(season.years[0] - 1, season.years[-1] + 2)
    days = sorted({edge(rng, around) for _ in range(rng.randint(1, 6))})
    if likely(rng, 0.2):
        days = sorted({*days, days[0] + timedelta(days=1)})
    spells: list[tuple[date, date | None]] = []
    for day, following in zip(days, [*days[1:], None], strict=True):
        if spells and likely(rng, 0.2):
            continue  # a gap: gone until the next of the days
        gone = following is None and likely(rng, 0.5)
        spells.append((day, day + timedelta(days=rng.randint(1, 400)) if gone else following))
    return spells


def _spells(rng: Random, season: Season, household: str, where: list[Site]) -> list[dict[str, Any]]:
    home, rows = rng.choice(where), []
    kind, group = rng.choice(words.KINDS), rng.choice(words.GROUPS)
    for enrolled_on, left_on in _turns(rng, season):
        home = rng.choice(where) if likely(rng, 0.4) else home
        kind = rng.choice(words.KINDS) if likely(rng, 0.5) else kind
        group = rng.choice(words.GROUPS) if likely(rng, 0.3) else group
        row = {"household_id": household, "village_id": home.village, "town_id": home.town}
        row |= {"enrolled_on": enrolled_on, "left_on": left_on, "householder": f"户主{household}"}
        row |= {"kind": kind, "group_id": group}
        rows.append(
            row | {"village_name": f"{home.village}村", "town_name": rng.choice(("", None, home.town))}
        )
    return rows


def register(rng: Random, season: Season, where: list[Site]) -> list[dict[str, Any]]:
    households = some(rng, words.HOUSEHOLDS, 2, 7)
    rows = [row for household in households for row in _spells(rng, season, household, where)]
    rng.shuffle(rows)
    optional = ("householder", "village_name", "town_name", "kind", "group_id")
    dropped = [name for name in optional if likely(rng, 0.1)]
    if all(row["left_on"] is None for row in rows) and likely(rng, 0.5):
        dropped.append("left_on")
    return [{name: value for name, value in row.items() if name not in dropped} for row in rows]


def towns_now(where: list[Site], spells: list[dict[str, Any]]) -> list[Site]:
    """The places, in a town that the register has them in, if it has them at all."""
    towns = {row["village_id"]: row["town_id"] for row in spells}
    return [Site(towns.get(site.village, site.town), site.village) for site in where]


def villages(rng: Random, where: list[Site]) -> list[dict[str, Any]] | None:
    """What `--villages` says: nothing, or all places but one, and one without any household."""
    if likely(rng, 0.4):
        return None
    listed = [*where[likely(rng, 0.3) :], Site(rng.choice(where).town, "空村")]
    return [
        {
            "village_id": site.village,
            "town_id": site.town,
            "village_name": f"{site.village}村",
            "town_name": rng.choice((None, "", site.town)),
            "households_total": rng.choice((None, 0, 3, 500)),
        }
        for site in listed
    ]
