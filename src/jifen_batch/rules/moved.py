"""Rule books moved by whole years: an edit that begins in the future, tried on a year that is past.

A book of 2027 scores the events of 2025 as it would score the like of them in 2027: its years, and every
day from which points or caps change, lie two years earlier. What is moved is the compiled books; what they
say stays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.scheme.rule_fields import moving_points

if TYPE_CHECKING:
    from jifen_batch.rules import LoadedRules
    from jifen_batch.tables.rule_tables import RuleTables

# What an item says that moves points or wallets, but for its points, its caps and which items it forfeits;
# where rules are compared, which code an item has and how it forfeits is not a column of its own.
SAYS = ("code", *moving_points(), "forfeits_scope", "forfeits_before", "spendable")
SAID_OF_CAPS = frozenset({"cap", "cap_points", "cap_terms", "cap_net"})
PLACE = ("level", "place_id")


def moved(books: LoadedRules, years: int) -> LoadedRules:
    """The same books so many years earlier; a 29 February becomes a 28th where there is none."""
    if years == 0:
        return books
    tables = books.tables
    earlier = pl.col("from_date").dt.offset_by(f"-{years}y")
    begin, end = (pl.col(name) - years for name in ("first_year", "last_year"))
    return replace(
        books,
        tables=replace(
            tables,
            books=tables.books.with_columns(begin, end, pl.format("{}-{}", "fingerprint", pl.lit(years))),
            scopes=tables.scopes.with_columns(pl.col("scoring_year") - years).filter(
                pl.col("scoring_year") >= FIRST_YEAR
            ),
            points=tables.points.with_columns(earlier),
            cap_points=tables.cap_points.with_columns(earlier),
        ),
    )


def begins(before: LoadedRules, after: LoadedRules, today: int) -> int | None:
    """The first scoring year after `today`'s in which an edit begins; null where none does.

    It begins where the two sets of books come to differ in another way than in the year before: where a
    book, or a date in one, is new.
    """
    sides = (before.tables, after.tables)
    for year in sorted({year for tables in sides for year in _years(tables)}):
        if today < year <= LAST_YEAR:
            now, last_year = (_differences(sides, one) for one in (year, year - 1))
            if now and now != last_year:
                return year
    return None


def _years(tables: RuleTables) -> set[int]:
    """Years in which some book or step begins, or the first without some book."""
    steps = pl.concat([tables.points["from_date"], tables.cap_points["from_date"]]).dt.year()
    begun = {*tables.books["first_year"].drop_nulls(), *(tables.books["last_year"].drop_nulls() + 1)}
    return begun | set(steps.unique())


def _differences(sides: tuple[RuleTables, RuleTables], year: int) -> set[tuple[object, ...]]:
    """What just one side says in a year, with the side."""
    said = [_said(tables, year) for tables in sides]
    keys = said[0].columns
    rows: set[tuple[object, ...]] = set()
    for side, (one, other) in enumerate((said, said[::-1])):
        rows |= {(side, *row) for row in one.join(other, on=keys, how="anti", nulls_equal=True).rows()}
    return rows


def _said(tables: RuleTables, year: int) -> pl.DataFrame:
    """What is in force in a year, one row per place that a book covers and item, or grade, of that book."""
    governing = tables.scopes.filter(pl.col("scoring_year") == year).select(*PLACE, "book")
    points = _in_year(tables.points, "rule", year)
    forfeits = tables.forfeits.join(
        tables.items.select(forfeited="rule", taken="code"), on="forfeited", how="left"
    )
    taken = forfeits.group_by(rule="trigger").agg(pl.col("taken").sort().str.join("\n"))
    plain = {*tables.items.columns} - SAID_OF_CAPS
    items = (
        tables.items.select("rule", "book", "cap_row", *(name for name in SAYS if name in plain))
        .join(points, on="rule", how="left")
        .join(_caps(tables, year), on="cap_row", how="left")
        .join(taken, on="rule", how="left")
    )
    grades = _graded(tables)
    said = pl.struct(pl.exclude("rule", "book", "cap_row"))
    rows = [
        of.join(governing, on="book").select(*PLACE, said=said.struct.json_encode())
        for of in (items, grades)
        if of.height
    ]
    nothing = pl.DataFrame(schema={"level": pl.Int8, "place_id": pl.String, "said": pl.String})
    return pl.concat([nothing, *rows])


def _in_year(steps: pl.DataFrame, of: str, year: int) -> pl.DataFrame:
    """What each rule's or cap's points are over a year: `of` and `steps`, a text of days and points."""
    new_year = pl.date(year, 1, 1)
    day = pl.max_horizontal("from_date", new_year)
    known = steps.filter(pl.col("from_date").dt.year() <= year).with_columns(day=day)
    last = known.sort("from_date").unique([of, "day"], keep="last", maintain_order=True)
    text = pl.format("{} {}", pl.col("day").dt.strftime("%m-%d"), "points")
    return last.group_by(of).agg(steps=text.sort_by("day").str.join("\n"))


def _caps(tables: RuleTables, year: int) -> pl.DataFrame:
    """What each cap (`cap_row`) and those around it say in a year: `held`, a text."""
    steps = _in_year(tables.cap_points, "cap", year)
    caps = tables.caps.with_row_index("cap_row").with_columns(pl.col("cap_row").cast(pl.Int32))
    caps = caps.join(steps, left_on="cap_row", right_on="cap", how="left", maintain_order="left")
    own = caps.select("name", "net", "floor", "period", "steps").rows()
    outer = caps["within"].to_list()
    held = []
    for row, says in enumerate(own):
        around, at = [says], outer[row]
        while at is not None:
            around.append(own[at])
            at = outer[at]
        held.append(str(around))
    return caps.select("cap_row", held=pl.Series(held, dtype=pl.String))


def _graded(tables: RuleTables) -> pl.DataFrame:
    """Grades by book, each with its place in the list and the codes that bar it."""
    grades = tables.grades.with_row_index("grade").with_columns(pl.col("grade").cast(pl.Int32))
    codes = tables.bars.join(tables.items.select("rule", bar="code"), on="rule", how="left")
    barred = codes.group_by("grade").agg(pl.col("bar").sort().str.join("\n"))
    listed = grades.with_columns(position=pl.int_range(pl.len()).over("book"))
    return listed.join(barred, on="grade", how="left").drop("grade")
