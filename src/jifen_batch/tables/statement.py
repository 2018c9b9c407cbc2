"""What another system says of our households, and which differences are accepted (specification 5)."""

from __future__ import annotations

from jifen_batch.tables.column import DATE, INT, POINTS, TEXT, Column, Table
from jifen_batch.tables.reconciled import BREAKS

STATEMENT = Table(
    "statement",
    (
        Column("household_id", TEXT, "the household (户), by our id"),
        Column("scoring_year", INT, "the calendar year in which the events occurred"),
        Column("points", POINTS, "their points, from -10^15 to 10^15"),
        Column("category", TEXT, "类别; the column may be absent, but has no empty cell", nullable=True),
        Column("item", TEXT, "an item code of our books; likewise", nullable=True),
        Column("quarter", TEXT, "as 2023Q3; likewise", nullable=True),
    ),
)

# A statement that tells villages and no households.
VILLAGE_STATEMENT = Table(
    STATEMENT.name, (Column("village_id", TEXT, "the village (村), by our id"), *STATEMENT.columns[1:])
)

# What became of a break that stands in the register of accepted breaks; null = it stands nowhere there.
ACCEPTANCES = ("accepted", "expired", "changed")

ACCEPTED = Table(
    "accepted",
    (
        *(
            Column(name, BREAKS.schema[name], "part of the break's key")
            for name in ("household_id", "scoring_year")
        ),
        *(
            Column(name, TEXT, "part of the break's key; null where the statement had none", nullable=True)
            for name in ("category", "item", "quarter")
        ),
        Column("difference", POINTS, "ours - theirs, as it was accepted"),
        Column("who", TEXT, "who accepted it"),
        Column("why", TEXT, "for what reason"),
        Column("until", DATE, "the last day on which it counts"),
        Column("line", INT, "the line of the register on which the entry begins"),
    ),
)

JUDGED_BREAKS = Table(
    "breaks",
    (
        *BREAKS.columns,
        Column("acceptance", TEXT, "accepted, expired or changed; null = in no register", nullable=True),
        Column("accepted_until", DATE, "the last day of the acceptance, where there is one", nullable=True),
    ),
    BREAKS.sort_keys,
)
