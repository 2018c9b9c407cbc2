"""Changed lines of the two sides, held against each other under the ledger's key."""

from __future__ import annotations

import polars as pl

from jifen_batch.analysis.changes import ADDED, CHANGED, REMOVED
from jifen_batch.kernels.post import TAKES_BACK
from jifen_batch.scheme.dispositions import taking_all

BEFORE, AFTER = "before", "after"
SIDES = (BEFORE, AFTER)
# The scoring year tells no more lines apart, for it is the event's own; it says where to sum.
KEY = ("household_id", "scoring_year", "event_id", "accrued_on", "reversed")
_OF_SIDE = [name for name in CHANGED.names() if name not in {*KEY, "change"}]
# What a source may correct in an event, as far as it bears on points.
_EVENT = ("item", "occurred_on", "member_id", "matter_id", "quantity")

# Operators that leave nothing of a line, in the order in which they look at it (specification 3.3).
TAKES_ALL = taking_all()


def differs(name: str) -> pl.Expr:
    """Whether a column differs between the sides; a null is a value like others."""
    return pl.col(f"{name}_{BEFORE}").ne_missing(pl.col(f"{name}_{AFTER}"))


def event_differs() -> pl.Expr:
    """Whether the event behind a line was corrected in something that bears on points."""
    return pl.any_horizontal(map(differs, _EVENT))


def paired(changes: pl.DataFrame) -> pl.DataFrame:
    """Changed lines by key: `KEY`, and every other column twice, as `points_before` and `points_after`.

    `changes` as `changed_lines` gives them. A side on which the line does not stand is null throughout;
    `side` says on which alone it stands, null = on both. `first_posted` is the earlier `posted_on`.
    Of lines that stand on both: `moved` (to another place), `revised` (`event_differs`, or the day of its
    approval does).
    """
    lines = changes.with_columns(reversed=TAKES_BACK)
    removed, added = (
        lines.filter(pl.col("change") == change)
        .select(*KEY, *_OF_SIDE)
        .rename({name: f"{name}_{side}" for name in _OF_SIDE})
        for change, side in ((REMOVED, BEFORE), (ADDED, AFTER))
    )
    pairs = removed.join(added, on=KEY, how="full", coalesce=True, validate="1:1")
    alone = (
        pl.when(pl.col("points_after").is_null())
        .then(pl.lit(BEFORE))
        .when(pl.col("points_before").is_null())
        .then(pl.lit(AFTER))
    )
    return pairs.with_columns(
        side=alone,
        first_posted=pl.min_horizontal("posted_on_before", "posted_on_after"),
        moved=alone.is_null() & pl.any_horizontal(differs("town_id"), differs("village_id")),
        # Its posting day follows from the day of approval alone: the day it accrues on is in the key.
        revised=alone.is_null()
        & pl.any_horizontal(event_differs(), differs("posted_on") & ~pl.col("reversed")),
    )
