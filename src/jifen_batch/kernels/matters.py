"""What an event is about: its matter, given or taken from the item's rule (contract 2.3, `matter`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from jifen_batch.kernels.rulebook import RuleBook


def matters(lines: pl.DataFrame, events: pl.DataFrame, book: RuleBook) -> pl.Series:
    """The matter of each line as a text that is equal just where the matters are; never null.

    `lines` has `at` and `rule`. A given matter starts with `=`, so that none taken from the rule (own
    event, day or scoring year) can equal it.
    """
    rows = pl.DataFrame(
        {
            "given": events["matter_id"][lines["at"]],
            "meaning": book.of_rule("matter", lines["rule"]),
            "event": lines["at"],
            "day": events["occurred_on"][lines["at"]],
        }
    )
    taken = (
        pl.when(pl.col("meaning") == "day")
        .then(pl.format("d{}", pl.col("day").to_physical()))
        .when(pl.col("meaning") == "year")
        .then(pl.format("y{}", pl.col("day").dt.year()))
        .otherwise(pl.format("e{}", "event"))
    )
    given = pl.when(pl.col("given").is_not_null()).then(pl.format("={}", pl.col("given").cast(pl.String)))
    return rows.select(pl.coalesce(given, taken).alias("matter")).to_series()


def matter_hashes(lines: pl.DataFrame, events: pl.DataFrame, book: RuleBook) -> pl.Series:
    """A number per line that is equal wherever the matters are; different matters may share one.

    Cheap enough for all lines, good enough to find the few whose matter may repeat.
    """
    rows = pl.DataFrame(
        {
            "given": events["matter_id"][lines["at"]].hash(),
            "known": events["matter_id"][lines["at"]].is_not_null(),
            "meaning": book.of_rule("matter", lines["rule"]),
            "event": lines["at"],
            "day": events["occurred_on"][lines["at"]].to_physical(),
        }
    )
    taken = (
        pl.when(pl.col("meaning") == "day")
        .then("day")
        .when(pl.col("meaning") == "year")
        .then(0)
        .otherwise(pl.col("event"))
    )
    given = (pl.col("given") // (1 << 33)).cast(pl.Int64)  # leaves room for account and rule in a packed key
    return rows.select(pl.when("known").then(given).otherwise(taken).alias("matter_hash")).to_series()
