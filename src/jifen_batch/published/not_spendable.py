"""Announced points that never enter a wallet, by the rules that hang beside them (`spendable = false`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch import rules
from jifen_batch.published import announced, manifest
from jifen_batch.tables.announced import CORRECTIONS, LINES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ITEM = ("book", "item")
WORD = b"spendable"
NOTHING = pl.DataFrame(schema=dict.fromkeys(ITEM, pl.String))


def points(out: Path, quarters: Sequence[str]) -> pl.DataFrame:
    """One row per household, scoring year and announcement (`announced`, its place among the quarters).

    `not_spendable`: the points of its lines, corrections among them, of items that the books then in force
    keep out of wallets; what a correction takes down counts by the books beside the quarter before. Only
    quarters whose books say so are read.
    """
    found, before = [NOT_SPENDABLE.to_frame()], NOTHING
    for place, quarter in enumerate(quarters):
        now = _withheld(out, quarter)
        # Nothing hung before the first.
        before = before if place else now
        if now.height or before.height:
            put_up = announced.scan(out, LINES, [quarter]).with_columns(change=pl.lit(1, pl.Int32))
            corrected = announced.scan(out, CORRECTIONS, [quarter])
            columns = ("household_id", "scoring_year", *ITEM, "points", "change")
            rows = pl.concat([one.select(columns) for one in (put_up, corrected)]).collect()
            up, down = rows.filter(pl.col("change") > 0), rows.filter(pl.col("change") < 0)
            of_items = [up.join(now, on=ITEM, how="semi"), down.join(before, on=ITEM, how="semi")]
            found.append(_summed(pl.concat(of_items), place))
        before = now
    return pl.concat(found)


NOT_SPENDABLE = pl.Schema(
    {
        "household_id": pl.String(),
        "scoring_year": pl.Int32(),
        "announced": pl.Int32(),
        "not_spendable": pl.Int64(),
    }
)


def _summed(rows: pl.DataFrame, place: int) -> pl.DataFrame:
    moved = (pl.col("points") * pl.col("change")).sum()
    sums = rows.group_by("household_id", "scoring_year").agg(not_spendable=moved)
    return sums.with_columns(announced=pl.lit(place)).select(NOT_SPENDABLE.names()).cast(NOT_SPENDABLE)


def _withheld(out: Path, quarter: str) -> pl.DataFrame:
    """`book` (id) and `item` of what the books beside a quarter keep out of wallets."""
    folder = manifest.rules(announced.folder(out, quarter))
    # Most books say nothing of it, and a thousand take a while to compile.
    if not any(WORD in path.read_bytes() for path in folder.glob("*.toml")):
        return NOTHING
    tables = rules.load([folder]).tables
    books = tables.books.select("book", id="id")
    items = tables.items.filter(~pl.col("spendable")).join(books, on="book")
    return items.select(book="id", item="code")
