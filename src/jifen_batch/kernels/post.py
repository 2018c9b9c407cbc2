"""Operator 7 and the ledger itself: deductions stand, zero items are noted, all of it is posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.accrue import merged
from jifen_batch.kernels.enrol import DISPOSITION
from jifen_batch.kernels.naming import named
from jifen_batch.tables import LEDGER

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook


def post(lines: pl.DataFrame, reversals: pl.DataFrame) -> pl.DataFrame:
    """All lines in the ledger's order; deductions and zero-point lines get their name (3.3.7)."""
    gross = pl.when("plays").then("gross")
    lines = lines.with_columns(
        disposition=pl.when(gross < 0)
        .then(pl.lit("deducted", dtype=DISPOSITION))
        .when(gross == 0)
        .then(pl.lit("noted", dtype=DISPOSITION))
        .otherwise("disposition")
    )
    return merged(lines, reversals) if reversals.height else lines


def ledger(lines: pl.DataFrame, events: pl.DataFrame, places: Places, book: RuleBook) -> pl.DataFrame:
    """The ledger (`LEDGER`) of posted lines: numbers turned back into names and ids."""
    seat, at, rule = lines["seat"], lines["at"], lines["rule"]
    village, items = places.seats["village"][seat], book.tables.items
    book_ids = book.tables.books["id"][items["book"]]
    return (
        lines.select("accrued_on", "posted_on", "quantity", "gross", "points", "cap_used", "disposition")
        .with_columns(
            town_id=named(places.villages["town_id"], village),
            village_id=named(places.villages["village_id"], village),
            household_id=named(places.seats["household_id"], seat),
            scoring_year=lines["year"].cast(pl.Int32),
            category=named(items["category"], rule),
            task=named(items["task"], rule),
            item=named(items["code"], rule),
            event_id=events["event_id"][at],
            member_id=events["member_id"][at],
            matter_id=events["matter_id"][at],
            decision_id=events["decision_id"][at],
            occurred_on=events["occurred_on"][at],
            quarter=quarter_names(lines["quarter"]),
            cause=events["event_id"][lines["cause"]],
            book=named(book_ids, rule),
        )
        .select(LEDGER.names)
    )


def quarter_names(quarters: pl.Series) -> pl.Series:
    """Quarters numbered as year * 4 + 0 to 3 by name, as 2023Q3; an Enum of those between them."""
    if quarters.len() == 0:
        return quarters.cast(pl.String)
    first, last = int(quarters.min()), int(quarters.max())  # type: ignore[arg-type]
    number = pl.int_range(first, last + 1)
    names = pl.select(pl.format("{}Q{}", number // 4, number % 4 + 1).alias("quarter"))["quarter"]
    return named(names, (quarters - first).cast(pl.UInt32))
