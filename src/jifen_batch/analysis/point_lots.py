"""Announced points as lots that lapse, and how they are spent over time (specification 2.3, `[wallet]`).

The points of a scoring year are a lot, which may be spent up to and with the last day that the rule book
of its place and year gives it. What lapses first is spent first, which is the oldest wherever one rule
holds. All is sums and minima over sorted rows, so that a million wallets are one pass.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns import groups
from jifen_batch.columns.packing import pack_keys

if TYPE_CHECKING:
    import numpy.typing as npt

NEVER, BEFORE_ALL = date(9999, 12, 31), date(1, 1, 1)
LAST_DAYS = {"12-31": 12, "03-31": 3}  # the month of which it is the last day
# What happens first on one day: deductions, what was just announced, spending; a lot's last day ends last.
DEDUCTED, ANNOUNCED, SPENT, CLOSED, LAPSED = range(5)


def valid_until(rows: pl.DataFrame) -> pl.Series:
    """Last day on which the points of each row may be spent; a Date per row, `NEVER` where they stay.

    `rows` has `scoring_year`, `day` (from which they can be spent) and `expires` as in a rule book, null
    without one. The last day lies in the year that follows the scoring year. Points that are announced
    only after it (a late correction) count as those of the year in which they were announced: nobody
    loses what nobody could have spent.
    """
    month = pl.col("expires").replace_strict(LAST_DAYS, default=None, return_dtype=pl.Int32)
    own = pl.date(pl.col("scoring_year") + 1, month, 31)
    late = pl.date(pl.col("day").dt.year() + 1, month, 31)
    last = pl.when(pl.col("day") > own).then(late).otherwise(own)
    return rows.select(valid_until=last.fill_null(NEVER))["valid_until"]


def settle(increments: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What announcements come to: lots of points, and deductions that exceed their year's points.

    `increments` has a row per `household`, `scoring_year` and announcement, sorted by these, with
    `points` of either sign, `day` and `valid_until`. What is taken from a year is taken from that year's
    own points, those announced last before it first; only what is beyond them is a deduction from the
    others. Both have `household`, `day` and `points` > 0: of lots the last day, of deductions the day
    from which they count. The lots less the deductions come to what the increments come to.
    """
    begins = groups.group_starts(pack_keys([increments["household"], increments["scoring_year"]]))
    losing = groups.spread(groups.least(increments["points"], begins) < 0, begins, increments.height)
    calm = increments.select("household", "points", day="valid_until").filter(~losing)
    added, deductions = _with_losses(increments.filter(losing))
    lots = pl.concat([calm, added])
    begins = groups.group_starts(pack_keys([lots["household"], lots["day"]]))
    merged = lots[begins].with_columns(points=pl.Series(groups.sums(lots["points"], begins)))
    return merged.filter(pl.col("points") > 0), deductions


def _with_losses(increments: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lots and deductions of the years in which some announcement took more than it gave."""
    begins = groups.group_starts(pack_keys([increments["household"], increments["scoring_year"]]))
    net = groups.group_cumsum(increments["points"], begins)
    # What is left of all points up to here once everything later is taken back …
    lasting = groups.lowest_from_here(net, begins)
    before = np.roll(lasting, 1)
    before[begins] = np.minimum(lasting[begins], 0)
    # … and the furthest below zero that the year has been.
    depth = np.minimum(groups.lowest_so_far(net, begins), 0)
    above = np.roll(depth, 1)
    above[begins] = 0
    deductions = increments.select("household", points=pl.Series(above - depth), day="day")
    return (
        increments.select("household", points=pl.Series(lasting - before), day="valid_until"),
        deductions.filter(pl.col("points") > 0),
    )


def run_through(
    lots: pl.DataFrame, deductions: pl.DataFrame, spends: pl.DataFrame, probes: pl.DataFrame
) -> pl.DataFrame:
    """Every household's account through time: a row per spending and probe, in their order.

    `lots` and `deductions` as `settle` gives them, `spends` like deductions; `probes` has `household`,
    `day` and `step` (`ANNOUNCED` or `CLOSED`: before or after the day's spending). Each row has
    `household`, `day`, `step`, `spent` and `lapsed` so far, `position` (all lots less deductions,
    spending and lapses so far; below 0 is owed), and `idle`, the same had nothing been spent.

    By the day on which a lot lapses, all that was spent or deducted up to then is held against it and
    against what lapsed before it; what is left lapses.
    """
    kinds = {"lot": (lots, LAPSED), "deducted": (deductions, DEDUCTED), "spent": (spends, SPENT)}
    rows = pl.concat(
        [
            *(_told(frame.with_columns(step=pl.lit(step)), kind) for kind, (frame, step) in kinds.items()),
            _told(probes, ""),
        ]
    )
    rows = rows[pack_keys([rows["household"], rows["day"], rows["step"]]).arg_sort()]
    begins = groups.group_starts(rows["household"])
    in_all = groups.spread(groups.sums(rows["lot"], begins), begins, rows.height)
    so_far = {kind: pl.Series(groups.group_cumsum(rows[kind], begins)) for kind in kinds}
    left_idle = so_far["lot"] - so_far["deducted"]
    lapses = rows["step"] == LAPSED
    rows = rows.select("household", "day", "step", **so_far).with_columns(
        in_all=in_all - so_far["deducted"],
        lapsed=_highest((left_idle - so_far["spent"]).set(~lapses, 0), begins),
        lapsed_idle=_highest(left_idle.set(~lapses, 0), begins),
    )
    return rows.filter(pl.col("step").is_in([ANNOUNCED, SPENT, CLOSED])).select(
        "household",
        "day",
        "step",
        "spent",
        "lapsed",
        position=pl.col("in_all") - pl.col("spent") - pl.col("lapsed"),
        idle=pl.col("in_all") - pl.col("lapsed_idle"),
    )


def _highest(values: pl.Series, begins: npt.NDArray[np.int64]) -> pl.Series:
    """The highest value of the household so far."""
    return pl.Series(-groups.lowest_so_far(-values.to_numpy(), begins))


def _told(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Rows of an account: points in the column of their kind, 0 in the others."""
    points = {
        name: (pl.col("points") if name == kind else pl.lit(0, pl.Int64))
        for name in ("lot", "deducted", "spent")
    }
    return rows.select("household", "day", pl.col("step").cast(pl.Int8), **points)
