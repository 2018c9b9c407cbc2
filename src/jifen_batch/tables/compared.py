"""What a comparison says of each changed line: before, after, and what the difference is put down to."""

from __future__ import annotations

import polars as pl

from jifen_batch.tables.column import (
    CATEGORY,
    DATE,
    HOUSEHOLD,
    POINTS,
    TEXT,
    TOWN,
    VILLAGE,
    YEAR,
    Column,
    Table,
)
from jifen_batch.tables.run import LEDGER

ATTRIBUTED = Table(
    "attributed",
    (
        TOWN,
        VILLAGE,
        HOUSEHOLD,
        YEAR,
        CATEGORY,
        Column("item", TEXT, "the item's code"),
        Column("event_id", TEXT, "the event behind the line"),
        Column("accrued_on", DATE, "the day it counts for"),
        Column("reversed", pl.Boolean(), "whether it is the line that takes an award back"),
        Column("posted_on", DATE, "its posting day; the later side's where it stands there"),
        Column("quarter", TEXT, "the quarter that announces it, likewise"),
        Column(
            "points_before", POINTS, "what the whole line brought; null = it did not stand", nullable=True
        ),
        Column("points_after", POINTS, "what it brings; null = it does not stand", nullable=True),
        Column("cause", TEXT, "what the points of this row are put down to"),
        Column("what", TEXT, "edited, followed (another line), or what became of the event's rows"),
        Column("rule", TEXT, "the item, cap, tier group or rule book concerned", nullable=True),
        Column("because", TEXT, "the event that it follows from, where there is one", nullable=True),
        Column("book", TEXT, "id of the rule book applied"),
        Column("clause", TEXT, "the annex's own words for the item", nullable=True),
        Column("points", POINTS, "so much of points_after - points_before is put down to this cause"),
    ),
    sort_keys=("scoring_year", *LEDGER.sort_keys),
)
