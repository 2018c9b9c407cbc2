"""What an announced quarter holds, file by file (specification 4, `announced/`)."""

from __future__ import annotations

from jifen_batch.tables.column import INT, POINTS, TEXT, Column, Table
from jifen_batch.tables.run import ANNOUNCEMENTS, LEDGER, STANDINGS

ADJUSTED = Column("adjusted", POINTS, "what later knowledge changes in quarters announced before")

NET_ADJUSTED = Column("net", POINTS, "awarded + deducted + reversed + adjusted")

ANNOUNCEMENT = Table(
    "announcement",
    (
        *(NET_ADJUSTED if column.name == "net" else column for column in ANNOUNCEMENTS.columns),
        ADJUSTED,
    ),
    ANNOUNCEMENTS.sort_keys,
    partition="quarter",
)

# All years of a household stand together: a village, or a household, is one stretch of each file.
_BY_HOUSEHOLD = (
    "town_id",
    "village_id",
    "household_id",
    "scoring_year",
    "posted_on",
    "accrued_on",
    "event_id",
)

LINES = Table("lines", LEDGER.columns, _BY_HOUSEHOLD)

CORRECTIONS = Table(
    "corrections",
    (
        *LEDGER.columns,
        Column("change", INT, "+1 for a line added since it was announced, -1 for one removed"),
        Column("reason", TEXT, "what changed it"),
    ),
    (*_BY_HOUSEHOLD, "change"),
)

ANNOUNCED_STANDINGS = Table(
    "standings",
    (
        *STANDINGS.columns,
        Column(
            "quarter_net",
            POINTS,
            "the points of the quarter's own lines; null in other scoring years than its own",
            nullable=True,
            since=2,
        ),
        Column(
            "quarter_rank", INT, "rank by these in the village, if ranked; likewise", nullable=True, since=2
        ),
    ),
    STANDINGS.sort_keys,
)
