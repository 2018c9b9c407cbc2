"""Attribution: every changed line of two ledgers put down to its cause (specification 5, `compare`).

Changed lines are paired by key; what differs between their rules and which lines changed before them is
looked up; then lines on both sides are split by operator, lines on one side are traced, and reversals
follow their awards.
"""

from __future__ import annotations

import polars as pl

from jifen_batch.analysis.attribution.absent import of_absent
from jifen_batch.analysis.attribution.edits import with_edits
from jifen_batch.analysis.attribution.groups import weighs, with_first_changed
from jifen_batch.analysis.attribution.pairs import AFTER, BEFORE, KEY, paired
from jifen_batch.analysis.attribution.reversals import of_reversed
from jifen_batch.analysis.attribution.side import Side
from jifen_batch.analysis.attribution.stayed import of_stayed
from jifen_batch.tables.compared import ATTRIBUTED

__all__ = ["Side", "attribute"]

_TOLD = ("item", "posted_on", "quarter", "book")


def attribute(changes: pl.DataFrame, before: Side, after: Side) -> pl.DataFrame:
    """Changed lines with what they are put down to: one row per line and cause (`ATTRIBUTED`).

    `changes` as `changed_lines` gives them, of whole households: what came of a line is looked for among
    the changes of all the household's years. `points` of a line's rows sum to what it changed by, of all rows
    to the difference of the ledgers, by household, year, category and place. A line that changed, but brings
    what it brought, has one row of 0 points. What nothing bears out is `unattributed`.
    """
    pairs = with_edits(paired(changes), before, after)
    triggers = pairs.filter(weighs() & ~pl.col("reversed")).select("household_id", "event_id").unique()
    for side in (BEFORE, AFTER):
        found = triggers.rename({"event_id": f"cause_{side}"}).with_columns(
            pl.lit(value=True).alias(f"known_{side}")
        )
        pairs = pairs.join(found, on=["household_id", f"cause_{side}"], how="left", maintain_order="left")
    pairs = pairs.with_columns(
        trigger_changed=pl.any_horizontal("known_before", "known_after").fill_null(value=False)
    )
    awards = with_first_changed(pairs.filter(~pl.col("reversed")))
    of_awards = pl.concat(
        [
            of_stayed(awards.filter(pl.col("side").is_null())),
            of_absent(awards, BEFORE, after),
            of_absent(awards, AFTER, before),
        ]
    )
    of_reversals = of_reversed(pairs.filter("reversed"), awards, of_awards)
    return _told(pl.concat([of_awards, of_reversals]), pairs)


def _told(pieces: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Pieces with what is told of their lines (`ATTRIBUTED`)."""
    latest = [pl.coalesce(f"{name}_{AFTER}", f"{name}_{BEFORE}").alias(name) for name in _TOLD]
    lines = pairs.select(*KEY, *latest, "points_before", "points_after", "clause")
    return (
        pieces.join(lines, on=KEY)
        .select(ATTRIBUTED.names)
        .sort(*ATTRIBUTED.sort_keys, "reversed", "category", "cause", "points")
    )
