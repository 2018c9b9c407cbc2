"""What a work list reads of a ledger: kept of a refused run in its place."""

from __future__ import annotations

from dataclasses import replace

from jifen_batch.tables.column import Column, Table
from jifen_batch.tables.run import LEDGER

PLACE = ("town_id", "village_id")
SAME = (*PLACE, "household_id", "item", "occurred_on", "member_id")
_OF_LEDGER = {column.name: replace(column, nullable=True) for column in LEDGER}


def _as_posted(*names: str) -> tuple[Column, ...]:
    """Columns as the ledger has them; rows that wait may lack any of them."""
    return tuple(_OF_LEDGER[name] for name in names)


PLEDGES = Table(
    "pledges",
    (
        *_as_posted(*PLACE, "household_id", "item", "event_id", "member_id", "occurred_on"),
        Column("ends", _OF_LEDGER["occurred_on"].dtype, "the last day on which the pledge can be in force"),
    ),
)

DUPLICATES = Table(
    "duplicates",
    (
        *_as_posted(*SAME, "event_id", "matter_id", "points"),
        Column("standing", _OF_LEDGER["event_id"].dtype, "its disposition, or the state in which it waits"),
    ),
)
