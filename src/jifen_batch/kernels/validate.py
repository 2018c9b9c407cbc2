"""Rows that cannot be scored, and why: the first check that fails names the reason (specification 3.1, 3).

Checks are expressions over whole columns. A row that fails one is a value, not an exception: it goes
on as a reject with its reason, and never stops the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_YEAR, LAST_YEAR
from jifen_batch.columns.calendar import of_days, year
from jifen_batch.columns.groups import all_alike, rows_that
from jifen_batch.kernels.places import household_places_in_year
from jifen_batch.kernels.rulebook import books_in_force, rules_of
from jifen_batch.scheme.reject_reasons import REJECT_REASONS
from jifen_batch.scheme.states import STATUSES
from jifen_batch.scheme.word import names
from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from jifen_batch.kernels.places import Places
    from jifen_batch.kernels.rulebook import RuleBook

REASON = pl.Enum(names(REJECT_REASONS))
QUANTITY_MAX = 1000
PERSONAL_NUMBER_DIGITS = 11
PERSONAL_NUMBER = rf"\p{{Nd}}{{{PERSONAL_NUMBER_DIGITS}}}"
# Where a person's number is mistaken for a serial number or a reference.
NEVER_PERSONAL = ("member_id", "evidence_id")
GRANT_PREFIX = "grant:"  # ids that begin so are those of grants, and no event's (specification 3.2)
AFTER_GRANT_PREFIX = GRANT_PREFIX[:-1] + chr(ord(GRANT_PREFIX[-1]) + 1)
# By how ids that begin so sort: most are told apart without looking at the whole of them.
IS_GRANT = pl.col("event_id").is_between(pl.lit(GRANT_PREFIX), pl.lit(AFTER_GRANT_PREFIX), closed="left")


def place_events(events: pl.DataFrame, places: Places, book: RuleBook) -> pl.DataFrame:
    """Where each row belongs and what governs it; one row per event row, null where it is not known.

    `household` is a column of `events` already (its number, null = unknown). Adds `year` (of
    `occurred_on`, Int64) and the numbers of `household_place`, `village`, `book` and `rule` (UInt32).
    """
    years = of_days(events["occurred_on"], year)
    household_place = household_places_in_year(places, events["household"], years)
    village = places.household_places["village"][household_place]
    books = books_in_force(book, village, years)
    return pl.DataFrame(
        {
            "household": events["household"],
            "year": years,
            "household_place": household_place,
            "village": village,
            "book": books,
            "rule": rules_of(book, books, events["item"]),
        }
    )


def reject_reasons(events: pl.DataFrame, placed: pl.DataFrame, book: RuleBook) -> pl.Series:
    """Why each row that stands is rejected; null = it is valid. One `REASON` per row.

    `household_id` need only be there where the `household` is unknown.
    """
    items = book.tables.items
    single = book.limited | book.exclusive
    rows = events.with_columns_seq(
        placed["book"],
        placed["rule"],
        single=single[placed["rule"]],
        pledge=items["pledge"][placed["rule"]],
        matter_required=(items["matter"] == "required")[placed["rule"]],
        granted=book.granted[placed["rule"]] if book.granted.any() else pl.lit(value=False),
    )
    checks: dict[str, pl.Expr] = {
        "missing_field": pl.any_horizontal(
            pl.col(name).is_null() for name in EVENTS.required if name != "household_id"
        )
        | (pl.col("household").is_null() & pl.col("household_id").is_null()),
        "reserved_id": IS_GRANT,
        "bad_date": ~pl.all_horizontal(
            pl.col(name)
            .is_between(pl.date(FIRST_YEAR, 1, 1), pl.date(LAST_YEAR, 12, 31))
            .fill_null(value=True)
            for name in ("occurred_on", "decided_on", "until")
        ),
        "unknown_status": ~pl.col("status").is_in(STATUSES),
        "unknown_household": pl.col("household").is_null(),
        "no_rule_book": pl.col("book").is_null(),
        "unknown_item": pl.col("rule").is_null(),
        "granted_item": pl.col("granted"),
        "bad_quantity": ~pl.col("quantity").is_between(1, QUANTITY_MAX)
        | (pl.col("single") & (pl.col("quantity") != 1)),
        "unexpected_until": pl.col("until").is_not_null() & ~pl.col("pledge"),
        "until_before_start": pl.col("until") < pl.col("occurred_on"),
        "missing_matter": pl.col("matter_required") & pl.col("matter_id").is_null(),
        "personal_number": pl.any_horizontal(_personal_number(events[name]) for name in NEVER_PERSONAL),
    }
    failed = rows.select_seq(**checks)
    reasons = all_alike(None, REASON, rows.height).alias("reason")
    # The last check first, so that an earlier one's word stands.
    for reason in reversed(list(checks)):
        reasons = reasons.scatter(rows_that(failed[reason]), pl.Series([reason], dtype=REASON))
    return reasons


def _personal_number(ids: pl.Series) -> pl.Expr:
    """Whether an id holds a run of decimal digits as long as a phone's, in any script."""
    if ids.null_count() == ids.len():
        return pl.lit(value=False)
    given = pl.col(ids.name).cast(pl.String)
    long = pl.when(given.str.len_bytes() >= PERSONAL_NUMBER_DIGITS).then(given.str.contains(PERSONAL_NUMBER))
    if not isinstance(ids.dtype, pl.Enum):
        return long.fill_null(value=False)
    names = ids.dtype.categories.alias(ids.name)
    held = names.to_frame().select_seq(long.alias("held"))["held"].fill_null(value=False)
    if not held.any():
        return pl.lit(value=False)
    return pl.lit(held).gather(pl.col(ids.name).to_physical()).fill_null(value=False)
