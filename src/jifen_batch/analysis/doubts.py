"""What may be wrong in a register or in local books, though nothing forbids it: for somebody to look at.

A county reads on; but an id that comes back under another head, or a village's book that nobody lives under
any more, is most often a code that was changed or given out again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.tables.rule_tables import LEVEL_BASE, LEVEL_TOWN, LEVEL_VILLAGE

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.tables.rule_tables import RuleTables


def other_heads(spells: pl.DataFrame) -> pl.Series:
    """Households that come back after a gap under another `householder`: their ids, sorted.

    `spells` has `household_id`, `enrolled_on`, `left_on` and `householder` of each, in any order. Names are
    held against each other as people read them: after NFKC, without blanks. Source: specification 2.2.
    """
    name = pl.col("householder").str.normalize("NFKC").str.replace_all(r"\s", "")
    ordered = spells.sort("household_id", "enrolled_on").with_columns(name=name)
    before = pl.col("left_on", "name").shift(1).over("household_id").name.prefix("before_")
    ordered = ordered.with_columns(before)
    gap = pl.col("before_left_on") < pl.col("enrolled_on")
    other = pl.col("before_name") != pl.col("name")
    return ordered.filter(gap & other)["household_id"].unique().sort()


def deserted_scopes(tables: RuleTables, register: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Places of local books in which nobody is enrolled any more: `book` (id) and `place_id`, sorted.

    Those that a book governs in the year of the as-of date, and of which the register has spells, all of
    them ended by that day: their code has probably become another. Source: specification 2.2, 2.3 (Layers).
    """
    local = tables.scopes.filter((pl.col("scoring_year") == as_of.year) & (pl.col("level") != LEVEL_BASE))
    if local.is_empty():
        return pl.DataFrame(schema={"book": pl.String, "place_id": pl.String})
    governed = local.join(tables.books.select("book", id="id"), on="book")
    ended = (pl.col("left_on") <= as_of).fill_null(value=False)
    levels = ((LEVEL_VILLAGE, "village_id"), (LEVEL_TOWN, "town_id"))
    gone = [
        register.group_by(pl.col(name).cast(pl.String).alias("place_id"))
        .agg(gone=ended.all())
        .filter("gone")
        .select("place_id", level=pl.lit(level, tables.scopes.schema["level"]))
        for level, name in levels
    ]
    found = governed.join(pl.concat(gone), on=["level", "place_id"])
    return found.select(book="id", place_id="place_id").unique().sort("book", "place_id")
