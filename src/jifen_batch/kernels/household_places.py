"""Rows at their household places: each row learns whose it is and where it counts, before any rule is asked.

A part of a run is the rows of some household places that follow each other. Rows sorted by household place
can be cut into parts anywhere, however large the input and whatever order it came in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.groups import all_alike, radix_argsort, rows_that
from jifen_batch.kernels.places import household_numbers
from jifen_batch.kernels.successions import under_new_ids

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places

UNPLACED = -1


def with_household_places(rows: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Event rows sorted by `household_place`, rows of a household place as they came.

    `rows` has the columns of `EVENTS` as read and `source`, the row's number. Added: `household` (UInt32,
    its number in the register, null = unknown; `household_id` is null where there is one), `household_place`
    (Int32, `UNPLACED` where no household or no day is known), `copy`, and `id_hash` (null without an id).

    A household that moves has several household places. Its rows stand once at each, for its tiers span the
    years; all but the one at its lowest household place are a `copy`.
    """
    numbers = household_numbers(rows["household_id"], places)
    placed = numbers.is_not_null() & rows["occurred_on"].is_not_null()
    household_place = places.households["household_place"][numbers].cast(pl.Int32).set(~placed, UNPLACED)
    rows = rows.with_columns_seq(
        _strangers(rows["household_id"], numbers, places),
        household=numbers,
        id_hash=places.hashes(rows["event_id"]).set(rows["event_id"].is_null(), None),
    )
    # A copy is its row's number once more: no row is made before all are put in order.
    moves = rows_that(placed).filter(places.households["moves"][numbers.filter(placed)])
    copied, others = _further_household_places(moves, numbers, household_place, places)
    household_places = pl.concat([household_place, others])
    order = radix_argsort(household_places)
    each = np.concatenate([np.arange(rows.height, dtype=np.uint32), copied.to_numpy()])[order]
    return rows[each].with_columns_seq(
        household_place=household_places[order], copy=pl.Series(order >= rows.height)
    )


def _strangers(ids: pl.Series, numbers: pl.Series, places: Places) -> pl.Series:
    """The ids that the register does not know, as they are now, null elsewhere; codes, for they are few."""
    kind = pl.Categorical()
    unknown = rows_that(numbers.is_null() & ids.is_not_null())
    none = all_alike(None, kind, ids.len()).alias(ids.name)
    if unknown.len() == 0:
        return none
    return none.scatter(unknown, under_new_ids(ids[unknown].cast(pl.String), places.renamed).cast(kind))


def _further_household_places(
    moves: pl.Series, numbers: pl.Series, household_place: pl.Series, places: Places
) -> tuple[pl.Series, pl.Series]:
    """The places but the lowest of the households of some rows: row and place, one each."""
    if moves.len() == 0:
        return moves, household_place.clear()
    # Who moves are few, where all household places are as many as the register.
    household_places = places.household_places_of_movers.select_seq(
        "household", other=pl.col("household_place").cast(pl.Int32)
    )
    rows = pl.DataFrame(
        {"row": moves, "household": numbers[moves], "household_place": household_place[moves]}
    )
    further = rows.join(household_places, on="household", maintain_order="left_right")
    further = further.filter(pl.col("other") != pl.col("household_place"))
    return further["row"], further["other"]
