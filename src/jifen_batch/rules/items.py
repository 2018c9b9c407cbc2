"""An item of a layered book, as checks, warnings and the compiler ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.rules.layered import stepped
from jifen_batch.rules.words import quoted
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    import datetime as dt

    from jifen_batch.rules.layered import LayeredItem


def steps_of(item: LayeredItem) -> list[tuple[dt.date | None, int]]:
    """The item's points by date; None where they hold from the beginning of the book."""
    return stepped(item.fields.points)


def is_negative(item: LayeredItem) -> bool:
    """Whether an item deducts, at some date."""
    return any(points < 0 for _, points in steps_of(item))


def is_taken_by_all(item: LayeredItem) -> bool:
    """Whether `items = "all"` names it: positive at some date, negative at none, no forfeiture of its own."""
    points = [points for _, points in steps_of(item)]
    return any(each > 0 for each in points) and min(points) >= 0 and item.fields.forfeits is None


def naming(item: LayeredItem) -> Sentence:
    """How a sentence about an item begins."""
    return Sentence(f"item {quoted(item.code)}", f"事项 {quoted(item.code)} ")


def about(item: LayeredItem, en: str, zh: str) -> Sentence:
    """What is said of an item."""
    return Sentence(f"item {quoted(item.code)} {en}", f"事项 {quoted(item.code)} {zh}")
