"""Rule books compiled to flat tables that kernels gather from.

Books of all places and years become a few frames whose row numbers are the numbers that kernels
compute with, so that a run costs the same with one book or a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        `cap_points` Int64 or null, `cap_net` Boolean (false without a cap), `forfeits_scope` String or
        null, `notice` String.
    points
        One row per rule and date from which its points change, sorted by both; the first step of every
        rule begins at or before the first day its book governs.
        `rule` Int32, `from_date` Date, `points` Int64.
    forfeits
        One row per triggering rule and rule it forfeits, of the same book.
        `trigger` Int32, `forfeited` Int32, `scope` String (year, month or matter).
    """

    books: pl.DataFrame
    scopes: pl.DataFrame
    items: pl.DataFrame
    points: pl.DataFrame
    forfeits: pl.DataFrame
