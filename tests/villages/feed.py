"""The events of a village, as a source would send them before anything goes wrong with them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from oracle.book import book_of, read_books
from oracle.register import Register
from villages import words
from villages.chance import likely, some, weighted

if TYPE_CHECKING:
    from random import Random

    from oracle.book import Book, Item
    from villages.season import Season

Row = dict[str, Any]
STATUSES = {"approved": 36, "declared": 3, "assessed": 2, "declined": 2, "withdrawn": 2}
TIMES = (time(0, 0), time(23, 59, 59, 999_999), time(8, 30), time(16, 0), time(0, 0, 0, 1))


def _named(book: Book) -> list[str]:
    """The items that events name; a book of grants alone has these."""
    return sorted(code for code, item in book.items.items() if not item.grant) or sorted(book.items)


class Feed:
    """Draws events of a few households under a few items on a few days, so that they meet."""

    def __init__(self, rng: Random, season: Season, spells: list[Row], texts: dict[str, str]) -> None:
        self.rng, self.season = rng, season
        self.register = Register(spells)
        self.books = read_books(texts.values())
        self.codes = sorted({code for book in self.books for code in book.items})
        self.families = [*self._families(), set(some(rng, self.codes, 1, 3))]
        self.busy = some(rng, sorted(self.register.spells), 1, 2)
        self.matters = some(rng, words.MATTERS, 2, 4)
        self.ids = words.event_ids(rng)

    def rows(self, number: int) -> list[Row]:
        return [self._row(event_id) for event_id in self.ids[:number]]

    def _families(self) -> list[set[str]]:
        """Codes that meet in an operator: a tier group, a shared cap, an incident and what it takes."""
        items = [item for book in self.books for item in book.items.values()]
        families: dict[str, set[str]] = {}
        for item in items:
            if item.exclusive is not None:
                families.setdefault(f"exclusive {item.exclusive}", set()).add(item.code)
            for cap in item.caps:
                families.setdefault(f"cap {cap.name}", set()).add(item.code)
            families.setdefault(f"incident {item.code}", set()).update({item.code, *item.forfeited})
        met = {name: family for name, family in families.items() if len(family) > 1}
        tiers = [family for name, family in met.items() if name.startswith("exclusive ")]
        return [*met.values(), *tiers, *tiers]

    def _item(self, book: Book | None) -> tuple[str, Item | None]:
        family = self.rng.choice(self.families)
        favourites = sorted(code for code in family if book is None or code in _named(book))
        enabled = self.codes if book is None or likely(self.rng, 0.05) else _named(book)
        code = self.rng.choice(favourites if favourites and likely(self.rng, 0.75) else enabled)
        if book is not None and code in book.items and likely(self.rng, 0.6):
            taken = sorted(book.items[code].forfeited & set(_named(book)))
            code = self.rng.choice(taken or [code])  # incidents are rare, what they take is not
        granted = [] if book is None else sorted(set(book.items) - set(_named(book)))
        if granted and likely(self.rng, 0.02):
            code = self.rng.choice(granted)  # which no event may name
        return code, None if book is None else book.items.get(code)

    def decided_on(self, occurred_on: date) -> date | None:
        """Null, before, on or after: by days, across quarters and years, or after the as-of date."""
        drawn = weighted(
            self.rng, {"none": 30, "same": 10, "crowded": 20, "near": 25, "far": 10, "future": 2}
        )
        near = occurred_on + timedelta(days=self.rng.randint(-20, 45))
        far = occurred_on + timedelta(days=self.rng.randint(-200, 300))
        future = self.season.as_of + timedelta(days=self.rng.choice((0, 1, 1, 40)))
        crowded = self.rng.choice(self.season.crowded)
        return {
            "none": None,
            "same": occurred_on,
            "crowded": crowded,
            "near": near,
            "far": far,
            "future": future,
        }[drawn]

    def recorded_at(self, occurred_on: date) -> datetime | None:
        """Null, soon after it happened, or on the edge of the as-of date."""
        if likely(self.rng, 0.3):
            return None
        near = self.season.as_of + timedelta(days=self.rng.choice((-3, -1, 0, 0, 1)))
        soon = min(occurred_on, self.season.as_of) + timedelta(days=self.rng.randint(-5, 60))
        day = near if likely(self.rng, 0.3) else min(soon, self.season.as_of)
        return datetime.combine(day, self.rng.choice(TIMES))

    def _until(self, item: Item | None, occurred_on: date) -> date | None:
        if item is None or not item.pledge or likely(self.rng, 0.5):
            return None
        return occurred_on + timedelta(days=self.rng.choice((0, 1, 20, 31, 60, 90, 200, 500)))

    def _matter(self, item: Item | None) -> str | None:
        wanted = item is not None and item.matter == "required"
        return self.rng.choice(self.matters) if likely(self.rng, 0.98 if wanted else 0.35) else None

    def _quantity(self, item: Item | None) -> int | None:
        countable = item is not None and item.per == "event" and item.exclusive is None
        if countable and likely(self.rng, 0.5):
            return weighted(self.rng, {1: 4, 2: 6, 3: 3, 7: 1, 1000: 1})
        return 1 if likely(self.rng, 0.2) else None

    def _row(self, event_id: str) -> Row:
        occurred_on = self.season.day(self.rng)
        household = self.rng.choice(self.busy if likely(self.rng, 0.6) else sorted(self.register.spells))
        place = self.register.place(household, occurred_on.year)
        code, item = self._item(book_of(self.books, place.town, place.village, occurred_on.year))
        return {
            "event_id": event_id,
            "household_id": household,
            "item": code,
            "occurred_on": occurred_on,
            "status": weighted(self.rng, STATUSES),
            "decided_on": self.decided_on(occurred_on),
            "recorded_at": self.recorded_at(occurred_on),
            "until": self._until(item, occurred_on),
            "matter_id": self._matter(item),
            "quantity": self._quantity(item),
            "member_id": self.rng.choice(words.MEMBERS) if likely(self.rng, 0.4) else None,
            "decision_id": f"会-{occurred_on.month}" if likely(self.rng, 0.3) else None,
            "evidence_id": self.rng.choice(words.EVIDENCE) if likely(self.rng, 0.3) else None,
        }
