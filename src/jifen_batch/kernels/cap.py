"""Operators 4 and 5, caps: running sums are held, per matter and per year (specification 3.3.4 and 3.3.5).

On sorted lines a running sum per group is the running sum of all less its value where the group
begins: no window function, whatever the number of households or caps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.groups import group_cumsum, group_starts, radix_argsort, rows_that, uncumsum
from jifen_batch.columns.packing import pack_keys, repeated
from jifen_batch.kernels.enrol import DISPOSITION
from jifen_batch.kernels.matters import matters

if TYPE_CHECKING:
    import numpy.typing as npt

    from jifen_batch.kernels.context import Context

    Whole = npt.NDArray[np.int64]


def hold_matter_caps(lines: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Hold the running sum of a household, item, scoring year and matter at `matter_cap`.

    Lines are in posting order. A line alone in its matter is held by itself; only lines whose
    account, rule and matter may repeat need a running sum.
    """
    events, book = context.events, context.book
    caps = book.of_rule("matter_cap", lines["rule"])
    rows = rows_that(caps.is_not_null() & lines["in_play"])
    if rows.len() == 0:
        return lines
    subset = lines.select_seq("account", "rule", "event_row", "points")[rows].with_columns_seq(
        row=rows, cap=caps[rows]
    )
    same = pack_keys([subset["account"], subset["rule"], matters(subset, events, book)])
    crowded = repeated(same)
    alone = subset.filter(~crowded).select_seq("row", granted=pl.min_horizontal("points", "cap"))
    held = pl.concat([alone, _held_together(subset.filter(crowded), same.filter(crowded))])
    return _hold(lines, held["row"], held["granted"].to_numpy())


def _held_together(subset: pl.DataFrame, same: pl.Series) -> pl.DataFrame:
    """What each line is granted where `same` numbers are of one matter; rows in posting order."""
    order = radix_argsort(same)
    subset = subset[order]
    begins = group_starts(same[order])
    held = np.minimum(group_cumsum(subset["points"], begins), subset["cap"].to_numpy())
    return subset.select_seq("row", granted=pl.Series(uncumsum(held, begins)))


def hold_year_caps(lines: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Hold the running sum of a household, cap and scoring year at the cap; adds `cap_used`.

    `cap_used` is the sum granted so far, this line included; null where the item has no cap and where
    the line plays no part. With G the running sum, what is granted is G - max(0, max of G - cap so far):
    with awards alone that is min(G, cap); with basis net a deduction makes room again.
    """
    book = context.book
    slots = book.cap_slots[lines["rule"]]
    capped = slots.is_not_null() & lines["in_play"]
    rows = rows_that(capped)
    if rows.len() == 0:
        return lines.with_columns_seq(cap_used=pl.lit(None, dtype=pl.Int64))
    rows = rows[radix_argsort(slots[rows])]
    subset = lines.select_seq("account", "points", "rule")[rows].with_columns_seq(slot=slots[rows])
    subset = subset.with_columns_seq(
        cap=book.of_rule("cap_points", subset["rule"]), net=book.of_rule("cap_net", subset["rule"])
    )
    used, granted = _granted(subset)
    used_by = np.zeros(lines.height, dtype=np.int64)
    used_by[rows.to_numpy()] = used
    lines = _hold(lines, rows, granted)
    return lines.with_columns_seq(cap_used=pl.when(capped).then(pl.Series(used_by)))


def _granted(subset: pl.DataFrame) -> tuple[Whole, Whole]:
    """The sum granted so far and what each line of a cap is granted; rows by slot, account and order."""
    begins = group_starts(subset["slot"], subset["account"])
    total = group_cumsum(subset["points"], begins)
    over = np.maximum(total - subset["cap"].to_numpy(), 0)
    if subset["net"].any():
        net = subset.select_seq("slot", "account", over=pl.Series(over)).filter(subset["net"])
        peaks = net.select_seq(pl.col("over").cum_max().over("slot", "account")).to_series()
        over[subset["net"].to_numpy()] = peaks.to_numpy()
    used = total - over
    return used, uncumsum(used, begins)


def _hold(lines: pl.DataFrame, rows: pl.Series, granted: Whole) -> pl.DataFrame:
    """Lines with these points; one that lost some is `capped`, and no event is the cause of that."""
    points = lines["points"].to_numpy().copy()
    points[rows.to_numpy()] = granted
    lost = pl.Series(points) < lines["points"]
    return lines.with_columns_seq(
        points=pl.Series(points),
        disposition=pl.when(lost).then(pl.lit("capped", dtype=DISPOSITION)).otherwise("disposition"),
        cause=pl.when(~lost).then("cause"),
    )
