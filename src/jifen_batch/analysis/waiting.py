"""What of a run's rows waits for somebody: pure, frames in, frames out.

Every frame has `town_id`, `village_id`; null where a row has no place.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.kernels.validate import IS_GRANT
from jifen_batch.scheme import states
from jifen_batch.tables.waiting import DUPLICATES, PLACE, PLEDGES, SAME

if TYPE_CHECKING:
    from jifen_batch.tables.rule_tables import RuleTables

PLEDGE_DAYS = 60
# What is read of a ledger.
OF_LEDGER = (
    *(*PLACE, "household_id", "item", "event_id", "member_id", "matter_id"),
    *("occurred_on", "accrued_on", "points", "disposition", "book"),
)
PENDING = (states.DECLARED.name, states.ASSESSED.name)
IN_PLAY = (*PENDING, *states.WAITING)


def waiting(unposted: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Rows that wait for assessment or approval, with `days` since they were recorded, else since the day.

    By state, meeting and days, the longest first; those without a meeting last.
    """
    since = pl.coalesce(pl.col("recorded_at").dt.date(), pl.col("occurred_on"))
    days = (pl.lit(as_of) - since).dt.total_days().clip(0)
    rows = unposted.filter(pl.col("state").is_in(PENDING)).with_columns(days=days)
    order = pl.col("state").replace_strict({name: at for at, name in enumerate(PENDING)})
    return rows.sort(
        order, "decision_id", "days", "household_id", "event_id",
        descending=[False, False, True, False, False], nulls_last=True,
    )  # fmt: skip


def pledges(tables: RuleTables) -> pl.DataFrame:
    """The items that are pledges: `book` (its id) and `item`."""
    ids = tables.books.select("book", id="id")
    items = tables.items.filter("pledge").join(ids, on="book", how="inner")
    return items.select(book="id", item="code").unique().sort("book", "item")


def ending_pledges(
    ledger: pl.DataFrame, unposted: pl.DataFrame, pledges: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """Pledges in force that end within `PLEDGE_DAYS`, whose, and `ends`, the last day.

    `pledges` are the items that are such, by book. The ledger has no last day: a pledge with a line of the
    last month end is taken to run to the end of its year. Sorted by `ends`, household and event.
    """
    columns = PLEDGES.names
    year_end = date(as_of.year, 12, 31)
    last_month_end = (as_of + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    running = (
        ledger.filter(pl.col("accrued_on") >= last_month_end, pl.col("accrued_on").dt.year() == as_of.year)
        .join(pledges, on=["book", "item"], how="semi")
        .with_columns(ends=pl.lit(year_end))
    )
    begun = unposted.filter(
        pl.col("state").is_in(states.WAITING)
        & pl.col("item").is_in(pledges["item"].unique().implode())
        & (pl.col("occurred_on").dt.year() == as_of.year)
    ).with_columns(ends=pl.coalesce("until", pl.lit(year_end)).clip(upper_bound=year_end))
    both = pl.concat([running.select(columns), begun.select(columns)])
    soon = pl.col("ends").is_between(as_of, as_of + timedelta(days=PLEDGE_DAYS))
    return both.filter(soon).unique("event_id", keep="first").sort("ends", "household_id", "event_id")


def likely_duplicates(ledger: pl.DataFrame, unposted: pl.DataFrame) -> pl.DataFrame:
    """Events of one household, item, day and member (null is one, too) under several ids.

    A row per event: `SAME`, `event_id`, `matter_id`, `points` it brought (null while it waits) and
    `standing`, its disposition or state. The latest day first.
    """
    columns = DUPLICATES.names
    posted = (
        ledger.filter(~IS_GRANT)
        .group_by(*SAME, "event_id")
        .agg(pl.col("matter_id").first(), pl.col("points").sum(), standing=pl.col("disposition").first())
    )
    pending = unposted.filter(pl.col("state").is_in(IN_PLAY)).with_columns(
        points=pl.lit(None, pl.Int64), standing="state"
    )
    both = pl.concat([posted.select(columns), pending.select(columns)]).unique(
        (*SAME, "event_id"), keep="first"
    )
    several = both.filter(pl.len().over(SAME) > 1)
    return several.sort(
        "occurred_on", "household_id", "item", "member_id", "event_id",
        descending=[True, False, False, False, False],
    )  # fmt: skip


def placed(rows: pl.DataFrame, register: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Rows that name households, with the place of the last spell begun by the as-of date, else the first."""
    begun = (pl.col("enrolled_on") <= as_of).alias("begun")
    order = register.sort(begun, pl.when(begun).then("enrolled_on"), descending=[True, True], nulls_last=True)
    first = order.unique("household_id", keep="first", maintain_order=True).select("household_id", *PLACE)
    return rows.join(first, on="household_id", how="left", maintain_order="left")


def uncovered(wallets: pl.DataFrame) -> pl.DataFrame:
    """Wallets (`WALLETS`) that spent what they had not, or of households that the register has not."""
    return wallets.filter((pl.col("uncovered") > 0) | pl.col("village_id").is_null()).sort(
        "uncovered", "household_id", descending=[True, False]
    )
