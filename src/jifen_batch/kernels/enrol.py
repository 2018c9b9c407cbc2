"""Operator 1, enrolment: only who is enrolled, of the right kind, earns or loses (specification 3.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import rows_that
from jifen_batch.kernels.places import enrolled_on, spells_on
from jifen_batch.scheme.dispositions import DISPOSITIONS
from jifen_batch.scheme.word import names

if TYPE_CHECKING:
    from jifen_batch.kernels.context import Context

DISPOSITION = pl.Enum(names(DISPOSITIONS))


def drop_not_enrolled(lines: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Lines with what they begin with (`opened`), as their household is enrolled on `accrued_on`.

    What is not for the household's kind of that day is `not_eligible` and out of play as well.
    """
    enrolled = enrolled_on(context.places, lines["household"], lines["accrued_on"])
    return _without_other_kinds(opened(lines, enrolled), context)


def opened(lines: pl.DataFrame, enrolled: pl.Series) -> pl.DataFrame:
    """Lines with all their gross, `awarded` and in play; where not enrolled, `not_enrolled` and out of it.

    Adds `points` (Int64, 0 where not enrolled), `disposition` (Enum), `cause` (the event's row, null) and
    `in_play`: whether the line plays a further part.
    """
    return lines.with_columns_seq(
        in_play=enrolled,
        points=pl.when(enrolled).then("gross").otherwise(0),
        disposition=pl.when(enrolled)
        .then(pl.lit("awarded", dtype=DISPOSITION))
        .otherwise(pl.lit("not_enrolled", dtype=DISPOSITION)),
        cause=pl.lit(None, dtype=lines["event_row"].dtype),
    )


def _without_other_kinds(lines: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Lines of which those of rules for certain kinds are held to the kind of their household's spell."""
    places, book = context.places, context.book
    asked = rows_that(book.for_kinds[lines["rule"]] & lines["in_play"])
    if asked.len() == 0:
        return lines
    some = lines.select_seq("household", "accrued_on", "rule")[asked]
    kinds = places.spells["kind"][spells_on(places, some["household"], some["accrued_on"])]
    named = book.tables.kinds.select_seq(pl.col("rule").cast(pl.UInt32), "kind", eligible=True)
    found = pl.DataFrame({"rule": some["rule"], "kind": kinds}).join(
        named, on=["rule", "kind"], how="left", maintain_order="left"
    )
    rows = asked.filter(found["eligible"].is_null())
    return lines.with_columns_seq(
        lines["in_play"].scatter(rows, False),  # noqa: FBT003 - a cell, not a switch
        lines["points"].scatter(rows, 0),
        lines["disposition"].scatter(rows, pl.Series(["not_eligible"], dtype=DISPOSITION)),
    )
