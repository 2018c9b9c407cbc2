"""The oracle as a page: read books and register, resolve, validate, accrue, operate, tell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from jifen_batch.tables import OUTPUTS
from oracle.book import read_books
from oracle.grants import grants
from oracle.ledger import announcements, balances, ledger_row
from oracle.line import Line, candidates
from oracle.listed import items, listed, register_rows, rejects
from oracle.operators import operate
from oracle.order import in_order
from oracle.participation import Happened, participation
from oracle.register import Register
from oracle.rows import as_read, resolve
from oracle.standings import standings
from oracle.successions import register_under_new_ids, renaming, under_new_ids
from oracle.validate import Event, validate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from oracle.book import Book
    from oracle.rows import Resolved, Row

Tables = dict[str, list[dict[str, Any]]]


class Inputs(Protocol):
    """What a run reads; `villages.Village` is one."""

    events: list[dict[str, Any]]
    households: list[dict[str, Any]]
    villages: list[dict[str, Any]] | None
    successions: list[dict[str, Any]]
    rule_texts: dict[str, str]
    as_of: date
    grace_days: int


@dataclass(frozen=True)
class Scored:
    """All tables, and how many of the rows read came to what (specification 3.4)."""

    tables: Tables
    accounting: dict[str, int]


@dataclass
class _Approved:
    """Valid events, those that leave no line with the state that says why, and the lines of the rest."""

    events: list[Event]
    waiting: list[tuple[Row, str]]
    lines: list[Line]
    posted: int


def _accrue(events: list[Event], as_of: date, grace_days: int) -> _Approved:
    approved = _Approved(events, [], [], 0)
    for event in events:
        status = event.row["status"]
        lines = candidates(event, grace_days)
        posted = [line for line in lines if line.posted_on <= as_of]
        if status != "approved":
            approved.waiting.append((event.row, status))
        elif posted:
            approved.lines += posted
            approved.posted += 1
        else:
            approved.waiting.append((event.row, "not_yet_posted" if lines else "no_month_end"))
    return approved


def _accounting(resolved: Resolved, approved: _Approved) -> dict[str, int]:
    waiting = Counter(state for _, state in approved.waiting)
    states = ("declared", "assessed", "declined", "withdrawn", "not_yet_posted", "no_month_end")
    return {
        "rows": resolved.rows,
        "not_visible": resolved.not_visible,
        "collapsed": resolved.collapsed,
        "superseded": len(resolved.superseded),
        "rejected": len(resolved.rejected),
        **{state: waiting[state] for state in states},
        "posted": approved.posted,
    }


def _validated(resolved: Resolved, register: Register, books: list[Book]) -> list[Event]:
    """Valid events of the standing rows; the rest joins the rejected ones."""
    events = []
    for row in resolved.standing:
        verdict = validate(row, register, books)
        if isinstance(verdict, Event):
            events.append(verdict)
        else:
            resolved.rejected.append((row, verdict))
    return events


def score_inputs(  # noqa: PLR0913 - these are the specification's inputs and options
    events: Iterable[dict[str, Any]],
    households: list[dict[str, Any]],
    rule_texts: Iterable[str | Path],
    *,
    as_of: date,
    grace_days: int = 15,
    villages: list[dict[str, Any]] | None = None,
    successions: list[dict[str, Any]] | None = None,
) -> Scored:
    """All outputs of a run over these rows; their order, and that of the books, never matters."""
    names = renaming(successions or [], as_of)
    households = register_under_new_ids(households, names)
    books, register = read_books(rule_texts), Register(households)
    resolved = resolve(under_new_ids(map(as_read, events), names), as_of)
    approved = _accrue(_validated(resolved, register, books), as_of, grace_days)
    granted = [line for line in grants(register, books, as_of) if line.posted_on <= as_of]
    ledger = [ledger_row(line) for line in operate(approved.lines + granted, register)]
    ranked, groups = standings(ledger, register, books, as_of)
    unposted = approved.waiting + [(row, "superseded") for row in resolved.superseded]
    happened = Happened(approved.events, [row for row, _ in resolved.rejected])
    tables = {
        "ledger": ledger,
        "balances": balances(ledger),
        "standings": ranked,
        "groups": groups,
        "announcements": announcements(ledger),
        "participation": participation(ledger, happened, register, villages or [], as_of),
        "unposted": [listed(row, register, state=state) for row, state in unposted],
        "rejects": rejects(resolved.rejected, register),
        "register": register_rows(households),
        "items": items(books, sorted({row["scoring_year"] for row in ledger})),
    }
    ordered = {table.name: in_order(table, tables[table.name]) for table in OUTPUTS if table.name in tables}
    return Scored(ordered, _accounting(resolved, approved))


def score_whole(village: Inputs) -> Scored:
    """Tables and accounting of a village, scored once for both."""
    return score_inputs(
        village.events,
        village.households,
        village.rule_texts.values(),
        as_of=village.as_of,
        grace_days=village.grace_days,
        villages=village.villages,
        successions=village.successions,
    )


def score(village: Inputs) -> Tables:
    """Table name to rows, sorted by the table's keys, strings as UTF-8 bytes, nulls first."""
    return score_whole(village).tables


def accounting(village: Inputs) -> dict[str, int]:
    """What became of every row read, as specification 3.4 counts it."""
    return score_whole(village).accounting
