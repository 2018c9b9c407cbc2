"""Who stands where: ranks, groups and grades of every scoring year (specification 4 and 2.3, Grades)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from oracle.book import book_of
from oracle.line import OUT_OF_PLAY

if TYPE_CHECKING:
    from oracle.book import Book, Grade
    from oracle.ledger import LedgerRow
    from oracle.register import Register

Row = dict[str, Any]
BY_RANK = {"rank": ("village_id",), "rank_in_town": ("town_id",), "rank_in_group": ("village_id", "group_id")}


@dataclass(frozen=True)
class Year:
    """A scoring year of a ledger: its lines, and the day on which households are ranked."""

    number: int
    lines: list[LedgerRow]
    last_day: date


def years_of(ledger: list[LedgerRow], as_of: date) -> list[Year]:
    """Every scoring year from the first to the last of the ledger."""
    numbers = [row["scoring_year"] for row in ledger]
    return [
        Year(
            number,
            [row for row in ledger if row["scoring_year"] == number],
            min(date(number, 12, 31), as_of),
        )
        for number in (range(min(numbers), max(numbers) + 1) if numbers else [])
    ]


def _ranked(rows: list[Row], places: tuple[str, ...], rank: str) -> None:
    """1, 2, 2, 4 by net among the ranked rows of each place; `places` are columns, null in none."""
    for row in rows:
        peers = [peer for peer in rows if peer["ranked"] and all(peer[name] == row[name] for name in places)]
        nowhere = not row["ranked"] or any(row[name] is None for name in places)
        row[rank] = None if nowhere else 1 + sum(peer["net"] > row["net"] for peer in peers)


def _fits(grade: Grade, row: Row) -> bool:
    """Whether a ranked row meets all conditions but the bars."""
    conditions = (
        grade.at_least is None or row["net"] >= grade.at_least,
        grade.top is None or row["rank"] <= grade.top,
        grade.top_percent is None or row["rank"] <= row["households"] * grade.top_percent // 100,
    )
    return all(conditions)


def posting_order(line: LedgerRow) -> tuple[date, date, bytes]:
    return (line["posted_on"], line["accrued_on"], line["event_id"].encode())


def _judged(row: Row, grades: tuple[Grade, ...], lines: list[LedgerRow]) -> tuple[str | None, str | None]:
    """The first grade that fits, and the event that bars the first that would fit but for a line."""
    barred_by = None
    for grade in grades:
        if not _fits(grade, row):
            continue
        bars = [
            line for line in lines if line["item"] in grade.bars and line["disposition"] not in OUT_OF_PLAY
        ]
        if not bars:
            return grade.name, barred_by
        barred_by = barred_by or min(bars, key=posting_order)["event_id"]
    return None, barred_by


def _enrolled(year: Year, register: Register) -> list[Row]:
    """Every household enrolled on some day of the year up to the as-of date, at its place."""
    nets: dict[str, int] = defaultdict(int)
    for line in year.lines:
        nets[line["household_id"]] += line["points"]
    rows = []
    for household in register.spells:
        if register.enrolled_between(household, date(year.number, 1, 1), year.last_day):
            town, village = register.place(household, year.number)
            row = {"town_id": town, "village_id": village, "household_id": household}
            row |= {"scoring_year": year.number, "net": nets[household]}
            row |= {"ranked": register.enrolled(household, year.last_day)}
            rows.append(row | {"group_id": register.group_on(household, year.last_day, village)})
    return rows


def _standings_of(year: Year, register: Register, books: list[Book]) -> list[Row]:
    rows = _enrolled(year, register)
    for rank, places in BY_RANK.items():
        _ranked(rows, places, rank)
    for row in rows:
        peers = [peer for peer in rows if peer["village_id"] == row["village_id"]]
        row["households"] = sum(peer["ranked"] for peer in peers)
        book = book_of(books, row["town_id"], row["village_id"], year.number)
        lines = [line for line in year.lines if line["household_id"] == row["household_id"]]
        judged = _judged(row, book.grades, lines) if book and row["ranked"] else (None, None)
        row["grade"], row["barred_by"] = judged
    return rows


def standings(
    ledger: list[LedgerRow], register: Register, books: list[Book], as_of: date
) -> tuple[list[Row], list[Row]]:
    """The standings, and the groups: households of one group and village, and the sum of their nets."""
    every = [row for year in years_of(ledger, as_of) for row in _standings_of(year, register, books)]
    members: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    keys = ("town_id", "village_id", "group_id", "scoring_year")
    for row in every:
        if row.pop("ranked") and row["group_id"] is not None:
            members[tuple(row[key] for key in keys)].append(row["net"])
    groups = [
        dict(zip(keys, names, strict=True)) | {"households": len(nets), "net": sum(nets)}
        for names, nets in members.items()
    ]
    return every, groups
