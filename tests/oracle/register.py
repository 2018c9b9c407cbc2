"""The register: who is enrolled on a day, and where a household stands in a scoring year (2.2)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Place(NamedTuple):
    town: str
    village: str


class Spell(NamedTuple):
    enrolled_on: date
    left_on: date  # first day no longer enrolled; the end of time while still enrolled
    place: Place
    kind: str | None
    group: str | None

    def touches(self, first: date, last: date) -> bool:
        """Whether it has a day from `first` to `last`, both included."""
        return first <= last and self.enrolled_on <= last and first < self.left_on


def _in_year(spells: list[Spell], year: int) -> Spell:
    """Of spells, oldest first: that of the year's first covered day, else the latest before, else the first.

    A day before the year is one on which a spell began.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    within = [spell for spell in spells if spell.touches(first, last)]
    if within:
        return min(within, key=lambda spell: max(spell.enrolled_on, first))
    before = [spell for spell in spells if spell.enrolled_on < first]
    return (before[-1:] or spells[:1])[0]


class Register:
    """Spells of each household, oldest first."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self.spells: dict[str, list[Spell]] = {}
        self._towns: dict[tuple[str, int], str] = {}
        for row in sorted(rows, key=lambda row: row["enrolled_on"]):
            place = Place(row["town_id"], row["village_id"])
            until = row.get("left_on") or date.max
            kind, group = row.get("kind") or None, row.get("group_id") or None
            spell = Spell(row["enrolled_on"], until, place, kind, group)
            self.spells.setdefault(row["household_id"], []).append(spell)

    def places(self) -> set[Place]:
        return {spell.place for spells in self.spells.values() for spell in spells}

    def enrolled_between(self, household: str, first: date, last: date) -> bool:
        return any(spell.touches(first, last) for spell in self.spells[household])

    def enrolled(self, household: str, day: date) -> bool:
        return self.enrolled_between(household, day, day)

    def spell_on(self, household: str, day: date) -> Spell:
        """The spell of a day on which it is enrolled."""
        (spell,) = [spell for spell in self.spells[household] if spell.touches(day, day)]
        return spell

    def group_on(self, household: str, day: date, village: str) -> str | None:
        """The group that it is in on a day, if it is then enrolled in that village."""
        spells = [spell for spell in self.spells[household] if spell.touches(day, day)]
        return spells[0].group if spells and spells[0].place.village == village else None

    def place(self, household: str, year: int) -> Place:
        """The village of the first spell in the year, else of the latest before it, else of the first."""
        village = _in_year(self.spells[household], year).place.village
        return Place(self._town(village, year), village)

    def _town(self, village: str, year: int) -> str:
        """The town of a village in a year, by the spells of all households in it."""
        if (village, year) not in self._towns:
            there = [
                spell for spells in self.spells.values() for spell in spells if spell.place.village == village
            ]
            there.sort(key=lambda spell: spell.enrolled_on)
            self._towns[village, year] = _in_year(there, year).place.town
        return self._towns[village, year]

    def place_where_known(self, household: str | None, day: date | None) -> Place | None:
        """The place in the year of that day, in or out of range; none without household or day."""
        if household is None or day is None or household not in self.spells:
            return None
        return self.place(household, day.year)
