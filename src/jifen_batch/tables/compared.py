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

# In the order in which scoring comes to them: what stood in for what came first (specification 3).
CAUSES = {
    "rows": "the event's rows: new, missing, revised, not approved, or rejected",
    "due": "its posting day lies after the other side's as-of date",
    "place": "the household counts in another place",
    "book": "another rule book is in force there",
    "points": "the item's points were edited",
    "item": "the item was edited otherwise: offered, how often it accrues, what it is called",
    "enrolment": "the register says otherwise who was enrolled that day",
    "once": "once per period: which line is the first",
    "tier": "exclusive tier: what the highest before it is",
    "matter_cap": "the cap of the matter, or the room under it",
    "cap": "the year cap, or the room under it",
    "forfeiture": "an incident that forfeits it came, went, or forfeits other items",
    "grace": "the days of grace, and so the quarter",
    "unattributed": "nothing that was found",
}

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
