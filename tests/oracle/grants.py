"""Grants: what every enrolled household has without an event (specification 3.2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from jifen_batch.tables import EVENTS
from oracle.book import book_of
from oracle.calendar_days import month_ends, quarter_of
from oracle.line import Line
from oracle.validate import FIRST_DAY, GRANTED, LAST_DAY, Event

if TYPE_CHECKING:
    from oracle.book import Book, Item
    from oracle.register import Register


def _days(item: Item, household: str, year: int, register: Register) -> list[date]:
    """The days that a grant counts for: the first enrolled one of the year, or each month's last."""
    if item.per == "month":
        return [end for end in month_ends(year) if register.enrolled(household, end)]
    every = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    return [day for day in every if day.year == year and register.enrolled(household, day)][:1]


def _line(item: Item, household: str, day: date, book: Book, register: Register) -> Line:
    given = {"event_id": f"{GRANTED}{item.code}:{day.year}", "household_id": household, "occurred_on": day}
    row = dict.fromkeys(EVENTS.names) | given | {"item": item.code, "status": "approved"}
    event = Event(row, item, book, register.place(household, day.year))
    gross = item.points_on(day)
    return Line(event, day, day, quarter_of(day), gross, gross)


def grants(register: Register, books: list[Book], as_of: date) -> list[Line]:
    """Candidate lines of every grant, posted by now or not."""
    lines = []
    for household in register.spells:
        for year in range(FIRST_DAY.year, min(as_of.year, LAST_DAY.year) + 1):
            if not register.enrolled_between(household, date(year, 1, 1), date(year, 12, 31)):
                continue
            place = register.place(household, year)
            book = book_of(books, place.town, place.village, year)
            for item in book.items.values() if book else ():
                if item.grant:
                    days = _days(item, household, year, register)
                    lines += [_line(item, household, day, book, register) for day in days]
    return lines
