"""Grades 评先评优: judged after ranking, they change no point (specification 2.3, Grades)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import rows_that
from jifen_batch.kernels.rulebook import books_in_force
from jifen_batch.tables import POSTING_ORDER

if TYPE_CHECKING:
    from jifen_batch.kernels.rulebook import RuleBook

JUDGED = ("grade", "barred_by")
BAR_LINES = pl.Schema(
    {
        "household_place": pl.UInt32(),
        "year": pl.Int64(),
        "item": pl.String(),
        "posted_on": pl.Date(),
        "accrued_on": pl.Date(),
        "event_id": pl.String(),
    }
)


def barring_lines(lines: pl.DataFrame, events: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """The first line of each account and item that bars some grade (`BAR_LINES`).

    Lines are in posting order, with `household_place` and `year`; what is out of play bars nothing.
    """
    if book.tables.bars.height == 0:
        return BAR_LINES.to_frame()
    barring = book.tables.items["rule"].is_in(book.tables.bars["rule"].implode())
    some = rows_that(barring[lines["rule"]] & lines["in_play"])
    subset = lines.select_seq("household_place", "year", "rule", "posted_on", "accrued_on", "event_row")[some]
    subset = subset.unique(["household_place", "year", "rule"], keep="first", maintain_order=True)
    return subset.select_seq(
        pl.col("household_place").cast(pl.UInt32),
        pl.col("year").cast(pl.Int64),
        book.tables.items["code"][subset["rule"]].alias("item"),
        "posted_on",
        "accrued_on",
        events["event_id"][subset["event_row"]].cast(pl.String),
    )


def graded(rows: pl.DataFrame, bar_lines: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """Standings with `grade` and `barred_by`; `rows` by household place and year, with ranks.

    `grade` is the first of the book's grades that fits a ranked household. `barred_by` is the event of the
    earliest line that bars the first grade, up to that one or to the end, which would fit otherwise.
    """
    rows = rows.with_columns(
        book=books_in_force(book, rows["village"], rows["year"]),
        grade=pl.lit(None, pl.String),
        barred_by=pl.lit(None, pl.String),
    )
    grades = by_position(book)
    if grades.height == 0:
        return rows
    barred = _earliest_bars(rows, bar_lines, book)
    for _, tried in grades.group_by("position", maintain_order=True):
        at = rows.join(tried, on="book", how="left", maintain_order="left")
        at = at.join(barred, on=["household_place", "year", "number"], how="left", maintain_order="left")
        fits = at.select(_fits() & pl.col("ranked") & pl.col("grade").is_null()).to_series()
        barring = at["event_id"].is_not_null()
        rows = rows.with_columns(
            grade=pl.when(fits & ~barring).then(at["name"]).otherwise("grade"),
            barred_by=pl.coalesce("barred_by", pl.when(fits & barring).then(at["event_id"])),
        )
    return rows


def by_position(book: RuleBook) -> pl.DataFrame:
    """The grades of all books: `number`, `book`, `position` in its book's list, name and conditions."""
    grades = book.tables.grades.with_row_index("number").with_columns(pl.col("book").cast(pl.UInt32))
    return grades.with_columns(position=pl.int_range(pl.len()).over("book")).sort("position", "book")


def _fits() -> pl.Expr:
    """Whether the conditions of a grade hold, the bars aside; false where there is no such grade."""
    conditions = (
        pl.col("net") >= pl.col("at_least"),
        pl.col("rank") <= pl.col("top"),
        pl.col("rank") <= share_of_places(),
    )
    return pl.col("name").is_not_null() & pl.all_horizontal(each.fill_null(value=True) for each in conditions)


def share_of_places() -> pl.Expr:
    """The last rank within a grade's `top_percent` of the ranked households, rounded down; null without."""
    return pl.col("households").cast(pl.Int64) * pl.col("top_percent") // 100


def _earliest_bars(rows: pl.DataFrame, bar_lines: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """The event of the earliest line that bars a grade: by `household_place`, `year`, grade's `number`."""
    tables = book.tables
    grade = tables.bars["grade"].cast(pl.UInt32)
    named = pl.DataFrame(
        {
            "number": grade,
            "book": tables.grades["book"][grade].cast(pl.UInt32),
            "item": tables.items["code"][tables.bars["rule"].cast(pl.UInt32)],
        }
    )
    found = bar_lines.join(
        rows.select("household_place", "year", "book"), on=["household_place", "year"], how="inner"
    )
    found = found.join(named, on=["book", "item"]).sort(POSTING_ORDER)
    account = ["household_place", "year"]
    first = found.unique([*account, "number"], keep="first", maintain_order=True)
    return first.select(*account, "number", "event_id")
