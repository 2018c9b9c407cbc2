"""Tables that repeat what was read: unposted, rejects, register, items (specification 4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from jifen_batch.tables import EVENTS, HOUSEHOLDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oracle.book import Book
    from oracle.register import Register
    from oracle.rows import Row

INT32 = range(-(2**31), 2**31)


def listed(row: Row, register: Register, **more: Any) -> dict[str, Any]:
    """A row as read, with its place where known; a quantity that no Int32 holds is null."""
    place = register.place_where_known(row["household_id"], row["occurred_on"])
    read = {name: row[name] for name in EVENTS.names}
    if read["quantity"] is not None and read["quantity"] not in INT32:
        read["quantity"] = None
    where = {"town_id": place.town if place else None, "village_id": place.village if place else None}
    return read | where | more


def rejects(rejected: Iterable[tuple[Row, str]], register: Register) -> list[dict[str, Any]]:
    return [
        listed(row, register, reason=reason, source_file=row["source_file"], source_row=row["source_row"])
        for row, reason in rejected
    ]


def register_rows(spells: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: spell.get(name) or None for name in HOUSEHOLDS.names if name != "kind"} for spell in spells
    ]


def items(books: Iterable[Book], years: Iterable[int]) -> list[dict[str, Any]]:
    """One row per book, enabled item and ledger year that the book governs."""
    names = ("code", "row", "category", "task", "name", "content", "clause", "per", "cap")
    return [
        {name: item.fields.get(name) for name in names}
        | {"grant": item.grant, "spendable": item.spendable}
        | {"book": book.book_id, "scoring_year": year, "points": item.points_on(date(year, 12, 31))}
        for year in years
        for book in books
        if book.governs(year)
        for item in book.items.values()
    ]
