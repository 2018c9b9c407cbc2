"""Rule books as the specification layers them (2.3), and the one that applies to a place and year."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

BASE, TOWN, VILLAGE = 0, 1, 2
OF_THE_BOOK_ALONE = ("id", "extends", "scope", "unset")  # what an extending book does not inherit
UNBOUNDED = 10**18  # more than any sum of points


@dataclass(frozen=True)
class Cap:
    """One cap of a layered book; `steps` are dates and the points from them on, none for no bound."""

    name: str
    steps: tuple[tuple[date, int], ...]
    net: bool
    floor: int
    period: str
    within: str | None

    def points_on(self, day: date) -> int:
        return [points for start, points in self.steps if start <= day][-1] if self.steps else UNBOUNDED


@dataclass(frozen=True)
class Grade:
    """One grade: its conditions as written, and the items that bar it."""

    name: str
    at_least: int | None
    top: int | None
    top_percent: int | None
    bars: frozenset[str]


@dataclass(frozen=True)
class Item:
    """One enabled item of a layered book; `steps` are dates and the points in force from them on."""

    code: str
    fields: dict[str, Any]
    steps: tuple[tuple[date, int], ...]
    caps: tuple[Cap, ...]  # its own, the one that lies around that, and so on outwards
    matter_cap: int | None
    exclusive: str | None
    forfeits_scope: str | None
    forfeits_before: bool
    forfeited: frozenset[str]
    per: str
    pledge: bool
    by_member: bool
    matter: str
    kinds: frozenset[str] | None
    grant: bool
    spendable: bool

    def points_on(self, day: date) -> int:
        return [points for start, points in self.steps if start <= day][-1]


@dataclass(frozen=True)
class Book:
    """One layered book; `ancestors` are the ids of the books that it extends, directly or not."""

    book_id: str
    level: int
    places: frozenset[str]
    first_year: int
    last_year: int | None
    items: dict[str, Item]
    grades: tuple[Grade, ...]
    ancestors: frozenset[str]

    def governs(self, year: int) -> bool:
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def covers(self, town: str, village: str, year: int) -> bool:
        here = {BASE: True, TOWN: town in self.places, VILLAGE: village in self.places}[self.level]
        return here and self.governs(year)


@lru_cache(maxsize=512)
def parsed(text: str) -> dict[str, Any]:
    """The book as TOML gives it; read only, for it is shared."""
    return tomllib.loads(text)


def overlaid(inherited: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Fields of the inherited table, less those `unset`, overridden by those given."""
    removed = own.get("unset", [])
    kept = {name: value for name, value in inherited.items() if name not in removed}
    return kept | {name: value for name, value in own.items() if name != "unset"}


def layered(own: dict[str, Any], parent: dict[str, Any] | None) -> dict[str, Any]:
    """`{book, caps, items by code, grades}` of a book laid over its parent's; disabled items stay in it."""
    under = parent or {"book": {}, "caps": {}, "items": {}, "grades": []}
    inherited = {name: value for name, value in under["book"].items() if name not in OF_THE_BOOK_ALONE}
    book = overlaid(inherited, own["book"])
    items = dict(under["items"])
    for item in own.get("items", []):
        items[item["code"]] = overlaid(items.get(item["code"], {}), item)
    caps = under["caps"] | own.get("caps", {})
    return {"book": book, "caps": caps, "items": items, "grades": own.get("grades", under["grades"])}


def _steps(points: Any) -> tuple[tuple[date, int], ...]:
    if isinstance(points, int):
        return ((date.min, points),)
    return tuple((step["from"], step["points"]) for step in points)


def caps_around(name: str, caps: dict[str, Any]) -> tuple[Cap, ...]:
    """The cap of that name and those it lies within, outwards."""
    raw = caps[name] if isinstance(caps[name], dict) else {"points": caps[name]}
    cap = Cap(
        name=name,
        steps=_steps(raw["points"]) if "points" in raw else (),
        net=raw.get("basis") == "net",
        floor=raw.get("floor", -UNBOUNDED),
        period=raw.get("period", "year"),
        within=raw.get("within"),
    )
    return (cap, *caps_around(cap.within, caps)) if cap.within else (cap,)


