"""Why a standing row cannot be scored: the first failure, in the specification's order (3.1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from oracle.book import Book, Item, book_of

if TYPE_CHECKING:
    from oracle.register import Place, Register
    from oracle.rows import Row

REQUIRED = ("event_id", "household_id", "item", "occurred_on", "status")
STATUSES = ("declared", "assessed", "approved", "declined", "withdrawn")
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
PERSONAL_DIGITS = 11
GRANTED = "grant:"  # what the ids of grants begin with


@dataclass(frozen=True)
class Event:
    """One valid event with the item, book and place that apply to it."""

    row: Row
    item: Item
    book: Book
    place: Place

    @property
    def year(self) -> int:
        return self.row["occurred_on"].year

    @property
    def household(self) -> str:
        return self.row["household_id"]

    @property
    def event_id(self) -> str:
        return self.row["event_id"]


def names_a_person(given: str | None) -> bool:
    """Whether decimal digits, of any script, stand in a row as in an identity or phone number."""
    run = 0
    for character in given or "":
        run = run + 1 if character.isdecimal() else 0
        if run >= PERSONAL_DIGITS:
            return True
    return False


def _fault_of_row(row: Row, register: Register) -> str | None:
    """The first failure that needs no rule book."""
    days = [row[name] for name in ("occurred_on", "decided_on", "until") if row[name] is not None]
    if any(row[name] is None for name in REQUIRED):
        return "missing_field"
    if row["event_id"].startswith(GRANTED):
        return "reserved_id"
    if any(not FIRST_DAY <= day <= LAST_DAY for day in days):
        return "bad_date"
    if row["status"] not in STATUSES:
        return "unknown_status"
    if row["household_id"] not in register.spells:
        return "unknown_household"
    return None


def _bad_quantity(quantity: int | None, item: Item) -> bool:
    times = 1 if quantity is None else quantity
    once = item.per != "event" or item.exclusive is not None
    return not 1 <= times <= 1000 or (once and times != 1)


def _fault_of_item(row: Row, item: Item) -> str | None:
    """The first failure against the item."""
    if _bad_quantity(row["quantity"], item):
        return "bad_quantity"
    if row["until"] is not None and not item.pledge:
        return "unexpected_until"
    if row["until"] is not None and row["until"] < row["occurred_on"]:
        return "until_before_start"
    if item.matter == "required" and row["matter_id"] is None:
        return "missing_matter"
    if names_a_person(row["member_id"]) or names_a_person(row["evidence_id"]):
        return "personal_number"
    return None


def validate(row: Row, register: Register, books: list[Book]) -> Event | str:
    """The event, or the reason why the row is rejected."""
    fault = _fault_of_row(row, register)
    if fault:
        return fault
    year = row["occurred_on"].year
    place = register.place(row["household_id"], year)
    book = book_of(books, place.town, place.village, year)
    if book is None:
        return "no_rule_book"
    item: Any = book.items.get(row["item"])
    if item is None:
        return "unknown_item"
    if item.grant:
        return "granted_item"
    return _fault_of_item(row, item) or Event(row, item, book, place)
