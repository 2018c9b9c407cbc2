"""Rows at their seats: each row learns whose it is and where it counts, before any rule is asked.

A part of a run is the rows of some seats that follow each other. Rows sorted by seat can be cut into
parts anywhere, however large the input and whatever order it came in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.groups import all_alike, in_order, rows_that
from jifen_batch.kernels.places import household_numbers

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places

NOWHERE = -1


def seated(rows: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Event rows sorted by `seat`, rows of a seat as they came.

    `rows` has the columns of `EVENTS` as read and `source`, the row's number. Added: `household` (UInt32,
    its number in the register, null = unknown; `household_id` is null where there is one), `seat` (Int32,
    `NOWHERE` where no household or no day is known), `copy`, and `id_hash` (null without an id).

    A household that moves has several seats. Its rows stand once at each, for its tiers span the years;
    all but the one at its lowest seat are a `copy`.
    """
    numbers = household_numbers(rows["household_id"], places)
    placed = numbers.is_not_null() & rows["occurred_on"].is_not_null()
    seat = places.households["seat"][numbers].cast(pl.Int32).set(~placed, NOWHERE)
    rows = rows.with_columns_seq(
        _strangers(rows["household_id"], numbers),
        household=numbers,
        id_hash=places.hashes(rows["event_id"]).set(rows["event_id"].is_null(), None),
    )
    # A copy is its row's number once more: no row is made before all are put in order.
    moves = rows_that(placed).filter(places.households["moves"][numbers.filter(placed)])
    copied, others = _further_seats(moves, numbers, seat, places)
    seats = pl.concat([seat, others])
    order = in_order(seats)
    each = np.concatenate([np.arange(rows.height, dtype=np.uint32), copied.to_numpy()])[order]
    return rows[each].with_columns_seq(seat=seats[order], copy=pl.Series(order >= rows.height))


def _strangers(ids: pl.Series, numbers: pl.Series) -> pl.Series:
    """The ids that the register does not know, null elsewhere; codes, for they are few."""
    kind = pl.Categorical()
    unknown = rows_that(numbers.is_null() & ids.is_not_null())
    none = all_alike(None, kind, ids.len()).alias(ids.name)
    return none.scatter(unknown, ids[unknown].cast(pl.String).cast(kind)) if unknown.len() else none


def _further_seats(
    moves: pl.Series, numbers: pl.Series, seat: pl.Series, places: Places
) -> tuple[pl.Series, pl.Series]:
    """The seats but the lowest of the households of some rows: row and seat, one each."""
    if moves.len() == 0:
        return moves, seat.clear()
    # Who moves has several spells: they are few, where all seats are as many as the register.
    seats = places.seats_of_several.select_seq("household", other=pl.col("seat").cast(pl.Int32))
    rows = pl.DataFrame({"row": moves, "household": numbers[moves], "seat": seat[moves]})
    further = rows.join(seats, on="household", maintain_order="left_right")
    further = further.filter(pl.col("other") != pl.col("seat"))
    return further["row"], further["other"]
