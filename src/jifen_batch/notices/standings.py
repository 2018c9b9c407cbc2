"""积分榜: the first households of each village in its latest scoring year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.notices import words
from jifen_batch.notices.grid import Grid
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jifen_batch.notices.grid import Part

COLUMNS = ("rank", "household_id", "net", "rank_in_town")


def top(standings: pl.DataFrame, names: Mapping[str, str], first: int, villages: int) -> Iterator[Part]:
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
        called, listed = names.get(village, village), min(first, own.height)
        title = Sentence(
            f"{called}: standings of {year!s} (the first {listed} of {own.height} household(s))",
            f"{called} {year!s}年积分榜（前{listed}名，共{own.height}户）",
        )
        headers = [words.column(column) for column in COLUMNS]
        yield Grid(title, headers, own.select(COLUMNS).head(first).rows())
