"""Items that stand by their names: each becomes the code that its own book has for it.

A name means something only where and when a book is in force; one that two items bear says neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.calendar import of_days, year
from jifen_batch.kernels.places import household_places_in_year
from jifen_batch.kernels.rulebook import books_in_force, rules_of

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

AND = "、"


def plain(names: pl.Expr) -> pl.Expr:
    """Names as they are compared: one form for look-alike signs, no blanks at the edges."""
    return names.str.normalize("NFKC").str.strip_chars()


def codes_by_name(book: RuleBook) -> pl.DataFrame:
    """The codes that each book has for a name: `book`, `name` (plain), `codes`, and how `many` they are."""
    items = book.tables.items.select_seq(pl.col("book").cast(pl.UInt32), plain(pl.col("name")), "code")
    of_name = items.group_by("book", "name", maintain_order=True)
    return of_name.agg(codes=pl.col("code").str.join(AND), many=pl.len())


def with_codes_for_names(rows: pl.DataFrame, places: Places, book: RuleBook) -> pl.DataFrame:
    """Event rows, as `with_household_places` gives them, with the code for each item that is a name.

    What is a code in its book, no name there, or the name of several items, stays as it is.
    """
    years = of_days(rows["occurred_on"], year)
    village = places.household_places["village"][household_places_in_year(places, rows["household"], years)]
    books = books_in_force(book, village, years)
    asked = pl.DataFrame({"book": books, "item": rows["item"].cast(pl.String)})
    asked = asked.with_columns_seq(
        name=plain(pl.col("item")), is_code=rules_of(book, books, asked["item"]).is_not_null()
    )
    found = asked.join(
        codes_by_name(book).filter(pl.col("many") == 1),
        on=["book", "name"],
        how="left",
        maintain_order="left",
    )
    item = pl.when(pl.col("is_code")).then("item").otherwise(pl.coalesce("codes", "item"))
    return rows.with_columns_seq(found.select_seq(item.cast(pl.Categorical).alias("item"))["item"])
