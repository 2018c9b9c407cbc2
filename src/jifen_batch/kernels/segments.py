"""Sums over sorted groups, and which numbers occur, without a window function or a hash table.

Rows of a group stand side by side. Then a group's sum is one `reduceat`, and its running sum is the
running sum of all less what had come before the group began; both are exact for whole numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import polars as pl


def starts(keys: pl.Series) -> npt.NDArray[np.int64]:
    """Positions at which a new group begins, in keys whose equal values stand side by side."""
    values = keys.to_numpy()
    if len(values) == 0:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))


def sums(values: pl.Series, begins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The sum of each group."""
    return np.add.reduceat(values.to_numpy().astype(np.int64), begins) if len(begins) else begins


def running(values: pl.Series, begins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The running sum within each row's group."""
    total = np.cumsum(values.to_numpy(), dtype=np.int64)
    if len(begins) == 0:
        return total
    before = np.concatenate(([0], total[begins[1:] - 1]))
    result: npt.NDArray[np.int64] = total - np.repeat(before, np.diff(begins, append=len(total)))
    return result


def marked(numbers: pl.Series) -> npt.NDArray[np.int64]:
    """Which numbers occur, each once, ascending; they are small and not negative."""
    if numbers.len() == 0:
        return np.empty(0, dtype=np.int64)
    marks = np.zeros(int(numbers.max()) + 1, dtype=np.bool_)  # type: ignore[arg-type]
    marks[numbers.to_numpy()] = True
    return np.flatnonzero(marks)
