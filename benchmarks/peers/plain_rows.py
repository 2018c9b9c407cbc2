"""From rows to valid events in plain Polars: what stands, where it belongs, why it is rejected (3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ask import Asked

EVENT_COLUMNS = (
    "event_id",
    "household_id",
    "item",
    "occurred_on",
    "status",
    "decided_on",
    "recorded_at",
    "until",
    "matter_id",
    "quantity",
    "member_id",
    "decision_id",
)
REQUIRED = EVENT_COLUMNS[:5]
STATUSES = ("declared", "assessed", "approved", "declined", "withdrawn")
CONFLICTS = ("conflicting_household", "conflicting_revision")


def read_rows(asked: Asked) -> pl.DataFrame:
    """The rows visible on the as-of date, equal ones once, with their `row_resolution` among revisions."""
    visible = pl.col("recorded_at").is_null() | (pl.col("recorded_at").dt.date() <= asked.as_of)
    rows = pl.scan_parquet(asked.events, hive_partitioning=False).select(EVENT_COLUMNS).filter(visible)
    named = rows.filter(pl.col("event_id").is_not_null()).unique()
    nameless = rows.filter(pl.col("event_id").is_null()).with_columns(row_resolution=pl.lit("stands"))
    recorded = pl.col("recorded_at").fill_null(pl.datetime(1, 1, 1))
    named = named.with_columns(latest=recorded == recorded.max().over("event_id"))
    row_resolution = (
        pl.when(
            pl.col("household_id").min().over("event_id") != pl.col("household_id").max().over("event_id")
        )
        .then(pl.lit("conflicting_household"))
        .when(pl.col("latest").sum().over("event_id") > 1)
        .then(pl.lit("conflicting_revision"))
        .when(pl.col("latest"))
        .then(pl.lit("stands"))
        .otherwise(pl.lit("superseded"))
    )
    return pl.concat([named.with_columns(row_resolution=row_resolution).drop("latest"), nameless]).collect()


def places(spells: pl.DataFrame, years: Iterable[int]) -> pl.DataFrame:
    """The village and town of every household in every one of these years (2.2, Place)."""
    first_day, last_day = pl.date("scoring_year", 1, 1), pl.date("scoring_year", 12, 31)
    within = (pl.col("enrolled_on") <= last_day) & (pl.col("left_on") > first_day).fill_null(value=True)
    before = pl.col("enrolled_on") < first_day
    return (
        spells.join(pl.DataFrame({"scoring_year": pl.Series(years, dtype=pl.Int32)}), how="cross")
        .with_columns(choice=pl.when(within).then(0).when(before).then(1).otherwise(2))
        .with_columns(
            nearness=pl.col("enrolled_on").to_physical()
            * pl.when(pl.col("choice") == 1).then(-1).otherwise(1)
        )
        .sort("choice", "nearness")
        .unique(["household_id", "scoring_year"], keep="first", maintain_order=True)
        .select("household_id", "scoring_year", "village_id", "town_id")
    )


def enrolled(spells: pl.DataFrame, asked: pl.DataFrame, day: str) -> pl.DataFrame:
    """The distinct pairs of `household_id` and a day that lie within some spell."""
    return (
        asked.select("household_id", day)
        .unique()
        .join(spells.select("household_id", "enrolled_on", "left_on"), on="household_id")
        .filter(
            pl.col("enrolled_on") <= pl.col(day),
            pl.col("left_on").is_null() | (pl.col(day) < pl.col("left_on")),
        )
        .select("household_id", day)
    )


def with_items(rows: pl.DataFrame, placed: pl.DataFrame, rules: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows with their place, the book in force there, and what that book says of their item."""
    scopes = rules["scopes"]

    def of_level(level: int, *keys: str) -> pl.DataFrame:
        chosen = scopes.filter(pl.col("level") == level).rename({"place_id": keys[0] if keys else "nowhere"})
        return chosen.select(*keys, "scoring_year", pl.col("book").alias(f"book_{level}"))

    books = (
        placed.select("town_id", "village_id", "scoring_year")
        .unique()
        .join(of_level(2, "village_id"), on=["village_id", "scoring_year"], how="left")
        .join(of_level(1, "town_id"), on=["town_id", "scoring_year"], how="left")
        .join(of_level(0), on="scoring_year", how="left")
        .with_columns(book=pl.coalesce("book_2", "book_1", "book_0"))
        .select("village_id", "scoring_year", "book")
    )
    items = rules["items"].join(rules["books"].select("book", book_id="id"), on="book")
    items = items.drop("row", "name", "content", "clause", "notice").rename({"code": "item"})
    return (
        rows.with_columns(scoring_year=pl.col("occurred_on").dt.year())
        .join(placed, on=["household_id", "scoring_year"], how="left")
        .join(books, on=["village_id", "scoring_year"], how="left")
        .join(items, on=["book", "item"], how="left")
    )


def judged(rows: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """Rows with the `reason` why they are rejected, null if they are not; the first failure counts."""
    quantity = pl.col("quantity").fill_null(1)
    single = (pl.col("per") != "event") | pl.col("exclusive").is_not_null()
    in_range = pl.all_horizontal(
        pl.col(name).is_between(pl.date(2000, 1, 1), pl.date(2099, 12, 31)).fill_null(value=True)
        for name in ("occurred_on", "decided_on", "until")
    )
    checks = {
        "missing_field": pl.any_horizontal(pl.col(REQUIRED).is_null()),
        "bad_date": ~in_range,
        "unknown_status": ~pl.col("status").is_in(STATUSES),
        "unknown_household": ~pl.col("household_id").is_in(known.implode()),
        "no_rule_book": pl.col("book").is_null(),
        "unknown_item": pl.col("per").is_null(),
        "bad_quantity": ~quantity.is_between(1, 1000) | (single & (quantity != 1)),
        "unexpected_until": pl.col("until").is_not_null() & ~pl.col("pledge"),
        "until_before_start": pl.col("until") < pl.col("occurred_on"),
        "missing_matter": (pl.col("matter") == "required") & pl.col("matter_id").is_null(),
        "personal_number": pl.col("member_id").str.contains(r"\p{Nd}{11}"),
    }
    first = pl.coalesce(pl.when(check).then(pl.lit(reason)) for reason, check in checks.items())
    reason = (
        pl.when(pl.col("row_resolution").is_in(CONFLICTS))
        .then("row_resolution")
        .when(pl.col("row_resolution") == "stands")
        .then(first)
    )
    return rows.with_columns(reason=reason)


def with_states(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Rows with their `state`, and for the approved the first and last day they can accrue on."""
    start, until = pl.col("occurred_on"), pl.col("until")
    year_end = pl.date(start.dt.year(), 12, 31)
    last_day = pl.min_horizontal(until.fill_null(year_end), year_end)
    first_accrual = pl.when(pl.col("per") == "month").then(start.dt.month_end()).otherwise(start)
    decided = pl.col("decided_on").fill_null(start)
    state = (
        pl.when(pl.col("reason").is_not_null())
        .then(pl.lit("rejected"))
        .when(pl.col("row_resolution") == "superseded")
        .then(pl.lit("superseded"))
        .when(pl.col("status") != "approved")
        .then("status")
        .when(pl.col("pledge") & (first_accrual > last_day))
        .then(pl.lit("no_month_end"))
        .when(pl.max_horizontal(first_accrual, decided) > as_of)
        .then(pl.lit("not_yet_posted"))
        .otherwise(pl.lit("posted"))
    )
    return rows.with_columns(state=state, first_accrual=first_accrual, last_day=last_day)
