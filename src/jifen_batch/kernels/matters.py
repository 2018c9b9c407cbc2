"""What an event is about: its matter, given or taken from the item's rule (specification 2.3, `matter`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.naming import numbers_of

if TYPE_CHECKING:
    from jifen_batch.kernels.rulebook import RuleBook


def matters(lines: pl.DataFrame, events: pl.DataFrame, book: RuleBook) -> pl.Series:
    """The matter of each line as a number (Int64) that is equal just where the matters are; never null.

    `lines` has `event_row` and `rule`. Given matters, days, years and own events are numbered each for
    themselves and told apart by the remainder, so that none taken from the rule can equal a given one.
    """
    rows = pl.DataFrame(
        {
            "given": numbers_of(events["matter_id"][lines["event_row"]]),
            "meaning": book.of_rule("matter", lines["rule"]),
            "event": lines["event_row"].cast(pl.Int64),
            "day": events["occurred_on"][lines["event_row"]],
        }
    )
    kinds = {
        "given": (pl.col("given").is_not_null(), pl.col("given")),
        "day": (pl.col("meaning") == "day", pl.col("day").to_physical().cast(pl.Int64)),
        "year": (pl.col("meaning") == "year", pl.col("day").dt.year().cast(pl.Int64)),
        "own": (pl.lit(value=True), pl.col("event")),
    }
    told = [
        pl.when(holds).then(number * len(kinds) + kind) for kind, (holds, number) in enumerate(kinds.values())
    ]
    return rows.select_seq(pl.coalesce(told).alias("matter")).to_series()
