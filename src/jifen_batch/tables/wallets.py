"""Points spent on goods (积分换物), and the wallet of each household (specification 2.2 and 4, `wallets/`).

`WALLETS` stands beside `tables.OUTPUTS`: those are what events come to, this is what announced points
and redemptions come to, and it has rows only in a run that was given redemptions.
"""

from __future__ import annotations

from jifen_batch.tables.column import DATE, HOUSEHOLD, POINTS, TEXT, Column, Table

REDEMPTIONS = Table(
    "redemptions",
    (
        Column("redemption_id", TEXT, "identity of the redemption; the same row may come twice"),
        Column("household_id", TEXT, "whose points were spent"),
        Column("redeemed_on", DATE, "the day on which they were spent"),
        Column("points", POINTS, "how many were spent: 1 to 1,000,000,000"),
        Column("status", TEXT, "done, or returned: the goods came back and the points with them"),
        Column("goods", TEXT, "what they were spent on, for people", nullable=True),
    ),
)

PRICES = Table(
    "prices",
    (
        Column("goods", TEXT, "what is given, as redemptions call it"),
        Column("points", POINTS, "what one costs: 1 to 1,000,000,000"),
        Column("effective_on", DATE, "the day from which it costs that"),
        Column("town_id", TEXT, "only in this town; null = in every one", nullable=True),
        Column("village_id", TEXT, "only in this village; null = in every one", nullable=True),
    ),
)

REDEMPTION_STATUSES = DONE, RETURNED = ("done", "returned")

POINTS_MAX = 1_000_000_000

WALLETS = Table(
    "wallets",
    (
        Column("town_id", TEXT, "the town of its place on the as-of date, where known", nullable=True),
        Column("village_id", TEXT, "the village of that place, where known", nullable=True),
        HOUSEHOLD,
        Column("announced", POINTS, "net of all quarters announced by the as-of date"),
        Column("not_spendable", POINTS, "of these, points of items that never enter a wallet", since=2),
        Column("lapsed", POINTS, "announced points that were not spent in time"),
        Column("spent", POINTS, "points of redemptions that are done, up to the as-of date"),
        Column("available", POINTS, "what can be spent now"),
        Column("taken_back", POINTS, "spent while they stood, and taken back since"),
        Column("uncovered", POINTS, "spent although they did not stand, and not made good since"),
        Column("below_zero", POINTS, "what announced deductions exceed all points by, with nothing spent"),
        Column("taken_back_in", TEXT, "the last quarter that took some of it back, as 2023Q3", nullable=True),
    ),
    sort_keys=("town_id", "village_id", "household_id"),
)

MISPRICED = Table(
    "mispriced",
    (
        Column("town_id", TEXT, "the town in which it lived on that day, where known", nullable=True),
        Column("village_id", TEXT, "the village of that place, where known", nullable=True),
        HOUSEHOLD,
        Column("redemption_id", TEXT, "the redemption"),
        Column("redeemed_on", DATE, "the day on which points were spent"),
        Column("goods", TEXT, "what they were spent on, as written", nullable=True),
        Column("points", POINTS, "how many were spent"),
        Column(
            "price", POINTS, "what the price list says for that place and day; null = nothing", nullable=True
        ),
    ),
    sort_keys=("town_id", "village_id", "household_id", "redemption_id"),
)
