"""What a run publishes (specification 4)."""

from __future__ import annotations

from dataclasses import replace

from jifen_batch.tables.column import (
    BOOLEAN,
    CATEGORY,
    DATE,
    HOUSEHOLD,
    INT,
    POINTS,
    QUARTER,
    TEXT,
    TOWN,
    VILLAGE,
    YEAR,
    Column,
    Table,
)
from jifen_batch.tables.inputs import EVENTS, HOUSEHOLDS

PLACE_WHERE_KNOWN = (
    Column("town_id", TEXT, "the town of the household's place, where known", nullable=True),
    Column("village_id", TEXT, "the village of the household's place, where known", nullable=True),
)

# In which order lines of a household count (specification 3.2).
POSTING_ORDER = ("posted_on", "accrued_on", "event_id")

LEDGER = Table(
    "ledger",
    (
        TOWN,
        VILLAGE,
        HOUSEHOLD,
        YEAR,
        CATEGORY,
        Column("task", TEXT, "积分任务 of the item"),
        Column("item", TEXT, "the item's code"),
        Column("event_id", TEXT, "the event behind the line"),
        Column("member_id", TEXT, "which member, as given", nullable=True),
        Column("matter_id", TEXT, "which matter, as given", nullable=True),
        Column("decision_id", TEXT, "the meeting that approved it, as given", nullable=True),
        Column("occurred_on", DATE, "when it happened"),
        Column("accrued_on", DATE, "the day it counts for: a month's last day, or occurred_on"),
        Column("posted_on", DATE, "the day the line stands in the ledger from"),
        QUARTER,
        Column("quantity", INT, "how many times the item's points; 1 where the event gave none"),
        Column("gross", POINTS, "points in force on accrued_on times quantity"),
        Column("points", POINTS, "what the line brings"),
        Column("cap_used", POINTS, "what the year cap has granted so far; null without", nullable=True),
        Column("disposition", TEXT, "what became of it"),
        Column("cause", TEXT, "the event that made it so, where one did", nullable=True),
        Column("book", TEXT, "id of the rule book applied"),
        Column("evidence_id", TEXT, "reference to the proof at the source, as given", nullable=True, since=2),
    ),
    # A reversed line shares its award's event and month but not its `posted_on`: P is always later.
    sort_keys=("town_id", "village_id", "household_id", *POSTING_ORDER),
    partition="scoring_year",
)

AWARDED = Column("awarded", POINTS, "sum of points above 0")
DEDUCTED = Column("deducted", POINTS, "sum of points below 0 that are not reversals")
REVERSED = Column("reversed", POINTS, "sum of the points of reversed lines")
# What net is made of.
SUMS = (AWARDED.name, DEDUCTED.name, REVERSED.name)
NET = Column("net", POINTS, "awarded + deducted + reversed")

BALANCES = Table(
    "balances",
    (TOWN, VILLAGE, HOUSEHOLD, YEAR, CATEGORY, AWARDED, DEDUCTED, REVERSED, NET),
    sort_keys=("town_id", "village_id", "household_id", "scoring_year", "category"),
)

STANDINGS = Table(
    "standings",
    (
        TOWN,
        VILLAGE,
        HOUSEHOLD,
        YEAR,
        Column("net", POINTS, "net points of the scoring year, all categories"),
        Column("rank", INT, "rank in the village (1, 2, 2, 4); null if not ranked", nullable=True),
        Column("rank_in_town", INT, "rank in the town, likewise", nullable=True),
        Column("households", INT, "ranked households of the village"),
        Column(
            "group_id", TEXT, "the group (村民小组) on the year's last day, if any", nullable=True, since=2
        ),
        Column("rank_in_group", INT, "rank in that group, likewise", nullable=True, since=2),
        Column("grade", TEXT, "the first of the book's grades that fits, if any", nullable=True, since=2),
        Column("barred_by", TEXT, "the event that bars a better grade, if one does", nullable=True, since=2),
    ),
    sort_keys=("town_id", "village_id", "household_id", "scoring_year"),
)

