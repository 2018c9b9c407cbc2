"""Balances and announcements: what the lines of a household come to (specification 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.groups import added, factorize, group_cumsum, group_starts, sums
from jifen_batch.columns.packing import pack_keys
from jifen_batch.kernels.enrol import DISPOSITION
from jifen_batch.kernels.post import TAKES_BACK, quarter_names
from jifen_batch.tables import ANNOUNCEMENTS, BALANCES, SUMS

if TYPE_CHECKING:
    from jifen_batch.kernels.naming import HouseholdPlaceNames
    from jifen_batch.kernels.rulebook import RuleBook


def quarter_totals(lines: pl.DataFrame, book: RuleBook) -> pl.DataFrame:
    """One row per account, category and quarter with a line, sorted by place, year, category, quarter.

    `account`, `household_place`, `year`, `category` (number), `quarter`, the sums `awarded`, `deducted`,
    `reversed` and `net`, and how many lines are `awards` (points above 0) and `deductions`; grants are
    neither.
    """
    category = book.category_numbers[lines["rule"]]
    groups, some = factorize(pack_keys([lines["household_place"], lines["year"], category, lines["quarter"]]))
    reversal, points = TAKES_BACK, pl.col("points")
    loss = (points < 0) & ~reversal
    parts = lines.select_seq(
        awarded=points.clip(lower_bound=0),
        deducted=pl.when(loss).then(points).otherwise(0),
        reversed=pl.when(reversal).then(points).otherwise(0),
        awards=points > 0,
        deductions=loss,
    )
    if book.granted.any():
        parts = parts.with_columns_seq(awards=parts["awards"] & ~book.granted[lines["rule"]])
    line = pl.Series(some)
    totals = lines.select_seq("account", "household_place", "year", "quarter")[line].with_columns_seq(
        category=category[line]
    )
    summed = [added(column, groups, len(some)) for column in parts]
    return totals.with_columns_seq(summed).with_columns_seq(net=pl.sum_horizontal(SUMS))


def by_disposition(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per `disposition` that occurs: how many `lines` have it, and their `points`."""
    codes = lines["disposition"].to_physical().to_numpy().astype(np.int64)
    counted = pl.DataFrame(
        {
            "disposition": pl.Series(DISPOSITION.categories, dtype=DISPOSITION),
            "lines": np.bincount(codes, minlength=len(DISPOSITION.categories)),
            "points": added(lines["points"], codes, len(DISPOSITION.categories)),
        }
    )
    return counted.filter(pl.col("lines") > 0)


def announcements(totals: pl.DataFrame, names: HouseholdPlaceNames, book: RuleBook) -> pl.DataFrame:
    """The announcements (`ANNOUNCEMENTS`): the totals, each with its year to date.

    `year_to_date` is the net of household, scoring year and category over all quarters up to it.
    """
    begins = group_starts(totals["account"], totals["category"])
    to_date = totals.with_columns_seq(year_to_date=pl.Series(group_cumsum(totals["net"], begins)))
    rows = _named(to_date, names, book).with_columns_seq(quarter=quarter_names(totals["quarter"]))
    return rows.select_seq(ANNOUNCEMENTS.names)


def balances(totals: pl.DataFrame, names: HouseholdPlaceNames, book: RuleBook) -> pl.DataFrame:
    """The balances (`BALANCES`): the totals of all quarters of an account and category."""
    begins = group_starts(totals["account"], totals["category"])
    whole = totals.select_seq("household_place", "year", "category")[begins].with_columns_seq(
        pl.Series(name, sums(totals[name], begins)) for name in (*SUMS, "net")
    )
    return _named(whole, names, book).select_seq(BALANCES.names)


def nets(totals: pl.DataFrame) -> pl.DataFrame:
    """Net points of each account that has a line: `household_place`, `year`, `net`."""
    begins = group_starts(totals["account"])
    return totals.select_seq("household_place", "year")[begins].with_columns_seq(
        net=pl.Series(sums(totals["net"], begins))
    )


def _named(totals: pl.DataFrame, names: HouseholdPlaceNames, book: RuleBook) -> pl.DataFrame:
    """Totals with the ids of town, village and household, the year and the category's name."""
    return totals.with_columns_seq(
        *names.of(totals["household_place"]),
        scoring_year=pl.col("year").cast(pl.Int32),
        category=book.categories[totals["category"]],
    )
