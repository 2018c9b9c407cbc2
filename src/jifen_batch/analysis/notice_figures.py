"""What a village's printed notice says of its households: sums, what they were for, what was corrected.

All of it comes from an announced quarter alone, in columns that are named here one by one. An item is
named only as far as the rule book's `notice` lets it; what is hidden counts in totals and nowhere else.
"""

from __future__ import annotations

import polars as pl

from jifen_batch.analysis.corrections import ACCOUNT, PARTS
from jifen_batch.analysis.notice_rows import BY_RULE

HOUSE = ACCOUNT[:4]
FIGURES = (*PARTS, "net", "year_to_date")
OF_PLACE = ("rank", "quarter_rank", "grade")
PLACED = (*OF_PLACE, "rank_before")
# All that a notice reads of lines and of corrections: no event, member, matter or meeting.
OF_LINES = (*ACCOUNT, *BY_RULE, "quarter", "points")
OF_CORRECTIONS = (*ACCOUNT, *BY_RULE, "points", "change", "reason")


def board(rows: pl.DataFrame, standings: pl.DataFrame, before: pl.DataFrame, year: int) -> pl.DataFrame:
    """One row per household and scoring year: `HOUSE`, `PLACED`, and `FIGURES` over all categories.

    Listed are the ranked households of the quarter's `year` and whoever has a row in the announcement
    (`rows`), by village: the latest year first, by rank, those without one last, equals by id. The sums
    are null for a household without a row, `rank` for one that is not ranked, `quarter_rank` in other
    years. `rank_before` is the rank in the announcement `before` (its standings), null without one.
    """
    sums = rows.group_by(HOUSE).agg(pl.col(*PARTS, "net").sum())
    ranked = standings.filter((pl.col("scoring_year") == year) & pl.col("rank").is_not_null())
    # Two ids that have become one household had two ranks.
    stood = before.group_by(HOUSE).agg(rank_before=pl.col("rank").min())
    places = standings.select(*HOUSE, *OF_PLACE, year_to_date="net").join(
        stood, on=HOUSE, how="left", validate="1:1"
    )
    return (
        pl.concat([sums.select(HOUSE), ranked.select(HOUSE)])
        .unique()
        .join(sums, on=HOUSE, how="left", validate="1:1")
        .join(places, on=HOUSE, how="left", validate="1:1")
        # Who was corrected away to another village, or was enrolled on no day of the year, has 0 here.
        .with_columns(pl.col("year_to_date").fill_null(0))
        .sort(
            *("town_id", "village_id", "scoring_year", "rank", "household_id"),
            descending=[False, False, True, False, False],
            nulls_last=[False, False, False, True, False],
        )
        .select(*HOUSE, *PLACED, *FIGURES)
    )


def by_category(lines: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Points of the quarter's own lines by category, as far as it may be named: `ACCOUNT`, `points`.

    `names` as `adjust.naming` gives them. An account with hidden lines only has no row. Unordered.
    """
    return _told(lines, names).group_by(ACCOUNT).agg(pl.col("points").sum())


def by_quarter(lines: pl.DataFrame) -> pl.DataFrame:
    """Points of all own lines by quarter: `HOUSE`, `quarter`, `points`, sorted; hidden ones count."""
    return lines.group_by(*HOUSE, "quarter").agg(pl.col("points").sum()).sort(*HOUSE, "quarter")


def by_item(lines: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """What the points were for: `ACCOUNT`, `name`, `lines` and `points`, sorted by these.

    One row per item; those of which only the category may be named share one, with a null name. Lines
    that brought nothing are left out.
    """
    return (
        _told(lines, names)
        .filter(pl.col("points") != 0)
        .group_by(*ACCOUNT, "name")
        .agg(lines=pl.len().cast(pl.Int64), points=pl.col("points").sum())
        .sort(*ACCOUNT, "name", nulls_last=True)
    )


def corrected(rows: pl.DataFrame, before: pl.DataFrame, reasons: pl.DataFrame) -> pl.DataFrame:
    """What is adjusted of each household and scoring year: `HOUSE`, `announced`, `now`, `difference`.

    `before`: the sums of all earlier announcements, `ACCOUNT` and `net`; `reasons` as `why` gives them.
    A row for each that has a reason, also where its corrections sum to 0. Sorted by `HOUSE`.
    """
    difference = rows.group_by(HOUSE).agg(difference=pl.col("adjusted").sum())
    announced = before.group_by(HOUSE).agg(announced=pl.col("net").sum())
    return (
        reasons.select(HOUSE)
        .unique()
        .join(difference, on=HOUSE, how="left", validate="1:1")
        .join(announced, on=HOUSE, how="left", validate="1:1")
        .with_columns(pl.col("announced").fill_null(0))
        .select(*HOUSE, "announced", (pl.col("announced") + pl.col("difference")).alias("now"), "difference")
        .sort(HOUSE)
    )


def why(corrections: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """What corrections are put down to: `ACCOUNT`, `name`, `reason`, `BY_RULE`, `points`, sorted by these.

    One row per item and reason by which points move; an item that may not be named has null `name`, `book`
    and `item`, a hidden one a null `category` and `reason` as well.
    """
    named = _with_words(corrections, names).with_columns(points=pl.col("points") * pl.col("change"))
    shown = ~pl.col("hidden")
    return (
        named.with_columns(
            pl.when(shown).then(pl.col("category", "reason")), pl.when("open").then(pl.col(*BY_RULE))
        )
        .group_by(*ACCOUNT, "name", "reason", *BY_RULE)
        .agg(pl.col("points").sum())
        .filter(pl.col("points") != 0)
        .sort(*ACCOUNT, "name", "reason", *BY_RULE, nulls_last=True)
    )


def _told(lines: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The lines of which at least the category may be named."""
    return _with_words(lines, names).filter(~pl.col("hidden"))


def _with_words(lines: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Lines with `name`, null where it may not be said, and `hidden`; of what nothing is known, all is."""
    known = names.select(*BY_RULE, "name", "open", "hidden")
    return (
        lines.join(known, on=BY_RULE, how="left", validate="m:1")
        .with_columns(pl.col("open").fill_null(value=False), pl.col("hidden").fill_null(value=True))
        .with_columns(pl.when("open").then("name"))
    )
