"""Operator 4, matter cap: the running sum of a matter is held (specification 3.3.4).

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
    return hold(lines, held["row"], held["granted"].to_numpy())


def _held_together(subset: pl.DataFrame, same: pl.Series) -> pl.DataFrame:
    """What each line is granted where `same` numbers are of one matter; rows in posting order."""
    order = radix_argsort(same)
    subset = subset[order]
    begins = group_starts(same[order])
    held = np.minimum(group_cumsum(subset["points"], begins), subset["cap"].to_numpy())
    return subset.select_seq("row", granted=pl.Series(uncumsum(held, begins)))


def hold(lines: pl.DataFrame, rows: pl.Series, granted: Whole) -> pl.DataFrame:
    """Lines with these points; one that lost some is `capped`, and no event is the cause of that."""
    points = lines["points"].to_numpy().copy()
    points[rows.to_numpy()] = granted
    lost = pl.Series(points) < lines["points"]
    return lines.with_columns_seq(
        points=pl.Series(points),
        disposition=pl.when(lost).then(pl.lit("capped", dtype=DISPOSITION)).otherwise("disposition"),
        cause=pl.when(~lost).then("cause"),
    )
