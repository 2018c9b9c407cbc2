"""Parts: the rows of whole households that are scored together, cut by what the input holds.

Households never meet before the standings, so a part is the unit of memory, of threads and of output
files. Where parts begin follows from the rows and the register alone, never from the machine, so that
the files are the same whatever scores them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    import numpy.typing as npt

    from jifen_batch.kernels.places import Places

ROWS_PER_PART = 1 << 19


@dataclass(frozen=True)
class Part:
    """One part: its `seats`, and the `rows` (positions in the events) that its households need.

    A household that moves brings all its rows to every part that holds one of its seats, for its tiers
    span the years; each part gives back only what lies at its own seats. Rows without a place come
    with the first part.
    """

    seats: range
    rows: pl.Series


def cut(events: pl.DataFrame, places: Places, rows_per_part: int = ROWS_PER_PART) -> list[Part]:
    """Parts of about this many rows each, in the order of their seats; at least one.

    `events` has `household` (number, null = unknown), `occurred_on` and `fate`; rows that are not
    visible or collapsed belong to no part.
    """
    alive = ~events["fate"].is_in(["not_visible", "collapsed"])
    placed = alive & events["household"].is_not_null() & events["occurred_on"].is_not_null()
    placed_rows = placed.arg_true()
    household = events["household"].gather(placed_rows)
    part_of_seat = _parts_of_seats(household, places, rows_per_part)
    moves = places.households["moves"].gather(household)
    settled = ~moves
    settled_part = part_of_seat[places.households["seat"].gather(household.filter(settled)).to_numpy()]
    rows = pl.DataFrame({"row": placed_rows.filter(settled), "part": settled_part})
    rows = pl.concat([rows, _rows_of_movers(placed_rows, household, moves, part_of_seat, places)])
    nowhere = (alive & ~placed).arg_true()
    rows = pl.concat([rows, pl.DataFrame({"row": nowhere, "part": np.zeros(nowhere.len(), dtype=np.int64)})])
    return _parts(rows, part_of_seat)


def _parts_of_seats(household: pl.Series, places: Places, rows_per_part: int) -> npt.NDArray[np.int64]:
    """Part of each seat: a new one begins with the seat before which so many rows lie."""
    seat = places.households["seat"].gather(household).to_numpy()
    load = np.bincount(seat, minlength=places.seats.height)
    before = (np.cumsum(load) - load) // rows_per_part
    return np.cumsum(np.diff(before, prepend=0) > 0)


def _rows_of_movers(
    rows: pl.Series,
    household: pl.Series,
    moves: pl.Series,
    part_of_seat: npt.NDArray[np.int64],
    places: Places,
) -> pl.DataFrame:
    """Rows of households with several seats, once for each part that holds one of them."""
    seats = places.seats.select("household").with_columns(part=pl.Series(part_of_seat)).unique()
    movers = pl.DataFrame({"row": rows, "household": household}).filter(moves)
    return movers.join(seats, on="household").select("row", "part")


def _parts(rows: pl.DataFrame, part_of_seat: npt.NDArray[np.int64]) -> list[Part]:
    """Rows grouped by part; a stable sort of small integers costs one pass over them."""
    count = int(part_of_seat[-1]) + 1 if len(part_of_seat) else 1
    part = rows["part"].to_numpy().astype(np.min_scalar_type(count))
    order = np.argsort(part, kind="stable")
    ends = np.searchsorted(part[order], np.arange(count + 1))
    seat_ends = np.searchsorted(part_of_seat, np.arange(count + 1))
    sorted_rows = rows["row"].gather(pl.Series(order))
    return [
        Part(range(int(seat_ends[n]), int(seat_ends[n + 1])), sorted_rows[int(ends[n]) : int(ends[n + 1])])
        for n in range(count)
    ]
