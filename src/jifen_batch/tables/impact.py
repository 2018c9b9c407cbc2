"""What edited rule books would change: announced quarters, households, villages, rows (`what-if`)."""

from __future__ import annotations

from jifen_batch.tables.column import HOUSEHOLD, INT, POINTS, TEXT, TOWN, VILLAGE, YEAR, Column, Table

ANNOUNCED_EFFECT = Table(
    "announced_effect",
    (
        Column("quarter", TEXT, "the announced quarter, as 2023Q3"),
        Column("lines_added", POINTS, "ledger lines that would be new or different"),
        Column("lines_removed", POINTS, "announced ledger lines that would no longer stand so"),
        Column("households", POINTS, "households with such a line"),
        Column("points_up", POINTS, "sum of what households gain, by scoring year and category"),
        Column("points_down", POINTS, "sum of what they lose, likewise; not above 0"),
    ),
    sort_keys=("quarter",),
)

NET_BEFORE = Column("net_before", POINTS, "net points under the books of the current run")
NET_AFTER = Column("net_after", POINTS, "net points under the edited books")
DIFFERENCE = Column("difference", POINTS, "net_after - net_before")
RANK_BEFORE = Column("rank_before", INT, "rank in the village before; null if not ranked", nullable=True)
RANK_AFTER = Column("rank_after", INT, "rank in the village after; null if not ranked", nullable=True)
GRADE_BEFORE = Column("grade_before", TEXT, "grade before; null without", nullable=True)
GRADE_AFTER = Column("grade_after", TEXT, "grade after; null without", nullable=True)

IMPACT = Table(
    "impact",
    (
        *(TOWN, VILLAGE, HOUSEHOLD, YEAR, NET_BEFORE, NET_AFTER, DIFFERENCE, RANK_BEFORE, RANK_AFTER),
        *(GRADE_BEFORE, GRADE_AFTER),
    ),
    sort_keys=("town_id", "village_id", "household_id", "scoring_year"),
)

VILLAGE_IMPACT = Table(
    "village_impact",
    (
        TOWN,
        VILLAGE,
        YEAR,
        Column("households", POINTS, "households in the standings"),
        Column("gaining", POINTS, "households with more net points than before"),
        Column("losing", POINTS, "households with fewer"),
        Column("points_up", POINTS, "sum of what the gaining ones gain"),
        Column("points_down", POINTS, "sum of what the losing ones lose; not above 0"),
        Column("gain_median", POINTS, "the lower median of the gains; null without", nullable=True),
        Column("gain_90th", POINTS, "the gain that nine in ten do not exceed; null without", nullable=True),
        Column("gain_max", POINTS, "the largest gain; null without", nullable=True),
        Column("loss_median", POINTS, "the lower median of the losses, below 0", nullable=True),
        Column("loss_90th", POINTS, "the loss that nine in ten do not exceed, below 0", nullable=True),
        Column("loss_max", POINTS, "the largest loss, below 0", nullable=True),
        Column("ranks_changed", POINTS, "households of another rank than before"),
        Column("first_ten_changed", POINTS, "households that enter the first ten"),
    ),
    sort_keys=("town_id", "village_id", "scoring_year"),
)

FIRST_TEN = Table(
    "first_ten",
    (*IMPACT.columns, Column("change", TEXT, "enters or leaves the first ten of the village")),
    sort_keys=("scoring_year", "town_id", "village_id", "change", "household_id"),
)

GRADES_MOVED = Table(
    "grades_moved", IMPACT.columns, sort_keys=("scoring_year", "town_id", "village_id", "household_id")
)

MOST_AFFECTED = Table(
    "most_affected",
    (
        TOWN,
        VILLAGE,
        HOUSEHOLD,
        Column("net_before", POINTS, "net points of all scoring years before"),
        Column("net_after", POINTS, "net points of all scoring years after"),
        DIFFERENCE,
        Column("moved", POINTS, "sum of the years' differences, each without its sign"),
        RANK_BEFORE,
        RANK_AFTER,
    ),
)

ROWS_MOVED = Table(
    "rows_moved",
    (
        Column("item", TEXT, "the item's code as read", nullable=True),
        Column("outcome", TEXT, "a reason of rejects, or a state of unposted"),
        Column("newly", POINTS, "rows of which this comes only under the edited books"),
        Column("no_longer", POINTS, "rows of which it came only before"),
    ),
    sort_keys=("outcome", "item"),
)
