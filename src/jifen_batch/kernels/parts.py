"""Parts: the rows of whole households that are scored together, cut by what the input holds.

Households never meet before the standings, so a part is the unit of memory, of threads and of output
files. Where parts begin follows from the rows and the register alone, never from the machine, so that
the files are the same whatever scores them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.groups import all_alike, rows_that

if TYPE_CHECKING:
    import numpy.typing as npt

    from jifen_batch.kernels.places import Places

ROWS_PER_PART = 1 << 18


def add_load(household_places: pl.Series, total: npt.NDArray[np.int64]) -> None:
    """Add to `total` how many rows lie at each place, of some sorted by place; those without are not counted.

    Only the stretch of the household places that occur is gone through: batches and household places both
    grow with the county.
    """
    placed = household_places.filter(household_places >= 0).to_numpy()
    if len(placed):
        counts = np.bincount(placed - placed[0])
        total[placed[0] : placed[0] + len(counts)] += counts


def cut(load: npt.NDArray[np.int64], rows_per_part: int = ROWS_PER_PART) -> list[range]:
    """The places of each part, in order: a new one begins with the place before which so many rows lie.

    `load` counts the rows of each household place. There is at least one part.
    """
    before = (np.cumsum(load) - load) // rows_per_part
    begins = np.flatnonzero(np.diff(before, prepend=0) > 0).tolist()
    return [range(first, last) for first, last in zip([0, *begins], [*begins, len(load)], strict=True)]


def without_copies(rows: pl.DataFrame, places: Places, household_places: range) -> pl.DataFrame:
    """The rows of a part, each once: a household that moves may have several household places in it."""
    copies = rows_that(rows["copy"])
    if copies.len() == 0:
        return rows
    some = rows.select_seq("source", "household")[copies]
    first_household_place = places.households["household_place"][some["household"]]
    beside = some["source"].is_first_distinct() & ~first_household_place.is_between(
        household_places.start, household_places.stop, closed="left"
    )
    return rows.filter(all_alike(value=True, kind=pl.Boolean, height=rows.height).scatter(copies, beside))
