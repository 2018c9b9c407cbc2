"""Operator 2, once per period: the first stands, the rest are duplicates (specification 3.3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import group_starts, radix_argsort, rows_that, spread
from jifen_batch.columns.packing import pack_keys, repeated
from jifen_batch.kernels.cap_table import PERIOD_MONTHS
from jifen_batch.kernels.enrol import DISPOSITION
from jifen_batch.kernels.matters import matters
from jifen_batch.kernels.naming import numbers_of

if TYPE_CHECKING:
    from jifen_batch.kernels.context import Context
    from jifen_batch.kernels.rulebook import RuleBook


def keep_first_of_period(lines: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mark all but the first line of a household, item and period as `duplicate`, 0 points.

    Lines are in posting order. A period is the calendar month, quarter or half-year, the scoring year, or
    for `per = "matter"` the matter within it; with `by_member` each member has periods of their own, an
    unnamed one too. Only lines whose account, rule and period repeat are looked at closely.
    """
    events, book = context.events, context.book
    limited = lines["in_play"]
    limited &= book.limited[lines["rule"]]
    slot = lines["month"].set(~book.monthly[lines["rule"]], 0)
    for per, of_rules in book.several_months.items():
        rows = rows_that(of_rules[lines["rule"]])
        slot = slot.scatter(rows, (lines["month"][rows] - 1) // PERIOD_MONTHS[per])
    period = pack_keys([lines["account"], lines["rule"], slot]).filter(limited)
    again = repeated(period)
    if not again.any():
        return lines
    rows = rows_that(limited).filter(again)
    return _mark(lines, _duplicates(lines, rows, period.filter(again), events, book))


def _duplicates(
    lines: pl.DataFrame, rows: pl.Series, period: pl.Series, events: pl.DataFrame, book: RuleBook
) -> pl.DataFrame:
    """The duplicates among these rows: `row` and `cause`, the event that came first.

    `period` numbers account, rule and period of each.
    """
    subset = lines.select_seq("rule", "event_row")[rows]
    group = _within_period(subset, period, events, book)
    order = radix_argsort(group)
    begins = group_starts(group[order])
    first = spread(order[begins], begins, len(order)).to_numpy()
    later = order != first
    return pl.DataFrame({"row": rows[order[later]], "cause": subset["event_row"][first[later]]})


def _within_period(
    subset: pl.DataFrame, period: pl.Series, events: pl.DataFrame, book: RuleBook
) -> pl.Series:
    """A number that is equal where period, matter and member are, as far as the rule looks at those."""
    of_matter = book.of_rule("per", subset["rule"]) == "matter"
    by_member = book.of_rule("by_member", subset["rule"])
    if not of_matter.any() and not by_member.any():
        return period
    member = numbers_of(events["member_id"][subset["event_row"]])
    told = subset.select_seq(
        matter=pl.when(of_matter).then(matters(subset, events, book)).otherwise(0),
        member=pl.when(by_member & member.is_not_null()).then(member + 1).otherwise(0),
    )
    return pack_keys([period, *told])


def _mark(lines: pl.DataFrame, duplicates: pl.DataFrame) -> pl.DataFrame:
    """Lines with the duplicates put out of play."""
    rows = duplicates["row"]
    return lines.with_columns_seq(
        lines["in_play"].scatter(rows, False),  # noqa: FBT003 - a cell, not a switch
        lines["points"].scatter(rows, 0),
        lines["disposition"].scatter(rows, pl.Series(["duplicate"], dtype=DISPOSITION)),
        lines["cause"].scatter(rows, duplicates["cause"]),
    )
