"""Which rule governs an event: its place and year name a book, the book and its item a rule (2.3).

Two small lookups, filled once a run, turn millions of events into rule numbers by gathering; neither
grows with the rows, and a thousand local books cost the same as one.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.columns.groups import all_alike, rows_that
from jifen_batch.dataclass import dataclass
from jifen_batch.kernels.cap_table import CapTable
from jifen_batch.kernels.naming import of_names
from jifen_batch.tables.rule_tables import LEVEL_BASE, LEVEL_TOWN, LEVEL_VILLAGE

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places
    from jifen_batch.tables.rule_tables import RuleTables

YEARS = LAST_YEAR - FIRST_YEAR + 1
DAY_SPAN = 1 << 22


@dataclass(frozen=True)
class RuleBook:
    """The compiled books as the kernels use them.

    tables
        The books as compiled; rows of `tables.items` are rules.
    codes
        Every item code of any book, sorted as bytes; the position is the code's number.
    books
        Number of the book in force, by village and then year from 2000 (UInt32); null = none.
    rules
        Number of the rule, by book and then code number (UInt32); null = the book has no such item.
    """

    tables: RuleTables
    codes: pl.Series
    books: pl.Series
    rules: pl.Series

    def of_rule(self, column: str, rules: pl.Series) -> pl.Series:
        """A column of the items table for each rule number."""
        return self.tables.items[column][rules]

    @cached_property
    def caps(self) -> CapTable:
        """The caps of all rules."""
        return CapTable(self.tables)

    @cached_property
    def granted(self) -> pl.Series:
        """Whether every household has each rule's points without an event."""
        return self.tables.items["grant"]

    @cached_property
    def monthly(self) -> pl.Series:
        """Whether each rule counts once a month."""
        return self.tables.items["per"] == "month"

    @cached_property
    def several_months(self) -> dict[str, pl.Series]:
        """Whether each rule counts once in several months of a year, by how many; only such as occur."""
        per = self.tables.items["per"]
        return {name: per == name for name in ("quarter", "half") if name in per}

    @cached_property
    def limited(self) -> pl.Series:
        """Whether each rule counts once in a period."""
        return self.tables.items["per"] != "event"

    @cached_property
    def exclusive(self) -> pl.Series:
        """Whether each rule is a tier of an exclusive group."""
        return self.tables.items["exclusive"].is_not_null()

    @cached_property
    def triggering(self) -> pl.Series:
        """Whether each rule is an incident that forfeits others."""
        return self.tables.items["forfeits_scope"].is_not_null()

    @cached_property
    def forfeited(self) -> pl.Series:
        """Whether each rule is forfeited by some incident."""
        return self.tables.items["rule"].is_in(self.tables.forfeits["forfeited"].implode())

    @cached_property
    def for_kinds(self) -> pl.Series:
        """Whether each rule is for households of certain kinds only."""
        return self.tables.items["rule"].is_in(self.tables.kinds["rule"].implode())

    @cached_property
    def first_points(self) -> pl.Series:
        """The points that each rule begins with."""
        return self.tables.points.unique("rule", keep="first", maintain_order=True)["points"]

    @cached_property
    def dated(self) -> pl.Series:
        """Whether the points of each rule change on some day."""
        return self.tables.points.group_by("rule", maintain_order=True).len()["len"] > 1

    @cached_property
    def steps(self) -> pl.Series:
        """The rows of `tables.points` as numbers to search, ascending (`_step_keys`)."""
        return _step_keys(self.tables.points["rule"], self.tables.points["from_date"])

    @cached_property
    def names(self) -> pl.DataFrame:
        """`category`, `task` and `item` of each rule; Enums of those of all books, in the order of bytes."""
        columns = self.tables.items.select_seq("category", "task", item="code")
        return columns.with_columns_seq(column.cast(pl.Enum(column.unique().sort())) for column in columns)

    @cached_property
    def categories(self) -> pl.Series:
        """The names of all categories, in the order of their bytes; an Enum of them."""
        names = self.names["category"].dtype
        return pl.Series(names.categories, dtype=names)  # type: ignore[attr-defined]

    @cached_property
    def category_numbers(self) -> pl.Series:
        """Number of each rule's category among `categories` (UInt32)."""
        return self.names["category"].to_physical().cast(pl.UInt32)


