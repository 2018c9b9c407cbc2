"""积分榜: the first households of each village in its latest scoring year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.notices import words
from jifen_batch.notices.grid import grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

COLUMNS = ("rank", "household_id", "net", "rank_in_town")


def top(
    standings: pl.DataFrame, names: Mapping[str, str], first: int, villages: int
) -> Iterator[RenderableType]:
    """One table per village of the latest scoring year, with its first ranked households.

    `standings` as in specification 4; `names` are village names by id (an id without one stands for itself);
    at most `villages` villages are shown, in the order of their ids. Ties at the end are cut by id.
    """
    if standings.is_empty():
        return
    year = standings["scoring_year"].max()
    ranked = standings.filter(pl.col("scoring_year") == year, pl.col("rank").is_not_null())
    ranked = ranked.sort("village_id", "rank", "household_id")
    shown = ranked["village_id"].unique(maintain_order=True).head(villages)
    for village in shown:
        own = ranked.filter(pl.col("village_id") == village)
        counted = f"前{min(first, own.height)}名，共{own.height}户"
        yield grid(
            f"{names.get(village, village)} {year!s}年积分榜（{counted}）",
            [words.COLUMNS[column] for column in COLUMNS],
            own.select(COLUMNS).head(first).iter_rows(),
        )
