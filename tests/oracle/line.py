"""Candidate lines of an approved event, before any operator (3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from oracle.calendar_days import month_end, month_ends, quarter_of

if TYPE_CHECKING:
    from oracle.book import Item
    from oracle.validate import Event

OUT_OF_PLAY = ("not_enrolled", "not_eligible", "duplicate")


@dataclass
class Line:
    """One line of the ledger in the making: `points` is what the operators so far have left."""

    event: Event
    accrued_on: date
    posted_on: date
    quarter: str
    gross: int
    points: int
    disposition: str = "awarded"
    cause: str | None = None
    cap_used: int | None = None

    @property
    def item(self) -> Item:
        return self.event.item

    @property
    def year(self) -> int:
        return self.event.year

    @property
    def household(self) -> str:
        return self.event.household

    @property
    def in_play(self) -> bool:
        return self.disposition not in OUT_OF_PLAY

    @property
    def matter(self) -> tuple[str, Any]:
        """What it is about; its kind stands first, so that no given id meets a day or a year."""
        given = self.event.row["matter_id"]
        if given is not None:
            return ("given", given)
        day = self.event.row["occurred_on"]
        own = {"event": self.event.event_id, "day": day, "year": self.year}
        return (self.item.matter, own[self.item.matter])

    @property
    def posting_order(self) -> tuple[date, date, bytes]:
        return (self.posted_on, self.accrued_on, self.event.event_id.encode())


def accruals(event: Event) -> list[date]:
    """The days an event counts for: month ends for a pledge, the month's end, or the day itself."""
    start: date = event.row["occurred_on"]
    if event.item.pledge:
        until = event.row["until"] or date(event.year, 12, 31)
        return [end for end in month_ends(event.year) if start <= end <= until]
    return [month_end(start) if event.item.per == "month" else start]


def candidates(event: Event, grace_days: int) -> list[Line]:
    """All lines that an approved event could leave, posted yet or not."""
    decided = event.row["decided_on"] or event.row["occurred_on"]
    lines = []
    for accrued_on in accruals(event):
        gross = event.item.points_on(accrued_on) * (event.row["quantity"] or 1)
        quarter = quarter_of(max(accrued_on, decided - timedelta(days=grace_days)))
        lines.append(Line(event, accrued_on, max(accrued_on, decided), quarter, gross, gross))
    return lines
