"""Which book applies where and when: per level, place and scoring year (specification 2.3, Layers)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.dataclass import dataclass
from jifen_batch.rules.words import quoted
from jifen_batch.sentence import Sentence
from jifen_batch.tables.rule_tables import LEVEL_BASE, LEVEL_TOWN, LEVEL_VILLAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jifen_batch.errors import Complaint
    from jifen_batch.rules.layered import LayeredBook


Territory = tuple[int, str | None]  # level, and place id (None at the base level)


@dataclass(frozen=True)
class Span:
    """A book that applies at one territory from a year to a year, inclusive."""

    level: int
    place_id: str | None
    first_year: int
    last_year: int
    book: LayeredBook


def territories(book: LayeredBook) -> list[Territory]:
    """Every level and place at which a book applies, each once; none where its scope is in doubt."""
    scope = book.head.scope
    if scope is None:
        return [] if "scope" in book.unknown else [(LEVEL_BASE, None)]
    level, places = (LEVEL_TOWN, scope.towns) if scope.towns is not None else (LEVEL_VILLAGE, scope.villages)
    return [(level, place) for place in dict.fromkeys(places or [])]


def spans(books: Iterable[LayeredBook]) -> Iterator[Span]:
    """Where each book applies; where several cover a place and year, only the one furthest down does."""
    for (level, place), there in _by_territory(books).items():
        if len(there) == 1:
            yield Span(level, place, *years(there[0]), there[0])
            continue
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            covering = [book for book in there if _covers(book, year)]
            if covering:
                yield Span(level, place, year, year, max(covering, key=lambda book: book.depth))


def overlaps(books: Iterable[LayeredBook]) -> Iterator[Complaint]:
    """One complaint for each book that meets, at a place and in a year, a book it is not laid over."""
    blamed: set[int] = set()
    for (_, place), there in _by_territory(books).items():
        for number, book in enumerate(there):
            other = next((each for each in there[:number] if _collide(each, book)), None)
            if other is None or id(book) in blamed:
                continue
            blamed.add(id(book))
            year = max(years(book)[0], years(other)[0])
            where = Sentence(f" in {quoted(place)}", f"在 {quoted(place)} ") if place else Sentence("", "")
            at = book.places.get("scope", book.places.get("id", book.top))
            seen = f"{quoted(other.head.id)}", f"{other.top.draft.shown}:{other.top.line}"
            yield at.complain(
                Sentence(
                    f"applies{where.en} in {year} together with book {seen[0]} ({seen[1]}), and neither "
                    "extends the other",
                    f"{where.zh}{year} 年与细则 {seen[0]}（{seen[1]}）同时适用，互不沿用",
                ),
                Sentence(
                    "set them apart by last_year, first_year or scope, or let one extend the other",
                    "请用 last_year、first_year 或 scope 错开，或写 extends 沿用其中一个",
                ),
            )


def years(book: LayeredBook) -> tuple[int, int]:
    """First and last scoring year in which a book can matter; the first is later where there is none."""
    first = book.head.first_year if book.head.first_year is not None else FIRST_YEAR
    last = book.head.last_year if book.head.last_year is not None else LAST_YEAR
    return max(first, FIRST_YEAR), min(last, LAST_YEAR)


def _covers(book: LayeredBook, year: int) -> bool:
    first, last = years(book)
    return first <= year <= last


def _collide(one: LayeredBook, other: LayeredBook) -> bool:
    """Whether two books of a territory share a year without one being laid over the other."""
    upper, lower = (one, other) if one.depth < other.depth else (other, one)
    related = lower.depth > upper.depth and lower.extends[lower.depth - upper.depth - 1] is upper
    firsts, lasts = zip(years(one), years(other), strict=True)
    return not related and max(firsts) <= min(lasts)


def _by_territory(books: Iterable[LayeredBook]) -> dict[Territory, list[LayeredBook]]:
    """Books whose years are known and whose id is their own, by where they apply, in order of id."""
    there: dict[Territory, list[LayeredBook]] = defaultdict(list)
    for book in sorted(books, key=lambda each: each.head.id or ""):
        if not book.repeats_id and book.head.first_year is not None and "last_year" not in book.unknown:
            for territory in territories(book):
                there[territory].append(book)
    return there
