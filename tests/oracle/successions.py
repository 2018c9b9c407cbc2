"""Changes of a household's id, and villages that change their town (specification 2.2)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

Row = dict[str, Any]
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class RefusedError(ValueError):
    """An input that the specification calls an error."""


def checked(successions: Iterable[Row]) -> list[Row]:
    """The rows, each once. Raises `RefusedError` for what no set of rows may hold, whatever their day."""
    rows: list[Row] = []
    for row in successions:
        if row not in rows:
            rows.append(row)
    following: dict[str, str] = {}
    for row in rows:
        old, new = row["old_household_id"], row["new_household_id"]
        if not FIRST_DAY <= row["effective_on"] <= LAST_DAY:
            raise RefusedError(f"{old}: a day out of range")
        if old in following:
            raise RefusedError(f"{old}: succeeded twice")
        following[old] = new
    for old in following:
        at, seen = old, {old}
        while at in following:
            at = following[at]
            if at in seen:
                raise RefusedError(f"{old}: succeeds itself")
            seen.add(at)
    return rows


def renaming(successions: Iterable[Row], as_of: date) -> dict[str, str]:
    """The id that each old one has become by the as-of date; chains are followed."""
    step = {
        row["old_household_id"]: row["new_household_id"]
        for row in checked(successions)
        if row["kind"] == "renamed" and row["effective_on"] <= as_of
    }
    final = {}
    for old in step:
        new = old
        while new in step:
            new = step[new]
        final[old] = new
    return final


def under_new_ids(rows: Iterable[Row], names: dict[str, str]) -> list[Row]:
    """Rows with the ids that stand now in place of those they were written with."""
    return [row | {"household_id": names.get(row["household_id"], row["household_id"])} for row in rows]


def register_under_new_ids(spells: Iterable[Row], names: dict[str, str]) -> list[Row]:
    """The register likewise. Raises `RefusedError` where the spells of one household overlap."""
    rows = under_new_ids(spells, names)
    for row in rows:
        for other in rows:
            same = row["household_id"] == other["household_id"] and row is not other
            ends = row.get("left_on") or date.max
            if same and row["enrolled_on"] <= other["enrolled_on"] < ends:
                raise RefusedError(f"{row['household_id']}: spells overlap")
    return rows
