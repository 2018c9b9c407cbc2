"""Operators 4 and 5, caps: running sums are held, per matter and per year (contract 3.3.4 and 3.3.5).

On sorted lines a running sum per group is the running sum of all less its value where the group
begins: no window function, whatever the number of households or caps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.kernels.enrol import DISPOSITION
from jifen_batch.kernels.keys import packed, repeated
from jifen_batch.kernels.matters import matters
from jifen_batch.kernels.segments import in_order, rows_that, running, starts

if TYPE_CHECKING:
    from jifen_batch.kernels.rulebook import RuleBook


def hold_matter_caps(lines: pl.DataFrame, events: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """Hold the running sum of a household, item, scoring year and matter at `matter_cap`.

    Lines are in posting order. A line alone in its matter is held by itself; only lines whose
    account, rule and matter may repeat need a running sum.
    """
    caps = book.of_rule("matter_cap", lines["rule"])
    rows = rows_that(caps.is_not_null() & lines["plays"])
    if rows.len() == 0:
        return lines
    few = lines.select_seq("account", "rule", "at", "points")[rows].with_columns_seq(row=rows, cap=caps[rows])
    same = packed([few["account"], few["rule"], matters(few, events, book)])
    crowded = repeated(same)
    alone = few.filter(~crowded).select_seq("row", granted=pl.min_horizontal("points", "cap"))
    held = pl.concat([alone, _held_together(few.filter(crowded), same.filter(crowded))])
    return _hold(lines, held["row"], held["granted"])


def _held_together(few: pl.DataFrame, same: pl.Series) -> pl.DataFrame:
    """What each line is granted where `same` numbers are of one matter; rows in posting order."""
    order = in_order(same)
    few = few[order]
    begins = starts(same[order])
    summed = few.select_seq(pl.min_horizontal(pl.Series(running(few["points"], begins)), "cap")).to_series()
    before = summed.shift(1).scatter(begins, 0)
    return few.select_seq("row", granted=summed - before)


def hold_year_caps(lines: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """Hold the running sum of a household, cap and scoring year at the cap; adds `cap_used`.

    `cap_used` is the sum granted so far, this line included; null where the item has no cap and where
    the line plays no part. With G the running sum, what is granted is G - max(0, max of G - cap so far):
    with awards alone that is min(G, cap); with basis net a deduction makes room again.
    """
    slots = book.cap_slots[lines["rule"]]
    capped = slots.is_not_null() & lines["plays"]
    rows = rows_that(capped)
    if rows.len() == 0:
        return lines.with_columns_seq(cap_used=pl.lit(None, dtype=pl.Int64))
    rows = rows[in_order(slots[rows])]
    few = lines.select_seq("account", "points", "rule")[rows].with_columns_seq(row=rows, slot=slots[rows])
    few = few.with_columns_seq(
        cap=book.of_rule("cap_points", few["rule"]), net=book.of_rule("cap_net", few["rule"])
    )
    few = _granted(few)
    used = np.zeros(lines.height, dtype=np.int64)
    used[few["row"].to_numpy()] = few["used"].to_numpy()
    lines = _hold(lines, few["row"], few["granted"])
    return lines.with_columns_seq(cap_used=pl.when(capped).then(pl.Series(used)))


def _granted(few: pl.DataFrame) -> pl.DataFrame:
    """What each line of a cap is granted, and the sum `used` so far; rows by slot, account and order."""
    begins = starts(few["slot"], few["account"])
    few = few.with_columns_seq(running=pl.Series(running(few["points"], begins)))
    few = few.with_columns_seq(over=(pl.col("running") - pl.col("cap")).clip(lower_bound=0))
    if few["net"].any():
        peaks = few.filter("net").select_seq(pl.col("over").cum_max().over("slot", "account")).to_series()
        few = few.with_columns_seq(over=few["over"].scatter(rows_that(few["net"]), peaks))
    few = few.with_columns_seq(used=pl.col("running") - pl.col("over"))
    before = few["used"].shift(1).scatter(begins, 0)
    return few.select_seq("row", "used", granted=pl.col("used") - before)


def _hold(lines: pl.DataFrame, rows: pl.Series, granted: pl.Series) -> pl.DataFrame:
    """Lines with these points; one that lost some is `capped`, and no event is the cause of that."""
    points = lines["points"].to_numpy().copy()
    points[rows.to_numpy()] = granted.to_numpy()
    lost = pl.Series(points) < lines["points"]
    return lines.with_columns_seq(
        points=pl.Series(points),
        disposition=pl.when(lost).then(pl.lit("capped", dtype=DISPOSITION)).otherwise("disposition"),
        cause=pl.when(~lost).then("cause"),
    )
