"""What a correction notice says: for each account that is adjusted, how much, why, and by what.

A row of a public notice names an item and its events only as far as the rule book's `notice` lets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.corrections import ACCOUNT

if TYPE_CHECKING:
    from jifen_batch.tables.rule_tables import RuleTables

OPENNESS = {"item": 0, "category": 1, "hidden": 2}
BY_RULE = ("book", "item")
ITEM = ("item", "name", "clause", "rule")


def naming(*tables: RuleTables) -> pl.DataFrame:
    """How far each item may be named: one row per `book` (its id) and `item`.

    `name` and `clause` of the item, `open`, whether item and events may be named, and `hidden`, whether not
    even its category may. `tables`: the books behind what hung and those behind what is announced now; the
    stricter word holds, and the later name.
    """
    listed = []
    for books in tables:
        ids = books.books.select("book", book_id="id")
        items = books.items.join(ids, on="book", how="left", validate="m:1")
        listed.append(items.select("name", "clause", "notice", book="book_id", item="code"))
    strictest = pl.col("notice").replace_strict(OPENNESS, return_dtype=pl.Int64).max()
    grouped = pl.concat(listed).group_by(BY_RULE, maintain_order=True)
    return grouped.agg(
        pl.col("name", "clause").last(),
        open=strictest == OPENNESS["item"],
        hidden=strictest == OPENNESS["hidden"],
    )


def adjustments(causes: pl.DataFrame, hung: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """One row per account, cause and item by which points move, sorted by these.

    `ACCOUNT`; `announced`, what hung of the account before; `now`; `difference` = now - announced;
    `cause` and `what`; `item`, its `name` and `clause`, the `rule`, the `events` of the lines and the
    events `because` of which they changed: null, or left out, where a book does not let them be named
    (what may not be named of an account and cause shares a row); `points`, what the row moves. The
    points of an account sum to its difference. An account of which no line moved a point has no row.

    `causes` as `behind.causes` gives them; `hung`: the lines that hung; `names`: `naming`.
    """
    moved = causes.filter(pl.col("points") != 0).join(names, on=BY_RULE, how="left", validate="m:1")
    others = names.select(because_book="book", because_item="item", because_open="open")
    moved = moved.join(others, on=["because_book", "because_item"], how="left", validate="m:1")
    said = pl.col("open").fill_null(value=False)
    because_said = said & pl.col("because_open").fill_null(value=False)
    rows = (
        moved.with_columns(
            pl.when(said).then(pl.col(*ITEM, "event_id")), pl.when(because_said).then(pl.col("because"))
        )
        .group_by(*ACCOUNT, "cause", "what", *ITEM)
        .agg(
            pl.col("points").sum(),
            events=pl.col("event_id").drop_nulls().unique().sort(),
            because=pl.col("because").drop_nulls().unique().sort(),
        )
    )
    accounts = rows.group_by(ACCOUNT).agg(difference=pl.col("points").sum())
    before = hung.join(accounts, on=ACCOUNT, how="semi")
    before = before.group_by(ACCOUNT).agg(announced=pl.col("points").sum())
    accounts = accounts.join(before, on=ACCOUNT, how="left", validate="1:1")
    accounts = accounts.with_columns(pl.col("announced").fill_null(0))
    figures = ("announced", "now", "difference")
    return (
        rows.join(accounts, on=ACCOUNT, how="left", validate="m:1")
        .with_columns(now=pl.col("announced") + pl.col("difference"))
        .sort(*ACCOUNT, "cause", "what", "item", "rule", nulls_last=True)
        .select(*ACCOUNT, *figures, "cause", "what", *ITEM, "events", "because", "points")
    )
