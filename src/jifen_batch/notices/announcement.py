"""积分公告: what the villages publish for a quarter, a row a household, a column a category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.notices import words
from jifen_batch.notices.grid import grid
from jifen_batch.tables import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

KEYS = ("household_id", "scoring_year")


def tables(
    announcement: pl.DataFrame, names: Mapping[str, str], quarter: str, first: int, villages: int
) -> Iterator[RenderableType]:
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
        yield grid(
            f"{names.get(village, village)} {words.quarter(quarter)}积分公告",
            [words.COLUMNS[key] for key in KEYS]
            + categories
            + ["本季合计", *(words.COLUMNS[name] for name in SUMS)],
            ((household, str(year), *points) for household, year, *points in wide.head(first).iter_rows()),
            note=f"其余 {wide.height - first} 户见 announcements/" if wide.height > first else "",
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
