"""Rule books compiled to flat tables that kernels gather from.

Books of all places and years become a few frames whose row numbers are the numbers that kernels
compute with, so that a run costs the same with one book or a thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    import polars as pl

LEVEL_BASE, LEVEL_TOWN, LEVEL_VILLAGE = 0, 1, 2


@dataclass(frozen=True)
class RuleTables:
    """All rule books of a run, layered and checked.

    books
        One row per book; the row number is the book's number.
        `book` Int32, `id`, `title`, `source` String, `first_year` Int32, `last_year` Int32 or null,
        `expires` String (none, 12-31 or 03-31: when announced points lapse in the following year),
        `fingerprint` String (of the layered book: a comment changes none).
    scopes
        One row per level, place and scoring year (2000 to 2099) that a book covers, unique by these.
        `level` Int8 (0 base, 1 town, 2 village), `place_id` String (null at the base level),
        `scoring_year` Int32, `book` Int32.
    items
        One row per book and enabled item, by book and code; the row number is the rule's number.
        `rule` Int32, `book` Int32, `code` String, `row` Int32 or null, `category`, `task`, `name`
        String, `content`, `clause` String or null, `per` String, `pledge`, `by_member` Boolean,
        `matter` String, `exclusive` String or null, `matter_cap` Int64 or null, `cap` String or null,
        `cap_row` Int32 or null (its row of `caps`), `cap_points` Int64 or null (the cap's last figure; null
        without an upper bound), `cap_net` Boolean (false without a cap), `cap_terms` String or null (all
        that is said of it and of those around it: equal where they are), `forfeits_scope` String or null,
        `forfeits_before` Boolean (just what was posted before), `notice` String, `grant`, `spendable`
        Boolean, `kinds` String or null (the kinds of households that it is for, for reading).
    points
        One row per rule and date from which its points change, sorted by both; the first step of every
        rule begins at or before the first day its book governs.
        `rule` Int32, `from_date` Date, `points` Int64.
    forfeits
        One row per triggering rule and rule it forfeits, of the same book.
        `trigger` Int32, `forfeited` Int32, `scope` String (year, quarter, month or matter), `before`
        Boolean (just what was posted before).
    caps
        One row per cap of any book, whatever the number of books that have it; the row number is the cap's.
        `name` String, `net` Boolean, `floor` Int64 or null (no lower bound), `period` String (month,
        quarter, half or year), `within` Int32 or null (the cap that lies around it).
    cap_points
        One row per cap and date from which its points change, sorted by both; none for a cap without an
        upper bound. `cap` Int32, `from_date` Date, `points` Int64.
    kinds
        One row per rule and kind of household that it is for; none for a rule that is for all.
        `rule` Int32, `kind` String.
    grades
        One row per book and grade, by book and in the order in which they are tried; the row number is the
        grade's. `book` Int32, `name` String, `at_least`, `top`, `top_percent` Int64 or null.
    bars
        One row per grade and rule of which no line may stand. `grade` Int32, `rule` Int32.
    """

    books: pl.DataFrame
    scopes: pl.DataFrame
    items: pl.DataFrame
    points: pl.DataFrame
    forfeits: pl.DataFrame
    caps: pl.DataFrame
    cap_points: pl.DataFrame
    kinds: pl.DataFrame
    grades: pl.DataFrame
    bars: pl.DataFrame
