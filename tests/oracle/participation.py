"""Participation: what a village's households did in a quarter, for the district (specification 4)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from oracle.calendar_days import quarter_end, quarter_of, quarters_between
from oracle.register import Place
from oracle.validate import GRANTED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from oracle.ledger import LedgerRow
    from oracle.register import Register
    from oracle.rows import Row
    from oracle.validate import Event


class Happened(NamedTuple):
    """What occurred by day, posted or not: valid events by status, and rejected rows."""

    events: list[Event]
    rejected: list[Row]


class Cell(NamedTuple):
    """One village in one quarter."""

    place: Place
    quarter: str


def _of_line(row: LedgerRow) -> Cell:
    return Cell(Place(row["town_id"], row["village_id"]), row["quarter"])


def _of_event(event: Event) -> Cell:
    return Cell(event.place, quarter_of(event.row["occurred_on"]))


def _of_rejects(rejected: Iterable[Row], register: Register) -> Counter[Cell]:
    counted: Counter[Cell] = Counter()
    for row in rejected:
        place = register.place_where_known(row["household_id"], row["occurred_on"])
        if place is not None:
            counted[Cell(place, quarter_of(row["occurred_on"]))] += 1
    return counted


def _counts(ledger: list[LedgerRow], happened: Happened, register: Register) -> dict[str, Counter[Cell]]:
    """Every count but `enrolled`, by village and quarter."""
    earned = [row for row in ledger if not row["event_id"].startswith(GRANTED)]
    awards = [row for row in earned if row["points"] > 0]
    deductions = [row for row in earned if row["points"] < 0 and row["disposition"] != "reversed"]
    earning = {(_of_line(row), row["household_id"]) for row in awards}
    by_status = {
        status: [event for event in happened.events if event.row["status"] == status]
        for status in ("approved", "declared", "assessed")
    }
    active = {(_of_event(event), event.household) for event in by_status["approved"]}
    return {
        "earning": Counter(cell for cell, _ in earning),
        "active": Counter(cell for cell, _ in active),
        "awards": Counter(map(_of_line, awards)),
        "deductions": Counter(map(_of_line, deductions)),
        "declared": Counter(map(_of_event, by_status["declared"])),
        "assessed": Counter(map(_of_event, by_status["assessed"])),
        "rejects": _of_rejects(happened.rejected, register),
    }


def _enrolled(quarters: list[str], register: Register, as_of: date) -> Counter[Cell]:
    counted: Counter[Cell] = Counter()
    for quarter in quarters:
        day = min(quarter_end(quarter), as_of)
        for household in register.spells:
            if register.enrolled(household, day):
                counted[Cell(register.place(household, int(quarter[:4])), quarter)] += 1
    return counted


def participation(
    ledger: list[LedgerRow],
    happened: Happened,
    register: Register,
    villages: list[dict[str, Any]],
    as_of: date,
) -> list[dict[str, Any]]:
    """Every village of the register or of `villages`, from the ledger's first quarter to today's."""
    if not ledger:
        return []
    totals = {Place(row["town_id"], row["village_id"]): row.get("households_total") for row in villages}
    quarters = quarters_between(min(row["quarter"] for row in ledger), quarter_of(as_of))
    counts = _counts(ledger, happened, register) | {"enrolled": _enrolled(quarters, register, as_of)}
    rows = []
    for place in register.places() | set(totals):
        for quarter in quarters:
            named = {"town_id": place.town, "village_id": place.village, "quarter": quarter}
            numbers = {name: counted[Cell(place, quarter)] for name, counted in counts.items()}
            rows.append(named | {"households_total": totals.get(place)} | numbers)
    return rows
