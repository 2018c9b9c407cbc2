"""The items table: what each rule was worth in each scoring year (specification 4, items)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.tables import ITEMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.tables.rule_tables import RuleTables


def items_of_years(rules: RuleTables, years: Sequence[int]) -> pl.DataFrame:
    """The items (`ITEMS`): one row per book, item and scoring year of the ledger that the book governs.

    `points` are those in force on the year's last day.
    """
    last_days = pl.DataFrame({"scoring_year": pl.Series(years, dtype=pl.Int32)}).with_columns(
        day=pl.date(pl.col("scoring_year"), 12, 31)
    )
    books = rules.books.select("book", pl.col("id").alias("book_id"), "first_year", "last_year")
    rows = rules.items.join(books, on="book").join(last_days, how="cross")
    governed = (pl.col("first_year") <= pl.col("scoring_year")) & (
        pl.col("last_year").is_null() | (pl.col("scoring_year") <= pl.col("last_year"))
    )
    rows = rows.filter(governed).sort("day")
    rows = rows.join_asof(
        rules.points.sort("from_date"),
        left_on="day",
        right_on="from_date",
        by="rule",
        strategy="backward",
        check_sortedness=False,
    )
    return rows.with_columns(book="book_id").sort(*ITEMS.sort_keys).select(ITEMS.names)