def rule_book(tables: RuleTables, places: Places) -> RuleBook:
    """The lookups for these compiled books over these villages."""
    codes = tables.items["code"].unique().sort()
    numbered = pl.DataFrame({"code": codes}).with_row_index("code_number")
    slots = pl.DataFrame({"book": tables.books["book"]}).join(numbered, how="cross")
    rules = slots.join(
        tables.items.select_seq("book", "code", "rule"),
        on=["book", "code"],
        how="left",
        maintain_order="left",
    )
    return RuleBook(
        tables=tables,
        codes=codes,
        books=_books_of_villages(tables, places),
        rules=rules["rule"].cast(pl.UInt32),
    )


def _books_of_villages(tables: RuleTables, places: Places) -> pl.Series:
    """Book of each village and year: the village's own over its town's over the base's (2.3, Layers)."""
    years = pl.DataFrame(
        {"scoring_year": pl.int_range(FIRST_YEAR, LAST_YEAR + 1, dtype=pl.Int32, eager=True)}
    )
    cells = places.villages.join(years, how="cross", maintain_order="left_right")

    def covering(level: int, keys: list[str], place: str | None) -> pl.Series:
        scopes = tables.scopes.filter(tables.scopes["level"] == level)
        if scopes.is_empty():
            return all_alike(None, pl.Int32, cells.height)
        if place:
            scopes = scopes.with_columns_seq(pl.col("place_id").alias(place))
        scopes = scopes.select_seq(*keys, "book")
        return cells.join(scopes, on=keys, how="left", maintain_order="left")["book"]

    own = covering(LEVEL_VILLAGE, ["village_id", "scoring_year"], "village_id")
    town = covering(LEVEL_TOWN, ["town_id", "scoring_year"], "town_id")
    base = covering(LEVEL_BASE, ["scoring_year"], None)
    return pl.select(pl.coalesce(own, town, base).cast(pl.UInt32).alias("book")).to_series()


def books_in_force(book: RuleBook, villages: pl.Series, years: pl.Series) -> pl.Series:
    """Number of the book in force in each village and year; null without, or beyond 2000 to 2099."""
    cell = pl.DataFrame({"village": villages, "year": years.cast(pl.Int64)}).select_seq(
        pl.when(pl.col("year").is_between(FIRST_YEAR, LAST_YEAR)).then(
            pl.col("village") * YEARS + (pl.col("year") - FIRST_YEAR).cast(pl.UInt32, strict=False)
        )
    )
    return book.books[cell.to_series()]


def rules_of(book: RuleBook, books: pl.Series, items: pl.Series) -> pl.Series:
    """Number of the rule for each book number and item code; null where the book has no such item."""

    def numbers(codes: pl.Series) -> pl.Series:
        places = pl.int_range(book.codes.len(), eager=True)
        return codes.replace_strict(book.codes, places, default=None, return_dtype=pl.UInt32)

    return book.rules[books * book.codes.len() + of_names(items, numbers)].alias("rule")


def points_on(book: RuleBook, rules: pl.Series, days: pl.Series) -> pl.Series:
    """Points of each rule in force on each day; one Int64 per row (specification 3.2, gross).

    Most rules never change their points, and theirs are gathered; only rows of rules with several
    steps are looked up by rule and day.
    """
    points = book.first_points[rules]
    changing = book.dated[rules]
    if not changing.any():
        return points
    asked = _step_keys(rules.filter(changing), days.filter(changing))
    step = book.steps.search_sorted(asked, side="right").cast(pl.Int64) - 1
    return points.scatter(rows_that(changing), book.tables.points["points"][step])


def _step_keys(rules: pl.Series, days: pl.Series) -> pl.Series:
    """A number (Int64) that sorts by rule, then day.

    No day is earlier than 1970: steps before it have all begun when an event can occur.
    """
    day = days.cast(pl.Int64).clip(lower_bound=0, upper_bound=DAY_SPAN - 1)
    return rules.cast(pl.Int64) * DAY_SPAN + day