GROUPS = Table(
    "groups",
    tuple(
        replace(column, since=2)
        for column in (
            TOWN,
            VILLAGE,
            Column("group_id", TEXT, "the group (村民小组) of the village"),
            YEAR,
            Column("households", INT, "ranked households of the group"),
            Column("net", POINTS, "the sum of their net points of the scoring year"),
        )
    ),
    sort_keys=("town_id", "village_id", "group_id", "scoring_year"),
)

ANNOUNCEMENTS = Table(
    "announcements",
    (
        TOWN,
        VILLAGE,
        HOUSEHOLD,
        YEAR,
        CATEGORY,
        QUARTER,
        AWARDED,
        DEDUCTED,
        REVERSED,
        NET,
        Column("year_to_date", POINTS, "net of household, scoring year and category up to this quarter"),
    ),
    sort_keys=("town_id", "village_id", "household_id", "scoring_year", "category"),
    partition="quarter",
)

PARTICIPATION = Table(
    "participation",
    (
        TOWN,
        VILLAGE,
        Column("quarter", TEXT, "the quarter, as 2023Q3"),
        Column("households_total", INT, "all households, from --villages; else null", nullable=True),
        Column("enrolled", INT, "households enrolled on the quarter's last day or the as-of date"),
        Column("earning", INT, "households with a line of points above 0 in it"),
        Column("active", INT, "households with a valid approved event that occurred in it"),
        Column("awards", INT, "lines with points above 0"),
        Column("deductions", INT, "lines with points below 0 that are not reversed"),
        Column("declared", INT, "events of status declared that occurred in it"),
        Column("assessed", INT, "events of status assessed that occurred in it"),
        Column("rejects", INT, "rejected rows that occurred in it"),
    ),
    sort_keys=("town_id", "village_id", "quarter"),
)

_AS_READ = tuple(replace(column, nullable=True) for column in EVENTS)

UNPOSTED = Table(
    "unposted",
    (*_AS_READ, *PLACE_WHERE_KNOWN, Column("state", TEXT, "why no line stands for it")),
    sort_keys=("town_id", "village_id", "household_id", "event_id", "recorded_at"),
)

REJECTS = Table(
    "rejects",
    (
        *_AS_READ,
        *PLACE_WHERE_KNOWN,
        Column("reason", TEXT, "why it cannot be scored"),
        Column("detail", TEXT, "the same as a sentence for a clerk"),
        Column("source_file", TEXT, "the file it was read from, relative to the input"),
        Column("source_row", POINTS, "its row there, from 1"),
    ),
    sort_keys=("town_id", "village_id", "household_id", "event_id", "source_file", "source_row"),
)

ITEMS = Table(
    "items",
    (
        Column("book", TEXT, "id of the rule book"),
        Column("code", TEXT, "the item's code"),
        Column("row", INT, "row of the annex; null for a consequence that a remark names", nullable=True),
        CATEGORY,
        Column("task", TEXT, "积分任务"),
        Column("name", TEXT, "积分事项名称"),
        Column("content", TEXT, "积分内容", nullable=True),
        Column("clause", TEXT, "the annex's own words", nullable=True),
        Column("per", TEXT, "month, quarter, half, year, event or matter"),
        Column("cap", TEXT, "the cap it counts under", nullable=True),
        YEAR,
        Column("points", POINTS, "points in force on the year's last day"),
        Column("grant", BOOLEAN, "whether every household has it without an event", since=2),
        Column("spendable", BOOLEAN, "whether its points enter a wallet", since=2),
    ),
    sort_keys=("book", "code", "scoring_year"),
)

# Of which kind a household is stands in no output.
REGISTER = Table(
    "register",
    tuple(column for column in HOUSEHOLDS if column.name != "kind"),
    HOUSEHOLDS.sort_keys,
)

OUTPUTS = (
    LEDGER,
    BALANCES,
    STANDINGS,
    GROUPS,
    ANNOUNCEMENTS,
    PARTICIPATION,
    UNPOSTED,
    REJECTS,
    REGISTER,
    ITEMS,
)
