"""The ledger: lines that the operators left, in posting order, with names and ids (specification 3.2, 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.accrue import order_with_few
from jifen_batch.kernels.naming import named
from jifen_batch.scheme.dispositions import REVERSED
from jifen_batch.tables import LEDGER

if TYPE_CHECKING:
    from jifen_batch.kernels.naming import HouseholdPlaceNames
    from jifen_batch.kernels.rulebook import RuleBook


# Whether a line is the one that takes an award back.
TAKES_BACK = pl.col("disposition") == REVERSED.name
AS_THEY_ARE = ("accrued_on", "posted_on", "quantity", "gross", "points", "cap_used", "disposition")
NEEDED = (*AS_THEY_ARE, "event_row", "rule", "household_place", "year", "quarter", "cause")


def ledger_order(lines: pl.DataFrame) -> pl.Series:
    """The row numbers of lines in the ledger's order; all but the reversals, which stand last, are in it."""
    return order_with_few(lines, int((lines["disposition"] != REVERSED.name).sum()))


def ledger(
    lines: pl.DataFrame, order: pl.Series, events: pl.DataFrame, names: HouseholdPlaceNames, book: RuleBook
) -> pl.DataFrame:
    """The ledger (`LEDGER`) of posted lines in this order: numbers turned back into names and ids."""
    lines = lines.select_seq(NEEDED)[order]
    event_row, rule = lines["event_row"], lines["rule"]
    book_ids = book.tables.books["id"][book.tables.items["book"]]
    return (
        lines.select_seq(AS_THEY_ARE)
        .with_columns_seq(
            *names.of(lines["household_place"]),
            *book.names[rule],
            scoring_year=lines["year"].cast(pl.Int32),
            event_id=events["event_id"][event_row],
            member_id=events["member_id"][event_row],
            matter_id=events["matter_id"][event_row],
            decision_id=events["decision_id"][event_row],
            evidence_id=events["evidence_id"][event_row],
            occurred_on=events["occurred_on"][event_row],
            quarter=quarter_names(lines["quarter"]),
            cause=events["event_id"][lines["cause"]],
            book=named(book_ids, rule),
        )
        .select_seq(LEDGER.names)
    )


def quarter_names(quarters: pl.Series) -> pl.Series:
    """Quarters numbered as year * 4 + 0 to 3 by name, as 2023Q3; an Enum of those between them."""
    if quarters.len() == 0:
        return quarters.cast(pl.String)
    first, last = int(quarters.min()), int(quarters.max())  # type: ignore[arg-type]
    number = pl.int_range(first, last + 1)
    names = pl.select(pl.format("{}Q{}", number // 4, number % 4 + 1).alias("quarter"))["quarter"]
    return named(names, (quarters - first).cast(pl.UInt32))
