"""What reconciliation says of each key: the two figures, what they come to, and why (specification 5).

A key is what a row of the other system's statement is about: a household and scoring year, and of
category, item and quarter those that the statement tells apart.
"""

from __future__ import annotations

from jifen_batch.scheme.outcomes import KEY_OUTCOMES
from jifen_batch.scheme.word import names
from jifen_batch.tables.column import INT, POINTS, TEXT, Column, Table
from jifen_batch.tables.run import PLACE_WHERE_KNOWN

# What a statement may tell apart beyond household and year, in the order of a key.
GRAIN = ("category", "item", "quarter")

_KEY = (
    *PLACE_WHERE_KNOWN,
    Column(
        "household_id",
        TEXT,
        "the household (户), as the statement names it; null where it only names villages",
        nullable=True,
    ),
    Column("scoring_year", INT, "the calendar year in which the events occurred"),
    Column("category", TEXT, "类别; null where the statement does not tell categories apart", nullable=True),
    Column("item", TEXT, "an item code; null where the statement does not tell items apart", nullable=True),
    Column(
        "quarter", TEXT, "as 2023Q3; null where the statement does not tell quarters apart", nullable=True
    ),
)

_FIGURES = (
    Column("outcome", TEXT, ", ".join(names(KEY_OUTCOMES)[:-1]) + f" or {KEY_OUTCOMES[-1].name}"),
    Column("ours", POINTS, "our net points; 0 where we have none"),
    Column("theirs", POINTS, "sum of their rows; 0 where they have none"),
    Column("difference", POINTS, "ours - theirs"),
    Column("rows_theirs", INT, "how many rows of the statement name this key"),
    Column("theirs_once", POINTS, "sum of their rows, equal rows counted once"),
)

_SORT_KEYS = ("town_id", "village_id", "household_id", "scoring_year", *GRAIN)

KEYS = Table("keys", (*_KEY, *_FIGURES), _SORT_KEYS)

BREAKS = Table(
    "breaks",
    (
        *_KEY,
        *_FIGURES,
        Column("cause", TEXT, "why, tested to the point; several joined by +; null = none", nullable=True),
        Column(
            "strength",
            TEXT,
            "proved: a fact or several breaks show it; fits: it comes to the sum; null = no cause",
            nullable=True,
        ),
        Column("because", TEXT, "the events, caps, items or rule books behind the cause", nullable=True),
        Column("pieces", INT, "how many single explanations together make the cause", nullable=True),
        Column("explained", POINTS, "theirs - ours as the cause explains it", nullable=True),
        Column("explanations", INT, "how many explanations fit to the point; 0 = none found"),
    ),
    _SORT_KEYS,
)

CONTROL_TOTALS = Table(
    "control_totals",
    (
        Column("level", TEXT, "all, village or category: what one row sums up"),
        *PLACE_WHERE_KNOWN,
        Column("category", TEXT, "the category, on rows of that level", nullable=True),
        Column("keys", POINTS, "how many keys"),
        *(Column(outcome, POINTS, f"keys that are {outcome}") for outcome in names(KEY_OUTCOMES)),
        Column("ours", POINTS, "sum of our figures"),
        Column("theirs", POINTS, "sum of theirs"),
        Column("difference", POINTS, "ours - theirs = of_breaks + within_tolerance"),
        Column("of_breaks", POINTS, "sum of the differences of keys that are not matched"),
        Column("within_tolerance", POINTS, "sum of the differences of keys that are matched"),
    ),
    ("level", "town_id", "village_id", "category"),
)
