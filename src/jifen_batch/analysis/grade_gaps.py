"""What a household lacks of each grade that it has not: 为什么不是五星户 (specification 2.3, Grades)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.grade import by_position, share_of_places
from jifen_batch.kernels.rulebook import books_in_force
from jifen_batch.scheme.dispositions import OUT_OF_PLAY
from jifen_batch.tables import POSTING_ORDER

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

GAPS = pl.Schema(
    {
        "scoring_year": pl.Int32(),
        "name": pl.String(),
        "missing": pl.Int64(),
        "worst_rank": pl.Int64(),
        "barred_by": pl.String(),
        "barred_item": pl.String(),
    }
)


def grade_gaps(standings: pl.DataFrame, lines: pl.DataFrame, places: Places, book: RuleBook) -> pl.DataFrame:
    """One row (`GAPS`) per scoring year and grade before the one that a ranked household has, in their order.

    `standings` are its rows (`STANDINGS`), `lines` its whole ledger. `missing`: points short of the grade, 0
    where none are; `worst_rank`: the last rank that it reaches to, null where the household's is as good or
    none is asked for; `barred_by` and `barred_item`: the event of the earliest line that bars it, and what
    that is called, null without.
    """
    villages = places.villages.with_row_index("village")
    at = standings.drop_nulls("rank").join(
        villages, on=["town_id", "village_id"], how="left", maintain_order="left"
    )
    at = at.with_columns(book=books_in_force(book, at["village"], at["scoring_year"]))
    named = at.rename({"barred_by": "event_barring"})
    tried = named.join(by_position(book), on="book", maintain_order="left_right")
    reached = pl.col("position").filter(pl.col("name") == pl.col("grade")).min().over("scoring_year")
    tried = tried.filter((pl.col("position") < reached).fill_null(value=True))
    last = pl.min_horizontal("top", share_of_places())
    barred = _barred(lines, book)
    return tried.join(barred, on=["scoring_year", "number"], how="left", maintain_order="left").select(
        "scoring_year",
        "name",
        (pl.col("at_least") - pl.col("net")).clip(lower_bound=0).fill_null(0).alias("missing"),
        pl.when(pl.col("rank") > last).then(last).alias("worst_rank"),
        "barred_by",
        "barred_item",
    )


def _barred(lines: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """The earliest line that bars a grade, by `scoring_year` and the grade's `number`."""
    bars = book.tables.bars
    rules = bars["rule"].cast(pl.UInt32)
    barring = pl.DataFrame(
        {
            "number": bars["grade"].cast(pl.UInt32),
            "item": book.tables.items["code"][rules],
            "barred_item": book.tables.items["name"][rules],
        }
    )
    in_play = lines.filter(~pl.col("disposition").is_in(OUT_OF_PLAY)).sort(POSTING_ORDER)
    found = in_play.select("scoring_year", "event_id", pl.col("item").cast(pl.String)).join(
        barring, on="item", maintain_order="left"
    )
    first = found.unique(["scoring_year", "number"], keep="first", maintain_order=True)
    return first.select("scoring_year", "number", "barred_item", barred_by="event_id")
