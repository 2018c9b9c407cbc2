"""Ledger and the sums over it: balances, announcements, standings (contract 4)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oracle.line import Line
    from oracle.register import Register

LedgerRow = dict[str, Any]


def ledger_row(line: Line) -> LedgerRow:
    row, item = line.event.row, line.item
    carried = ("household_id", "event_id", "member_id", "matter_id", "decision_id", "occurred_on")
    return {name: row[name] for name in carried} | {
        "town_id": line.event.place.town,
        "village_id": line.event.place.village,
        "scoring_year": line.year,
        "category": item.fields["category"],
        "task": item.fields["task"],
        "item": item.code,
        "accrued_on": line.accrued_on,
        "posted_on": line.posted_on,
        "quarter": line.quarter,
        "quantity": row["quantity"] or 1,
        "gross": line.gross,
        "points": line.points,
        "cap_used": line.cap_used,
        "disposition": line.disposition,
        "cause": line.cause,
        "book": line.event.book.book_id,
    }


def _sums(rows: Iterable[LedgerRow], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """A row wherever there is a line, zero points or not."""
    groups: dict[tuple[Any, ...], list[LedgerRow]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    sums = []
    for values, lines in groups.items():
        back = sum(line["points"] for line in lines if line["disposition"] == "reversed")
        others = [line["points"] for line in lines if line["disposition"] != "reversed"]
        awarded = sum(points for points in others if points > 0)
        deducted = sum(points for points in others if points < 0)
        named = dict(zip(keys, values, strict=True))
        net = awarded + deducted + back
        sums.append(named | {"awarded": awarded, "deducted": deducted, "reversed": back, "net": net})
    return sums


def balances(ledger: list[LedgerRow]) -> list[dict[str, Any]]:
    return _sums(ledger, ("town_id", "village_id", "household_id", "scoring_year", "category"))


def announcements(ledger: list[LedgerRow]) -> list[dict[str, Any]]:
    account = ("town_id", "village_id", "household_id", "scoring_year", "category")
    rows = _sums(ledger, (*account, "quarter"))
    for row in rows:
        row["year_to_date"] = sum(
            other["net"]
            for other in rows
            if other["quarter"] <= row["quarter"] and all(other[key] == row[key] for key in account)
        )
    return rows


def _ranked(rows: list[dict[str, Any]], place: str, rank: str) -> None:
    """1, 2, 2, 4 by net among the ranked rows of each place; `place` is a column."""
    for row in rows:
        peers = [peer["net"] for peer in rows if peer["ranked"] and peer[place] == row[place]]
        row[rank] = 1 + sum(net > row["net"] for net in peers) if row["ranked"] else None


def _standings_of(
    year: int, ledger: list[LedgerRow], register: Register, as_of: date
) -> list[dict[str, Any]]:
    last_day = min(date(year, 12, 31), as_of)
    nets: dict[str, int] = defaultdict(int)
    for line in ledger:
        if line["scoring_year"] == year:
            nets[line["household_id"]] += line["points"]
    rows: list[dict[str, Any]] = []
    for household in register.spells:
        if register.enrolled_between(household, date(year, 1, 1), last_day):
            town, village = register.place(household, year)
            ranked = register.enrolled(household, last_day)
            row = {"town_id": town, "village_id": village, "household_id": household, "scoring_year": year}
            rows.append(row | {"net": nets[household], "ranked": ranked})
    _ranked(rows, "village_id", "rank")
    _ranked(rows, "town_id", "rank_in_town")
    for row in rows:
        peers = [peer for peer in rows if peer["village_id"] == row["village_id"]]
        row["households"] = sum(peer["ranked"] for peer in peers)
    for row in rows:
        del row["ranked"]
    return rows


def standings(ledger: list[LedgerRow], register: Register, as_of: date) -> list[dict[str, Any]]:
    years = [row["scoring_year"] for row in ledger]
    span = range(min(years), max(years) + 1) if years else []
    return [row for year in span for row in _standings_of(year, ledger, register, as_of)]
