"""Clamped running sums: sums that never leave their bounds, without a walk from row to row.

What a row does to a sum is s -> min(high, max(low, s + value)), and two such steps one after the other
are one such step again. So a running sum within bounds is a prefix scan, as a plain one is: each round
joins what twice as many rows do, and a group of a thousand takes ten.

    values   5  -9   4      bounds 0 and 6
    sums     5   0   4
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.groups import group_cumsum

if TYPE_CHECKING:
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]


def clamped_sums(values: Whole, low: Whole, high: Whole, begins: npt.NDArray[np.int64]) -> Whole:
    """The running sum of each row's group from 0, held between `low` and `high` after every row.

    0 lies within all bounds. Whole numbers; sums of values and bounds must fit 64 bits.
    """
    added, low, high = values.copy(), low.copy(), high.copy()
    place = np.arange(len(values)) - np.repeat(begins, np.diff(begins, append=len(values)))
    back = 1
    rows = np.flatnonzero(place >= back)
    while len(rows):
        before = rows - back
        # Taken together first: what rows do may not be looked at after some of it has been joined.
        joined = _joined((added[before], low[before], high[before]), (added[rows], low[rows], high[rows]))
        added[rows], low[rows], high[rows] = joined
        back *= 2
        rows = rows[place[rows] >= back]
    return np.minimum(high, np.maximum(low, added))


def _joined(
    first: tuple[Whole, Whole, Whole], then: tuple[Whole, Whole, Whole]
) -> tuple[Whole, Whole, Whole]:
    """What two steps do one after the other: what they add, and the bounds that this is held between."""
    added, low, high = then
    return (
        first[0] + added,
        np.minimum(high, np.maximum(low, first[1] + added)),
        np.minimum(high, np.maximum(low, first[2] + added)),
    )


def stepped_sums(
    values: Whole, high: Whole, stretch: npt.NDArray[np.int64], begins: npt.NDArray[np.int64]
) -> Whole:
    """The running sum of each row's group from 0, which nothing adds to while it is at `high` or above.

    `values` are not negative; `high` is one number on each `stretch` of a group, and stretches are numbered
    upwards from row to row. A bound that falls takes nothing back: on one stretch the sum is
    max(s, min(high, s + what came)), with s the sum before it. There is a round for each stretch.
    """
    sums = np.empty_like(values)
    group = np.zeros(len(values), dtype=np.int64)
    group[begins[1:]] = 1
    group = np.cumsum(group)
    before = np.zeros(len(begins), dtype=np.int64)
    for number in np.flatnonzero(np.bincount(stretch)):
        rows = np.flatnonzero(stretch == number)
        of = group[rows]
        starts = np.flatnonzero(np.diff(of, prepend=-1))
        so_far = before[of]
        came = so_far + group_cumsum(pl.Series(values[rows]), starts)
        sums[rows] = np.maximum(so_far, np.minimum(high[rows], came))
        last = np.append(starts[1:], len(rows)) - 1
        before[of[last]] = sums[rows[last]]
    return sums