def can_be_forfeited(fields: dict[str, Any]) -> bool:
    """What `items = "all"` means: positive at some date, negative at none, and no incident itself."""
    points = [points for _, points in _steps(fields["points"])]
    return max(points) > 0 and min(points) >= 0 and "forfeits" not in fields


def _forfeited(forfeits: dict[str, Any], items: list[dict[str, Any]]) -> frozenset[str]:
    """Codes of the items that are taken; `all` by matter are those whose matter is required."""
    named = forfeits.get("items", [])
    if named != "all":
        return frozenset(named)
    return frozenset(
        fields["code"]
        for fields in items
        if can_be_forfeited(fields) and (forfeits["scope"] != "matter" or fields.get("matter") == "required")
    )


def _item(fields: dict[str, Any], caps: dict[str, Any], items: list[dict[str, Any]]) -> Item:
    forfeits = fields.get("forfeits", {})
    return Item(
        code=fields["code"],
        fields=fields,
        steps=_steps(fields["points"]),
        caps=caps_around(fields["cap"], caps) if "cap" in fields else (),
        matter_cap=fields.get("matter_cap"),
        exclusive=fields.get("exclusive"),
        forfeits_scope=forfeits.get("scope"),
        forfeits_before=forfeits.get("reach") == "before",
        forfeited=_forfeited(forfeits, items),
        per=fields["per"],
        pledge=fields.get("pledge", False),
        by_member=fields.get("by_member", False),
        matter=fields.get("matter", "event"),
        kinds=frozenset(fields["kinds"]) if "kinds" in fields else None,
        grant=fields.get("grant", False),
        spendable=fields.get("spendable", True),
    )


def _grade(fields: dict[str, Any]) -> Grade:
    conditions = {name: fields.get(name) for name in ("at_least", "top", "top_percent")}
    return Grade(name=fields["name"], bars=frozenset(fields.get("bars", [])), **conditions)


def _book(table: dict[str, Any], ancestors: frozenset[str]) -> Book:
    header, items = table["book"], table["items"].values()
    scope = header.get("scope", {})
    enabled = [fields for fields in items if not fields.get("disabled", False)]
    return Book(
        book_id=header["id"],
        level=TOWN if "towns" in scope else VILLAGE if "villages" in scope else BASE,
        places=frozenset(scope.get("towns", scope.get("villages", []))),
        first_year=header["first_year"],
        last_year=header.get("last_year"),
        items={fields["code"]: _item(fields, table["caps"], enabled) for fields in enabled},
        grades=tuple(map(_grade, table["grades"])),
        ancestors=ancestors,
    )


def read_books(texts: Iterable[str | Path]) -> list[Book]:
    """All books of a run from TOML texts (or files of them), each laid over what it extends."""
    tables = [parsed(text.read_text("utf-8") if isinstance(text, Path) else text) for text in texts]
    by_id = {table["book"]["id"]: table for table in tables}

    def chain(book_id: str) -> list[str]:
        extended = by_id[book_id]["book"].get("extends")
        return [book_id, *chain(extended)] if extended else [book_id]

    books = []
    for book_id in by_id:
        whole: dict[str, Any] | None = None
        for link in reversed(chain(book_id)):
            whole = layered(by_id[link], whole)
        assert whole is not None
        books.append(_book(whole, frozenset(chain(book_id)[1:])))
    return books


def book_of(books: Iterable[Book], town: str, village: str, year: int) -> Book | None:
    """The village's book before the town's before the base; of one level, the one that extends."""
    covering = [book for book in books if book.covers(town, village, year)]
    if not covering:
        return None
    level = max(book.level for book in covering)
    rivals = [book for book in covering if book.level == level]
    (last,) = [book for book in rivals if not any(book.book_id in other.ancestors for other in rivals)]
    return last
