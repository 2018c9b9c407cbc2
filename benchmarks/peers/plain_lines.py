"""From approved events to ledger lines in plain Polars: accrual and the seven operators (3.2 and 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from plain_rows import enrolled

if TYPE_CHECKING:
    from ask import Asked

# Words that come again and again: as categories they take a quarter of the memory of texts.
WORDS = (
    *("town_id", "village_id", "category", "task", "book_id"),
    *("per", "matter", "exclusive", "cap", "forfeits_scope"),
)
ORDER = ("posted_on", "accrued_on", "event_id")
PLAYS = ~pl.col("disposition").is_in(["not_enrolled", "duplicate"])
ACCOUNT = ("household_id", "scoring_year")
# Of an approved event: what the ledger tells, what accrual asks for, and what the operators go by.
NEEDED = (
    *("town_id", "village_id", *ACCOUNT, "category", "task", "item", "book_id", "rule"),
    *("event_id", "member_id", "matter_id", "decision_id", "occurred_on", "decided_on", "quantity"),
    *("pledge", "first_accrual", "last_day"),
    *("per", "by_member", "matter", "exclusive", "matter_cap", "cap", "cap_points", "forfeits_scope"),
)


def quarter(day: pl.Expr) -> pl.Expr:
    """The quarter of a day, as 2023Q3."""
    return pl.format("{}Q{}", day.dt.year(), day.dt.quarter())


def accrue(events: pl.DataFrame, points: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """Candidate lines in posting order: one for an event, one for each month of a pledge."""
    months = pl.date_ranges(pl.col("first_accrual").dt.month_start(), "last_day", "1mo")
    pledges = events.filter("pledge").with_columns(accrued_on=months).explode("accrued_on")
    pledges = pledges.with_columns(pl.col("accrued_on").dt.month_end())
    pledges = pledges.filter(pl.col("accrued_on") <= pl.col("last_day"))
    others = events.filter(~pl.col("pledge")).with_columns(accrued_on="first_accrual")
    decided = pl.col("decided_on").fill_null(pl.col("occurred_on"))
    in_grace = decided.dt.offset_by(f"-{asked.grace_days}d")
    return (
        pl.concat([pledges, others])
        .with_columns(
            posted_on=pl.max_horizontal("accrued_on", decided),
            quarter=quarter(pl.max_horizontal("accrued_on", in_grace)),
            quantity=pl.col("quantity").fill_null(1).cast(pl.Int32),
        )
        .filter(pl.col("posted_on") <= asked.as_of)
        .sort("accrued_on")
        .join_asof(
            points.sort("from_date"),
            left_on="accrued_on",
            right_on="from_date",
            by="rule",
            check_sortedness=False,
        )
        .with_columns(gross=pl.col("points") * pl.col("quantity"))
        .drop("points", "from_date", "decided_on", "pledge", "first_accrual", "last_day")
        .sort(ORDER)
        .with_row_index("place")
    )


def open_accounts(lines: pl.DataFrame, spells: pl.DataFrame) -> pl.DataFrame:
    """Operator 1, and the matter of each line (2.3)."""
    here = enrolled(spells, lines, "accrued_on").with_columns(is_enrolled=pl.lit(value=True))
    own = (
        pl.when(pl.col("matter") == "day")
        .then(pl.format("d{}", "occurred_on"))
        .when(pl.col("matter") == "year")
        .then(pl.format("y{}", "scoring_year"))
        .otherwise(pl.format("e{}", "event_id"))
    )
    return (
        lines.join(here, on=["household_id", "accrued_on"], how="left", maintain_order="left")
        .with_columns(pl.col("is_enrolled").fill_null(value=False))
        .with_columns(
            points=pl.when("is_enrolled").then("gross").otherwise(0),
            disposition=pl.when("is_enrolled").then(pl.lit("awarded")).otherwise(pl.lit("not_enrolled")),
            cause=pl.lit(None, dtype=pl.String),
            about=pl.when(pl.col("matter_id").is_not_null())
            .then(pl.format("={}", "matter_id"))
            .otherwise(own),
        )
        .drop("is_enrolled")
    )


def once(lines: pl.DataFrame) -> pl.DataFrame:
    """Operator 2: the first line of a period stands."""
    keys = [*ACCOUNT, "item", "month", "of_matter", "member"]
    limited = (pl.col("per") != "event") & (pl.col("disposition") == "awarded")
    looked_at = lines.filter(limited).with_columns(
        month=pl.when(pl.col("per") == "month").then(pl.col("accrued_on").dt.month()),
        of_matter=pl.when(pl.col("per") == "matter").then("about"),
        member=pl.when("by_member").then("member_id"),
    )
    looked_at = looked_at.with_columns(
        first=pl.col("event_id").first().over(keys), nth=pl.int_range(pl.len()).over(keys)
    )
    late = pl.col("nth") > 0
    looked_at = looked_at.with_columns(
        points=pl.when(late).then(0).otherwise("points"),
        disposition=pl.when(late).then(pl.lit("duplicate")).otherwise("disposition"),
        cause=pl.when(late).then("first").otherwise("cause"),
    )
    return pl.concat([looked_at.select(lines.columns), lines.filter(~limited)]).sort("place")


def tier(lines: pl.DataFrame) -> pl.DataFrame:
    """Operator 3: within a household, group and matter only what exceeds the highest so far."""
    keys = ["household_id", "exclusive", "about"]
    ranked = PLAYS & pl.col("exclusive").is_not_null()
    few = lines.filter(ranked).with_columns(
        highest=pl.col("gross").cum_max().shift(1).over(keys).fill_null(0),
    )
    risen = pl.when(pl.col("gross") > pl.col("highest")).then("event_id")
    few = few.with_columns(reached_by=risen.forward_fill().shift(1).over(keys))
    left = pl.max_horizontal(pl.col("gross") - pl.col("highest"), 0)
    beaten = (pl.col("highest") > 0) & (pl.col("gross") > 0)
    few = few.with_columns(
        points=left,
        disposition=pl.when(~beaten)
        .then("disposition")
        .when(left > 0)
        .then(pl.lit("topped_up"))
        .otherwise(pl.lit("superseded")),
        cause=pl.when(beaten).then("reached_by").otherwise("cause"),
    )
    return pl.concat([few.select(lines.columns), lines.filter(~ranked)]).sort("place")


def held(few: pl.DataFrame, granted: pl.Expr) -> pl.DataFrame:
    """Lines with what they are granted; one that lost some is capped, and no event is its cause."""
    few = few.with_columns(granted=granted)
    lost = pl.col("granted") < pl.col("points")
    return few.with_columns(
        points="granted",
        disposition=pl.when(lost).then(pl.lit("capped")).otherwise("disposition"),
        cause=pl.when(~lost).then("cause"),
    ).drop("granted")


def cap_matters(lines: pl.DataFrame) -> pl.DataFrame:
    """Operator 4: one matter brings at most so much."""
    keys = [*ACCOUNT, "item", "about"]
    limited = PLAYS & pl.col("matter_cap").is_not_null()
    few = lines.filter(limited).with_columns(running=pl.col("points").cum_sum().over(keys))
    cap = pl.col("matter_cap")
    granted = pl.min_horizontal("running", cap) - pl.min_horizontal(pl.col("running") - pl.col("points"), cap)
    few = held(few, granted)
    return pl.concat([few.select(lines.columns), lines.filter(~limited)]).sort("place")


def cap_years(lines: pl.DataFrame) -> pl.DataFrame:
    """Operator 5: granted so far = G - max(0, max(G - cap)), G the running sum of what came to it."""
    keys = [*ACCOUNT, "cap"]
    limited = PLAYS & pl.col("cap").is_not_null()
    few = lines.filter(limited).with_columns(running=pl.col("points").cum_sum().over(keys))
    over = pl.max_horizontal(pl.col("running") - pl.col("cap_points"), 0)
    few = few.with_columns(cap_used=pl.col("running") - over.cum_max().over(keys))
    few = held(few, pl.col("cap_used") - pl.col("cap_used").shift(1).over(keys).fill_null(0))
    rest = lines.filter(~limited).with_columns(cap_used=pl.lit(None, dtype=pl.Int64))
    return pl.concat([few.select(rest.columns), rest]).sort("place")


def forfeit(lines: pl.DataFrame, forfeits: pl.DataFrame) -> pl.DataFrame:
    """Operator 6: the earliest trigger in year, month or matter takes what its items bring."""
    month = pl.col("accrued_on").dt.month_start()
    triggers = lines.filter(PLAYS, pl.col("forfeits_scope").is_not_null()).select(
        *ACCOUNT,
        trigger="rule",
        reach=pl.when(pl.col("forfeits_scope") == "month")
        .then(pl.format("{}", month))
        .when(pl.col("forfeits_scope") == "matter")
        .then("about")
        .otherwise(pl.lit("")),
        trigger_place="place",
        trigger_event="event_id",
        incident_on="posted_on",
        incident_quarter="quarter",
    )
    triggers = triggers.join(forfeits.rename({"forfeited": "rule"}), on="trigger", maintain_order="left")
    victims = lines.filter(PLAYS, pl.col("gross") > 0).select("place", *ACCOUNT, "rule", "about", month=month)
    reached = [
        victims.with_columns(reach=reach).join(
            triggers.filter(pl.col("scope") == scope), on=[*ACCOUNT, "rule", "reach"]
        )
        for scope, reach in (
            ("year", pl.lit("")),
            ("month", pl.format("{}", "month")),
            ("matter", pl.col("about")),
        )
    ]
    hits = (
        pl.concat(reached)
        .sort("trigger_place")
        .unique("place", keep="first", maintain_order=True)
        .select("place", "trigger_event", "incident_on", "incident_quarter")
    )
    lines = lines.join(hits, on="place", how="left", maintain_order="left")
    late = (pl.col("posted_on") >= pl.col("incident_on")).fill_null(value=False)
    taken_back = lines.filter(
        pl.col("trigger_event").is_not_null(), ~late, pl.col("points") != 0
    ).with_columns(
        posted_on="incident_on",
        quarter=pl.max_horizontal("quarter", "incident_quarter"),
        gross=-pl.col("points"),
        points=-pl.col("points"),
        cap_used=pl.lit(None, dtype=pl.Int64),
        disposition=pl.lit("reversed"),
        cause="trigger_event",
    )
    kept = lines.with_columns(
        points=pl.when(late).then(0).otherwise("points"),
        disposition=pl.when(late).then(pl.lit("forfeited")).otherwise("disposition"),
        cause=pl.when(late).then("trigger_event").otherwise("cause"),
        cap_used=pl.when(~late).then("cap_used"),
    )
    return pl.concat([kept, taken_back])


def post(lines: pl.DataFrame) -> pl.DataFrame:
    """Operator 7: deductions and zero-point lines get their name."""
    gross = pl.when(PLAYS & (pl.col("disposition") != "reversed")).then("gross")
    return lines.with_columns(
        disposition=pl.when(gross < 0)
        .then(pl.lit("deducted"))
        .when(gross == 0)
        .then(pl.lit("noted"))
        .otherwise("disposition")
    )
