"""Rows as read become one row per event: visible, collapsed, superseded, conflicting (3.1.1 and 2)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

Row = dict[str, Any]  # the specification's columns, `source_file` and `source_row`

UNREADABLE = "unreadable"  # beside these: the column of which the cell cannot be read, in a sheet


@dataclass
class Resolved:
    """What became of the rows: each stands in exactly one of these."""

    rows: int = 0
    not_visible: int = 0
    collapsed: int = 0
    standing: list[Row] = field(default_factory=list)
    superseded: list[Row] = field(default_factory=list)
    rejected: list[tuple[Row, str]] = field(default_factory=list)


def as_read(row: Row) -> Row:
    """An empty string is null, and so is a column that is not there."""
    names = [*EVENTS.names, "source_file", "source_row"]
    return {name: None if row.get(name) == "" else row.get(name) for name in (*names, UNREADABLE)}


def recorded(row: Row) -> datetime:
    """When a revision was entered; null is earlier than any time."""
    return row["recorded_at"] or datetime.min  # noqa: DTZ901 - local time, as the specification has it


def _collapsed(rows: list[Row]) -> list[Row]:
    """Equal rows once: the one of the smallest file and row. A row without an id always stays."""
    kept: dict[tuple[Any, ...], Row] = {}
    for row in sorted(rows, key=lambda row: (row["source_file"].encode(), row["source_row"])):
        alone = id(row) if row["event_id"] is None else None
        kept.setdefault((alone, *(row[name] for name in EVENTS.names)), row)
    return list(kept.values())


def _revisions(rows: list[Row], resolved: Resolved) -> None:
    """Sort the different rows of one event id into standing, superseded and rejected."""
    if len({row["household_id"] for row in rows} - {None}) > 1:
        resolved.rejected += [(row, "conflicting_household") for row in rows]
        return
    latest = max(recorded(row) for row in rows)
    standing = [row for row in rows if recorded(row) == latest]
    if len(standing) > 1:
        resolved.rejected += [(row, "conflicting_revision") for row in rows]
        return
    resolved.standing += standing
    resolved.superseded += [row for row in rows if row is not standing[0]]


def resolve(rows: Iterable[Row], as_of: date) -> Resolved:
    given = list(rows)
    read = [as_read(row) for row in given if not row.get(UNREADABLE)]
    unreadable = [as_read(row) for row in given if row.get(UNREADABLE)]
    visible = [row for row in read if row["recorded_at"] is None or row["recorded_at"].date() <= as_of]
    kept = _collapsed(visible)
    resolved = Resolved(len(given), len(read) - len(visible), len(visible) - len(kept))
    resolved.rejected += [(row, "unreadable_row") for row in unreadable]
    by_event: dict[str, list[Row]] = defaultdict(list)
    for row in kept:
        if row["event_id"] is None:
            resolved.standing.append(row)
        else:
            by_event[row["event_id"]].append(row)
    for revisions in by_event.values():
        _revisions(revisions, resolved)
    return resolved
