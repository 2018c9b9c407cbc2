"""Ledger and the sums over it: balances and announcements (specification 4)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oracle.line import Line

LedgerRow = dict[str, Any]


def ledger_row(line: Line) -> LedgerRow:
    row, item = line.event.row, line.item
    carried = (
        "household_id",
        "event_id",
        "member_id",
        "matter_id",
        "decision_id",
        "evidence_id",
        "occurred_on",
    )
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
