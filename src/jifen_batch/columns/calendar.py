"""What a day tells by itself, as its month or quarter, without a walk through the calendar for every row.

A feed has millions of rows, and a century some ten thousand days. So what is asked is worked out once for
each day of the century that rules can govern, and gathered: exact, and a tenth of the cost of asking row by
row. Other days stand in no ledger; they are few, and asked one by one, as are those of a village, whose feed
has fewer rows than the century has days.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_DAY, FIRST_YEAR, LAST_DAY
from jifen_batch.columns.groups import rows_that

if TYPE_CHECKING:
    from collections.abc import Callable

    Asked = Callable[[pl.Expr], pl.Expr]

FIRST_NUMBER = FIRST_DAY.toordinal() - date(1970, 1, 1).toordinal()
CENTURY_DAYS = (LAST_DAY - FIRST_DAY).days + 1
MONTHS = 12


def of_days(days: pl.Series, asked: Asked) -> pl.Series:
    """What a function of a day's expression says of each day; null where the day is."""
    if days.len() < CENTURY_DAYS:
        return _asked(days, asked).alias(days.name)
    told = _of_century(asked)
    numbers = days.cast(pl.Int32) - FIRST_NUMBER
    within = numbers.is_between(0, told.len(), closed="left")
    if within.all():
        return told[numbers.cast(pl.UInt32)].alias(days.name)
    beyond = rows_that(~within)
    inside = numbers.scatter(beyond, 0).cast(pl.UInt32)
    return told[inside].scatter(beyond, _asked(days[beyond], asked)).alias(days.name)


def _asked(days: pl.Series, asked: Asked) -> pl.Series:
    return days.alias("day").to_frame().select_seq(asked(pl.col("day")).alias("told"))["told"]


@cache
def _of_century(asked: Asked) -> pl.Series:
    """What it says of each day of the century, in order."""
    return _asked(pl.date_range(FIRST_DAY, LAST_DAY, eager=True), asked)


@cache
def month_ends() -> pl.Series:
    """The last days of all months of the century."""
    return pl.date_range(FIRST_DAY, LAST_DAY, "1mo", eager=True).dt.month_end()


def month_number(day: pl.Expr) -> pl.Expr:
    """How many months of the century have ended before a day (Int32); by it `month_ends` are gathered."""
    return (day.dt.year() - FIRST_YEAR) * MONTHS + day.dt.month() - 1


def year(day: pl.Expr) -> pl.Expr:
    """Year of a day."""
    return day.dt.year().cast(pl.Int64)


def quarter_number(day: pl.Expr) -> pl.Expr:
    """Quarter of a day, numbered as year * 4 + 0 to 3; null where the day is."""
    return (day.dt.year() * 4 + day.dt.quarter() - 1).cast(pl.Int32)
