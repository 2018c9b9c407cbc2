"""Operator 2, once per period: the first stands, the rest are duplicates (contract 3.3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.enrol import DISPOSITION
from jifen_batch.kernels.keys import packed, repeated
from jifen_batch.kernels.matters import matters

if TYPE_CHECKING:
    from jifen_batch.kernels.rulebook import RuleBook


def keep_first_of_period(lines: pl.DataFrame, events: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """Mark all but the first line of a household, item and period as `duplicate`, 0 points.

    Lines are in posting order. A period is the month, the scoring year, or for `per = "matter"` the
    matter within it; with `by_member` each member has periods of their own, an unnamed one too.
    Only lines whose account, rule and month repeat are looked at closely.
    """
    limited = lines["plays"]
    limited &= (book.tables.items["per"] != "event").gather(lines["rule"])
    rows = limited.arg_true()
    monthly = (book.tables.items["per"] == "month").gather(lines["rule"])
    slot = pl.select(pl.when(monthly).then(lines["month"]).otherwise(0)).to_series()
    period = [column.gather(rows) for column in (lines["account"], lines["rule"], slot)]
    rows = rows.filter(repeated(packed(period)))
    if rows.len() == 0:
        return lines
    return _mark(lines, _duplicates(lines, rows, slot, events, book))


def _duplicates(
    lines: pl.DataFrame, rows: pl.Series, slot: pl.Series, events: pl.DataFrame, book: RuleBook
) -> pl.DataFrame:
    """The duplicates among these rows: `row` and `cause`, the event that came first."""
    few = lines.select("account", "rule", "at")[rows]
    few = few.with_columns(
        row=rows,
        slot=slot.gather(rows),
        matter=pl.when((book.of_rule("per", few["rule"])) == "matter").then(matters(few, events, book)),
        member=pl.when(book.of_rule("by_member", few["rule"])).then(events["member_id"].gather(few["at"])),
    )
    period = ["account", "rule", "slot", "matter", "member"]
    few = few.with_columns(first=pl.col("row").min().over(period), cause=pl.col("at").first().over(period))
    return few.filter(pl.col("row") > pl.col("first")).select("row", "cause")


def _mark(lines: pl.DataFrame, duplicates: pl.DataFrame) -> pl.DataFrame:
    """Lines with the duplicates put out of play."""
    rows = duplicates["row"]
    return lines.with_columns(
        lines["plays"].scatter(rows, False),  # noqa: FBT003 - a cell, not a switch
        lines["points"].scatter(rows, 0),
        lines["disposition"].scatter(rows, pl.Series(["duplicate"], dtype=DISPOSITION)),
        lines["cause"].scatter(rows, duplicates["cause"]),
    )
