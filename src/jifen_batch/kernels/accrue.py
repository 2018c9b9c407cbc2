"""From events to candidate lines: pledges accrue month by month, the rest once (specification 3.2).

A candidate is a line before any operator has seen it. Months whose line would be posted after the
as-of date are left out, for they leave no line, and no operator looks at them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jifen_batch.columns.calendar import MONTHS, month_ends, month_number, of_days, quarter_number
from jifen_batch.columns.groups import rows_that
from jifen_batch.columns.packing import pack_keys
from jifen_batch.kernels.rulebook import points_on
from jifen_batch.scheme.states import WAITING

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt

    from jifen_batch.kernels.rulebook import RuleBook

NOT_POSTED = pl.Enum(WAITING)


def months_in_force(events: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """`first_month` (`month_number`), months `in_force` and those `posted` by now; one row per event.

    `events` are valid and approved, with `occurred_on`, `decided_on` (filled), `until`, `pledge`,
    `monthly`. A pledge accrues on each month's last day from `occurred_on` to `until` within its
    year; everything else accrues once, a monthly confirmation on its month's last day.
    """
    tomorrow = as_of + timedelta(days=1)
    first_month = of_days(events["occurred_on"], month_number)
    month_ends_past = pl.select(month_number(pl.lit(tomorrow))).item() - first_month
    posted_month = pl.when(pl.col("decided_on") <= as_of).then(month_ends_past).otherwise(0)
    once = (pl.max_horizontal("occurred_on", "decided_on") <= as_of).cast(pl.Int32)
    months = events.select_seq(
        first_month=first_month,
        in_force=pl.lit(1, dtype=pl.Int64),
        by_now=pl.when("monthly").then(posted_month).otherwise(once).cast(pl.Int64),
    )
    pledges = rows_that(events["pledge"])
    of_pledges = events.select_seq("occurred_on", "until")[pledges].select_seq(_months_of_pledge())
    return months.with_columns_seq(months["in_force"].scatter(pledges, of_pledges.to_series())).select_seq(
        "first_month",
        "in_force",
        posted=pl.min_horizontal("in_force", pl.col("by_now").clip(lower_bound=0)),
    )


def _months_of_pledge() -> pl.Expr:
    """On how many month ends of its year a pledge is in force."""
    start, until = pl.col("occurred_on"), pl.col("until")
    ends_with_month = until == until.dt.month_end()
    until_month = until.dt.month() - (~ends_with_month).cast(pl.Int8)
    lasts = until.is_null() | (until.dt.year() > start.dt.year())
    last = pl.when(lasts).then(MONTHS).otherwise(until_month)
    return (last - start.dt.month() + 1).clip(lower_bound=0).cast(pl.Int64)


def accrue(
    events: pl.DataFrame, book: RuleBook, as_of: date, grace_days: int
) -> tuple[pl.DataFrame, pl.Series]:
    """Candidate lines of valid approved events in posting order, and what becomes of the others.

    `events` has the columns of `EVENTS`, the placed numbers, `event_row` (its row in the events), `account`
    (household place and year) and `id_key`, a number that sorts those of an account as their ids do. Lines:
    one row per event, for a pledge per month; `event_row`, `account`, `household`, `rule`, `month` (1 to 12),
    `accrued_on`, `posted_on`, `quarter` (year * 4 + 0 to 3), `quantity`, `gross` and `id_key`.
    The Series has one state per event, null where it has a line.
    """
    events = events.with_columns_seq(
        pl.col("decided_on").fill_null(pl.col("occurred_on")),
        pledge=book.of_rule("pledge", events["rule"]),
        monthly=book.monthly[events["rule"]],
    )
    months = months_in_force(events, as_of)
    states = months.select_seq(
        pl.when(pl.col("posted") == 0).then(
            pl.when(pl.col("in_force") == 0)
            .then(pl.lit("no_month_end", dtype=NOT_POSTED))
            .otherwise(pl.lit("not_yet_posted", dtype=NOT_POSTED))
        )
    ).to_series()
    lines = _expand(events, months)
    lines = lines.with_columns_seq(
        quarter=of_days(_counted_on(lines, grace_days), quarter_number),
        gross=points_on(book, lines["rule"], lines["accrued_on"]) * lines["quantity"],
    )
    return lines.drop("decided_on"), states


def in_posting_order(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines by account, then posting order (specification 3.2): `posted_on`, `accrued_on`, event id."""
    return lines[_posting_rows(lines)]


def _posting_rows(lines: pl.DataFrame) -> npt.NDArray[np.uint32]:
    """The row numbers of lines in that order."""
    # Rows come by household place, so that most runs are in order already: a sort that merges runs has
    # little to do.
    return np.argsort(posting_order(lines).to_numpy(), kind="stable").astype(np.uint32)


def posting_order(lines: pl.DataFrame) -> pl.Series:
    """A number per line that sorts them so."""
    order = ("account", "posted_on", "accrued_on", "id_key")
    return pack_keys([lines[name] for name in order])


def order_with_few(lines: pl.DataFrame, in_order: int) -> pl.Series:
    """Row numbers in posting order, of lines of which the first `in_order` are so, and a few are not."""
    rows = pl.int_range(in_order, dtype=pl.UInt32, eager=True)
    if lines.height == in_order:
        return rows
    key = posting_order(lines)
    own, further = key[:in_order], key[in_order:]
    arrival = further.arg_sort()
    before = own.search_sorted(further[arrival], side="right").cast(pl.Int64)
    return pl.Series(np.insert(rows.to_numpy(), before.to_numpy(), arrival.to_numpy() + in_order))


def _counted_on(lines: pl.DataFrame, grace_days: int) -> pl.Series:
    """The day whose quarter announces a line: the later of `accrued_on` and `decided_on` less the grace."""
    # Days as numbers: a date less a duration is a walk through the calendar for every row.
    decided = (pl.col("decided_on").to_physical() - grace_days).cast(pl.Date)
    return lines.select_seq(pl.max_horizontal("accrued_on", decided)).to_series()


def _expand(events: pl.DataFrame, months: pl.DataFrame) -> pl.DataFrame:
    """One row per event and posted month, in posting order, with `month` and the days that order them."""
    posted = months["posted"].to_numpy()
    row = np.repeat(np.arange(events.height, dtype=np.uint32), posted)
    # The first month of each event, less the place of its first line, and each line's own place.
    month = np.repeat(months["first_month"].to_numpy() - np.cumsum(posted) + posted, posted)
    month += np.arange(len(row))
    # Only what orders lines is gathered before they are in order, and the rest of each event once.
    lines = events.select_seq("account", "id_key", "monthly", "occurred_on", "decided_on")[row]
    lines = lines.with_columns_seq(
        month=pl.Series((month % MONTHS + 1).astype(np.int8)),
        accrued_on=pl.when("monthly").then(month_ends()[month.astype(np.uint32)]).otherwise("occurred_on"),
    ).with_columns_seq(posted_on=pl.max_horizontal("accrued_on", "decided_on"))
    order = _posting_rows(lines)
    of_events = events.select_seq(
        "event_row", "account", "household", "rule", pl.col("quantity").fill_null(1).cast(pl.Int32), "id_key"
    )
    return lines.select_seq("decided_on", "month", "accrued_on", "posted_on")[order].hstack(
        of_events[row[order]]
    )
