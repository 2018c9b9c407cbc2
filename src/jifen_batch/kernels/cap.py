"""Operator 5, caps: an item's own cap and those around it hold what lines bring (specification 3.3.5).

A running sum within bounds is a prefix scan, and a cap that changes on a day is a few stretches: no
window function and no walk, whatever the number of households, caps or books.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.clamp import clamped_sums, stepped_sums
from jifen_batch.columns.groups import group_cumsum, group_starts, radix_argsort, rows_that, uncumsum
from jifen_batch.kernels.matter_cap import hold

if TYPE_CHECKING:
    import numpy.typing as npt

    from jifen_batch.kernels.cap_table import CapTable
    from jifen_batch.kernels.context import Context

    Whole = npt.NDArray[np.int64]

# What tells which sum of which cap a line moves, and how far that may go on its day.
MOVED_BY = ("account", "month", "posted_on", "accrued_on", "rule")


def hold_caps(lines: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Hold what lines bring at the cap of their item and at those around it, outwards; adds `cap_used`.

    Lines are in posting order. Each cap keeps a sum of its own for a household, scoring year and period; a
    line is granted what it moves that sum by, and brings so much to the cap around. With awards the sum
    rises to the cap and no further, where a dated cap is that of the day of posting, or of the scoring
    year's end if that is earlier; with basis net it moves between floor and cap. `cap_used` is the sum of
    the item's own cap, this line included; null where it has none and where the line plays no part.
    """
    caps = context.book.caps
    capped = caps.of_rules[lines["rule"]].is_not_null() & lines["in_play"]
    rows = rows_that(capped)
    if rows.len() == 0:
        return lines.with_columns_seq(cap_used=pl.lit(None, dtype=pl.Int64))
    points, used, _ = moves(lines.select_seq(*MOVED_BY, "points")[rows], caps)
    used_by = np.zeros(lines.height, dtype=np.int64)
    used_by[rows.to_numpy()] = used
    return hold(lines, rows, points).with_columns_seq(cap_used=pl.when(capped).then(pl.Series(used_by)))


def moves(lines: pl.DataFrame, caps: CapTable) -> tuple[Whole, Whole, Whole]:
    """What is left of each line's `points`, and the sum of its own cap after and before it.

    All lines are under a cap and in play, in posting order, with `MOVED_BY`.
    """
    days = ("posted_on", "accrued_on") if caps.dated.any() else ()
    held = lines.select_seq("account", "month", *days)
    brought = lines["points"].to_numpy().astype(np.int64)
    used, before = np.zeros((2, held.height), dtype=np.int64)
    for level in caps.levels:
        cap, own = level.cap[lines["rule"]], level.own[lines["rule"]]
        under = held.with_columns_seq(cap=cap)
        some = pl.int_range(held.height, dtype=pl.UInt32, eager=True)
        if cap.null_count():
            some = rows_that(cap.is_not_null())
            under, own = under[some], own[some]
        order = radix_argsort(caps.slots_of(under["cap"], under["month"]))
        rows, owned = some.to_numpy()[order], own.to_numpy()[order]
        sums, granted = _granted(under[order], brought[rows], caps)
        brought[rows] = granted
        used[rows[owned]], before[rows[owned]] = sums[owned], (sums - granted)[owned]
    return brought, used, before


def _granted(under: pl.DataFrame, brought: Whole, caps: CapTable) -> tuple[Whole, Whole]:
    """The sum of each line's cap after it, and what it is granted; rows by slot, account and order."""
    cap = under["cap"]
    begins = group_starts(caps.slots_of(cap, under["month"]), under["account"])
    sums = np.minimum(group_cumsum(pl.Series(brought), begins), caps.points[cap].to_numpy())
    for of_kind, summed in ((caps.net[cap], _net_sums), (caps.dated[cap], _dated_sums)):
        if of_kind.any():
            rows = rows_that(of_kind)
            inside = np.searchsorted(rows.to_numpy(), begins[of_kind.to_numpy()[begins]])
            sums[rows.to_numpy()] = summed(under[rows], brought[rows.to_numpy()], inside, caps)
    return sums, uncumsum(sums, begins)


def _net_sums(under: pl.DataFrame, brought: Whole, begins: npt.NDArray[np.int64], caps: CapTable) -> Whole:
    """Sums that go down as well, between the cap's floor and the cap."""
    low, high = caps.floors[under["cap"]].to_numpy(), caps.points[under["cap"]].to_numpy()
    return clamped_sums(brought, low, high, begins)


def _dated_sums(under: pl.DataFrame, brought: Whole, begins: npt.NDArray[np.int64], caps: CapTable) -> Whole:
    """Sums under caps that change on a day."""
    year_end = pl.date(pl.col("accrued_on").dt.year(), 12, 31)
    held_on = under.select_seq(pl.min_horizontal("posted_on", year_end)).to_series()
    step = caps.step_on(under["cap"], held_on)
    high = caps.tables.cap_points["points"][step].to_numpy()
    return stepped_sums(brought, high, caps.stretches[step].to_numpy(), begins)
