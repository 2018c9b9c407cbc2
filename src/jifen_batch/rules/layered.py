"""What layering makes: books, items and caps, each field with the place where it was last given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import Complaint

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from jifen_batch.rules.file import RuleDraft
    from jifen_batch.rules.locate import KeyPath
    from jifen_batch.rules.model import CapTable, DatedCap, DatedPoints, Grade, Head, Item
    from jifen_batch.rules.shape import Shaped
    from jifen_batch.scheme.choices import Expires
    from jifen_batch.sentence import Sentence


@dataclass(frozen=True)
class KeyPlace:
    """Where something is written; `depth` counts the books that the file's book extends in turn."""

    draft: RuleDraft
    path: KeyPath
    depth: int

    @property
    def book_id(self) -> str | None:
        """Id of the book that is written there, as far as one is."""
        head = (self.draft.tables or {}).get("book", {})
        return head.get("id") if isinstance(head, dict) else None

    @property
    def line(self) -> int:
        """Line in the file."""
        return self.draft.line(self.path)

    def complain(self, problem: Sentence, remedy: Sentence) -> Complaint:
        """A complaint about what stands here."""
        return Complaint(self.draft.shown, self.line, problem, remedy)


def latest(*places: KeyPlace) -> KeyPlace:
    """The place in the book furthest down: it made the combination, so it is where to mend it."""
    return max(places, key=lambda place: place.depth)


@dataclass(frozen=True, eq=False)
class LayeredItem:
    """One item of a layered book.

    `fields` is merged; `places` says where each given field stands (`code`: the item's last mention),
    `introduced` where the code came up first, `removed` where a field was unset. A field in `unknown`
    was given but complained about, and is None.
    """

    code: str
    fields: Item
    places: Mapping[str, KeyPlace]
    introduced: KeyPlace
    removed: Mapping[str, KeyPlace]
    unknown: frozenset[str]
    disabled_at: KeyPlace | None


def stepped(
    points: int | Sequence[DatedPoints] | Sequence[DatedCap] | None,
) -> list[tuple[dt.date | None, int]]:
    """Points by date, None where they hold from the beginning; empty where none are said."""
    if points is None:
        return []
    return [(None, points)] if isinstance(points, int) else [(step.from_, step.points) for step in points]


@dataclass(frozen=True, eq=False)
class LayeredCap:
    """One cap of a layered book; where it was complained about, `fields` are None."""

    fields: CapTable | None
    place: KeyPlace

    @property
    def steps(self) -> list[tuple[dt.date | None, int]]:
        """The cap's points by date, None where they hold throughout; empty where there is no bound."""
        return stepped(self.fields.points if self.fields else None)

    @property
    def net(self) -> bool:
        """Whether deductions make room again; so it may be where nobody knows."""
        return self.fields is None or self.fields.basis == "net"

    @property
    def within(self) -> str | None:
        """The cap that it lies within."""
        return self.fields.within if self.fields else None


@dataclass(frozen=True, eq=False)
class LayeredGrade:
    """One grade of a layered book; `broken`: something in it was complained about."""

    fields: Grade
    place: KeyPlace
    broken: bool


@dataclass(frozen=True, eq=False)
class LayeredBook:
    """One book with everything it inherits.

    `places` says where each field of `[book]` stands, `removed` where this book unset one; `extends` is
    the chain of books it lies on, nearest first; `repeats_id` marks all but the first book of an id.
    """

    shaped: Shaped
    head: Head
    places: Mapping[str, KeyPlace]
    removed: Mapping[str, KeyPlace]
    unknown: frozenset[str]
    caps: Mapping[str, LayeredCap]
    items: Mapping[str, LayeredItem]
    grades: tuple[LayeredGrade, ...]
    expires: Expires
    extends: tuple[LayeredBook, ...]
    repeats_id: bool

    @property
    def depth(self) -> int:
        """How many books it extends in turn."""
        return len(self.extends)

    @property
    def top(self) -> KeyPlace:
        """The book's own `[book]` table."""
        return self.place("book")

    def place(self, *path: str | int) -> KeyPlace:
        """A place in the book's own file."""
        return KeyPlace(self.shaped.draft, path, self.depth)

    def caps_around(self, name: str | None) -> list[LayeredCap]:
        """The cap of that name and those it lies within, outwards, as far as they exist; each once."""
        around: dict[str, LayeredCap] = {}
        while name is not None and name not in around and name in self.caps:
            around[name] = self.caps[name]
            name = around[name].within
        return list(around.values())

    @property
    def enabled(self) -> list[LayeredItem]:
        """Items in force."""
        return [item for item in self.items.values() if item.disabled_at is None]


def is_broken(book: LayeredBook, table: str) -> bool:
    """Whether a whole table was complained about, here or in a book above: anything may have stood there."""
    return any(each.shaped.is_broken(table) for each in (book, *book.extends))
