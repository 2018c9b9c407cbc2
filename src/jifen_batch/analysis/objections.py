"""Which points are disputed: lines and households under an open objection 异议 (specification 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.tables.inputs import OPEN

if TYPE_CHECKING:
    from datetime import date


def open_ones(objections: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The objections (`OBJECTIONS`) raised by the as-of date that nobody has decided; order kept."""
    return objections.filter((pl.col("status") == OPEN) & (pl.col("raised_on") <= as_of))


def concerns(open_objections: pl.DataFrame) -> pl.Expr:
    """Whether a row, which has `household_id` and `event_id`, is under one of these objections.

    One that names an event concerns that event, whoever's it is; another all that its household has.
    """
    of_event = pl.col("event_id").is_not_null()
    events = open_objections.filter(of_event)["event_id"].unique()
    households = open_objections.filter(~of_event)["household_id"].unique()
    named = pl.col("event_id").is_in(events.implode()).fill_null(value=False)
    return named | pl.col("household_id").is_in(households.implode()).fill_null(value=False)
