"""积分公告: what the villages publish for a quarter, a row a household, a column a category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.notices import words
from jifen_batch.notices.grid import NOTHING, Grid
from jifen_batch.sentence import Sentence
from jifen_batch.tables import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jifen_batch.notices.grid import Part

KEYS = ("household_id", "scoring_year")
QUARTER_SUM = Sentence("quarter in all", "本季合计")


def tables(
    announcement: pl.DataFrame, names: Mapping[str, str], quarter: str, first: int, villages: int
) -> Iterator[Part]:
    """One table per village: net points of the quarter by category, their sum, and the sums behind it.

    `announcement` has the specification's columns for one quarter, one row per household, scoring year and
    category. The `first` households by net points are shown, equals by id; a household without a line
    of a category has a dash there. At most `villages` villages, in the order of their ids.
    """
    shown = announcement["village_id"].unique().sort().head(villages)
    for village in shown:
        own = announcement.filter(pl.col("village_id") == village)
        categories = own["category"].unique().sort().to_list()
        wide = by_household(own, categories)
        called, of, left = names.get(village, village), words.quarter(quarter), wide.height - first
        note = Sentence(f"{left} more household(s): see announcements/", f"其余 {left} 户见 announcements/")
        yield Grid(
            Sentence(f"{called}: announcement of {of.en}", f"{called} {of.zh}积分公告"),
            [*map(words.column, KEYS), *categories, QUARTER_SUM, *map(words.column, SUMS)],
            [(household, str(year), *points) for household, year, *points in wide.head(first).iter_rows()],
            note=note if left > 0 else NOTHING,
        )


def by_household(own: pl.DataFrame, categories: list[str]) -> pl.DataFrame:
    """One row per household and scoring year, most net points first, equals by id.

    Columns: the keys, the net points of each category (null without a line), `net`, `awarded`,
    `deducted`, `reversed` over all categories.
    """
    nets = [
        pl.col("net").filter(pl.col("category") == category).sum().alias(f"category {at}")
        for at, category in enumerate(categories)
    ]
    lines = [
        (pl.col("category") == category).any().alias(f"has {at}") for at, category in enumerate(categories)
    ]
    sums = pl.col("net", *SUMS).sum()
    # A sum over nothing is 0, but no line is not the same as a line of 0.
    dashed = [pl.when(pl.col(f"has {at}")).then(pl.col(f"category {at}")) for at in range(len(categories))]
    return (
        own.group_by(*KEYS)
        .agg(*nets, *lines, sums)
        .sort("net", *KEYS, descending=[True, False, False])
        .select(*KEYS, *dashed, "net", *SUMS)
    )
