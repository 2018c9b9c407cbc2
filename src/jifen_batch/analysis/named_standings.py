"""Standings worked out from published lines, which name their households (specification 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.grade import BAR_LINES, JUDGED, graded
from jifen_batch.kernels.rank import numbered_places, ranked, years_of
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.scheme.dispositions import OUT_OF_PLAY
from jifen_batch.tables import POSTING_ORDER

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.kernels.places import Places
    from jifen_batch.tables.rule_tables import RuleTables

ACCOUNT = ("town_id", "village_id", "household_id", "scoring_year")
NAMED_BAR_LINES = pl.Schema(
    dict.fromkeys(ACCOUNT[:3], pl.String()) | {"scoring_year": pl.Int32()} | dict(list(BAR_LINES.items())[2:])
)


def bar_lines(lines: pl.DataFrame, tables: RuleTables | None) -> pl.DataFrame:
    """The first line of each account and item that bars some grade of the books (`NAMED_BAR_LINES`)."""
    if tables is None:
        return NAMED_BAR_LINES.to_frame()
    barring = tables.items["code"][tables.bars["rule"].cast(pl.UInt32)].unique()
    played = ~pl.col("disposition").is_in(OUT_OF_PLAY)
    subset = lines.filter(pl.col("item").is_in(barring.implode()) & played).sort(POSTING_ORDER)
    first = subset.unique([*ACCOUNT, "item"], keep="first", maintain_order=True)
    return first.select(NAMED_BAR_LINES.names()).cast(NAMED_BAR_LINES)


def named_standings(
    nets: pl.DataFrame, barring: pl.DataFrame, places: Places, tables: RuleTables | None, as_of: date
) -> pl.DataFrame:
    """Ranked and graded households of all years from the first to the last of the nets.

    `nets` has the account and `net`, `barring` is as `bar_lines` gives it; the rows are those of
    `rank.ranked`, in which `STANDINGS` and `GROUPS` are to be found. Without books nobody has a grade.
    """
    numbered = numbered_places(nets, places)
    rows = ranked(numbered.select("household_place", "year", "net"), places, years_of(numbered), as_of)
    if tables is None:
        return rows.with_columns(pl.lit(None, pl.String).alias(name) for name in JUDGED)
    bars = numbered_places(barring, places).select(BAR_LINES.names())
    return graded(rows, bars, rule_book(tables, places))
