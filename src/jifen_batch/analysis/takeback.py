"""What of the announced points a new ledger takes back, and which input did it (specification 4, guarded).

Edited rule books are no matter of this: what they would change has a guard of its own (specification 5, 8).
"""

from __future__ import annotations

from functools import reduce
from operator import xor

import polars as pl

from jifen_batch.analysis.corrections import ACCOUNT

CELL = ("town_id", "village_id", "scoring_year")
LEAST_POINTS = 50
# What takes points back, and the causes of `attribute` (a cause, or what became of it) that are put down to
# it. What is in no list is a revision: the event's rows were corrected, or were rejected for what they say.
EVENTS, REGISTER, STATUS, EMPTY, REVISION, RULES = (
    "events",
    "register",
    "status",
    "empty",
    "revision",
    "rules",
)
INPUTS = (EVENTS, REGISTER, STATUS, EMPTY, REVISION)
BY_CAUSE = {"enrolment": REGISTER, "place": REGISTER, "book": RULES, "item": RULES}
BY_WHAT = {
    "missing": EVENTS,
    "register": REGISTER,
    "unknown_household": REGISTER,
    "missing_field": EMPTY,
    "edited": RULES,
    "other_book": RULES,
    "option": RULES,
    **dict.fromkeys(("declared", "assessed", "declined", "withdrawn", "unknown_status"), STATUS),
}
# Causes that say no input by themselves: another line moved this one, or nothing was found.
NO_INPUT = ("followed", "unattributed")
_KEY = reduce(xor, (pl.col(name).hash(seed) for seed, name in enumerate(ACCOUNT)))


def lost_accounts(announced: pl.LazyFrame, now: pl.LazyFrame) -> pl.DataFrame:
    """Accounts of which something is taken back, unordered: `ACCOUNT`, `lost` = net announced - net now > 0.

    Only those of villages and years that lose more than `LEAST_POINTS`. Both sides have `ACCOUNT` and `net`
    of the announced quarters, an account in any number of rows. A night that takes nothing back is seen by
    hashed keys alone: most nights, at a fraction of the cost.
    """
    sides = pl.concat(
        [
            announced.select(*ACCOUNT, lost="net"),
            now.select(*ACCOUNT, lost=-pl.col("net")),
        ]
    )
    sums = sides.select("lost", key=_KEY).group_by("key").agg(pl.col("lost").sum())
    keys = sums.filter(pl.col("lost") > 0).collect(engine="streaming")
    # What all lose together, no village loses more than.
    if keys["lost"].sum() <= LEAST_POINTS:
        return sides.collect_schema().to_frame()
    some = sides.filter(_KEY.is_in(keys["key"].implode())).group_by(ACCOUNT).agg(pl.col("lost").sum())
    lost = some.filter(pl.col("lost") > 0).collect(engine="streaming")
    return lost.filter(pl.col("lost").sum().over(CELL) > LEAST_POINTS)


def by_cell(lost: pl.DataFrame, announced: pl.DataFrame) -> pl.DataFrame:
    """One row per village and scoring year of `lost_accounts`: `CELL`, `announced`, `taken_back`, sorted.

    `announced`: rows with `CELL` and `net`, of all accounts of these villages and years.
    """
    totals = announced.group_by(CELL).agg(announced=pl.col("net").sum())
    taken = lost.group_by(CELL).agg(taken_back=pl.col("lost").sum())
    joined = taken.join(totals, on=CELL, how="left", validate="1:1")
    return joined.select(*CELL, pl.col("announced").fill_null(0), "taken_back").sort(CELL)


def too_much(taken: str, share: float, had: str = "announced") -> pl.Expr:
    """Whether points in the column `taken` exceed this share of those in `had`, and 50 points."""
    return (pl.col(taken) > LEAST_POINTS) & (pl.col(taken) > share * pl.col(had))


def put_down(causes: pl.DataFrame) -> pl.DataFrame:
    """Pieces of attribution (`correction_causes.CAUSES`) with `input`, one of `INPUTS` or `RULES`, in order.

    A line that only followed another is put down to what moved that one, else to what took most of the
    household's points.
    """
    cause, what = pl.col("cause"), pl.col("what")
    own = (
        pl.when(~what.is_in(NO_INPUT))
        .then(
            pl.coalesce(
                cause.replace_strict(BY_CAUSE, default=None, return_dtype=pl.String),
                what.replace_strict(BY_WHAT, default=None, return_dtype=pl.String),
                pl.lit(REVISION),
            )
        )
        .alias("input")
    )
    pieces = causes.with_columns(own)
    behind = pieces.drop_nulls("input").sort("points", "input")
    of_event = behind.group_by("household_id", because="event_id").agg(moved_by=pl.col("input").first())
    of_household = behind.group_by("household_id").agg(most=pl.col("input").first())
    return (
        pieces.join(of_event, on=["household_id", "because"], how="left", maintain_order="left")
        .join(of_household, on="household_id", how="left", maintain_order="left")
        .with_columns(input=pl.coalesce("input", "moved_by", "most", pl.lit(REVISION)))
        .drop("moved_by", "most")
    )


def without_rules(pieces: pl.DataFrame) -> pl.DataFrame:
    """What anything but edited rules takes back of each account: `ACCOUNT`, `input`, `points`, sorted.

    `pieces` as `put_down` gives them. The points of an account sum to net announced - net now, had no rule
    been edited, and only those of which that is above 0 have rows; where one input takes and another gives,
    the latter's points are below 0.
    """
    others = pieces.filter(pl.col("input") != RULES)
    moved = others.group_by(*ACCOUNT, "input").agg(points=-pl.col("points").sum())
    taken = pl.col("points").sum().over(ACCOUNT) > 0
    return moved.filter(taken & (pl.col("points") != 0)).sort(*ACCOUNT, "input")


def by_input(taken: pl.DataFrame) -> pl.DataFrame:
    """`without_rules` added up: `input`, how many `households`, `points`; most points first."""
    rows = taken.group_by("input").agg(
        households=pl.col("household_id").n_unique().cast(pl.Int64), points=pl.col("points").sum()
    )
    return rows.filter(pl.col("points") > 0).sort(-pl.col("points"), "input")
