"""What else is wrong in a row that is rejected for the first thing that is: told together, corrected at once.

A reject bears the first reason of specification 3.1; whoever corrects the row wants to know them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_DAY, LAST_DAY
from jifen_batch.kernels.validate import IS_GRANT, QUANTITY_MAX
from jifen_batch.scheme import reject_reasons as why
from jifen_batch.scheme.states import STATUSES
from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from jifen_batch.desk.worklist.governing import Governing

DAYS = ("occurred_on", "decided_on", "until")
# Seen before the row was looked into: nothing is known of its cells.
NOT_LOOKED_INTO = [why.UNREADABLE_ROW.name, *why.RESOLVED]


def found(rejects: pl.DataFrame, governing: Governing | None, register: pl.DataFrame) -> pl.DataFrame:
    """The rejects (`REJECTS`) with `further`: the names of the reasons beyond the first, in their order.

    An item is held against the book in force at the row's place and year, where all three are known.
    """
    known = register["household_id"].unique().implode()
    checks = {
        why.MISSING_FIELD: pl.any_horizontal(pl.col(name).is_null() for name in EVENTS.required),
        why.RESERVED_ID: IS_GRANT,
        why.BAD_DATE: pl.any_horizontal(~pl.col(name).is_between(FIRST_DAY, LAST_DAY) for name in DAYS),
        why.UNKNOWN_STATUS: ~pl.col("status").is_in(STATUSES),
        why.UNKNOWN_HOUSEHOLD: ~pl.col("household_id").is_in(known),
        why.UNKNOWN_ITEM: pl.lit(_unknown_items(rejects, governing)),
        why.BAD_QUANTITY: ~pl.col("quantity").is_between(1, QUANTITY_MAX),
        why.UNTIL_BEFORE_START: pl.col("until") < pl.col("occurred_on"),
    }
    looked_into = ~pl.col("reason").is_in(NOT_LOOKED_INTO)
    names = [
        pl.when(looked_into & fails & (pl.col("reason") != reason.name)).then(pl.lit(reason.name))
        for reason, fails in checks.items()
    ]
    return rejects.with_columns(further=pl.concat_list(names).list.drop_nulls())


def _unknown_items(rejects: pl.DataFrame, governing: Governing | None) -> pl.Series:
    """Whether each row's item is none of the book that governs it; false where that is not known."""
    rows = rejects.select("town_id", "village_id", pl.col("occurred_on").dt.year(), "item").iter_rows()
    return pl.Series(
        [governing is not None and None not in row and governing.lacks(*row) for row in rows],
        dtype=pl.Boolean,
    )
