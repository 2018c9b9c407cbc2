"""The laws of specification 3.4 that are cheap enough to hold every run to, before it is published.

Each law is stated on the posted lines by other means than the operators used, so that a fault in one
does not hide in the other. What is returned is the names of broken laws; an empty list is the aim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import added, distinct_sorted, factorize, rows_that
from jifen_batch.columns.packing import pack_keys
from jifen_batch.kernels.matters import matters
from jifen_batch.scheme.dispositions import WITH_CAUSE

if TYPE_CHECKING:
    from jifen_batch.kernels.rulebook import RuleBook


def broken_invariants(
    lines: pl.DataFrame, events: pl.DataFrame, states: pl.Series, book: RuleBook
) -> list[str]:
    """Names of the laws that these posted lines, all of some whole households, break.

    `events` are the valid approved events that the lines' `event_row` names, `states` says of each why it has
    no line (null = it has).
    """
    laws = {
        "every posted event has at least one line": len(distinct_sorted(lines["event_row"]))
        == states.null_count(),
        "a line brings no more than its gross": _within_gross(lines),
        "a cap holds": _caps_hold(lines, book),
        "an exclusive matter brings its highest gross": _tiers_hold(lines, events, book),
        "forfeited items come to 0": _forfeitures_hold(lines, book),
        "a cause stands just where something made a line so": _causes_stand(lines),
    }
    return [law for law, holds in laws.items() if not holds]


def broken_sums(lines: pl.DataFrame, totals: pl.DataFrame) -> list[str]:
    """The law that these lines break which come to other sums than their quarter totals do, if they do."""
    holds = totals["net"].sum() == lines["points"].sum()
    return [] if holds else ["announcements come to the net of the ledger"]


def _within_gross(lines: pl.DataFrame) -> bool:
    """Whether points lie between 0 and gross, and a deduction in play that is not `floored` is in full."""
    award = pl.col("points").is_between(0, pl.col("gross"))
    full = (pl.col("points") == pl.col("gross")) == (pl.col("disposition") != "floored")
    loss = pl.col("points").is_between("gross", 0) & (full | ((pl.col("points") == 0) & ~pl.col("in_play")))
    return _all_meet(lines, pl.when(pl.col("gross") >= 0).then(award).otherwise(loss))


def _caps_hold(lines: pl.DataFrame, book: RuleBook) -> bool:
    """Whether the lines under an outermost cap come to at most its highest figure and at least its floor.

    Reversals are among what is held at the figure. A floor is one of what was before forfeitures: a period
    in which a line is `forfeited` tells no more what that was.
    """
    caps = book.caps.outermost[lines["rule"]]
    rows = rows_that(caps.is_not_null())
    under = lines.select_seq("account", "month", "points", "disposition")[rows]
    groups, some = factorize(pack_keys([under["account"], book.caps.slots_of(caps[rows], under["month"])]))
    cap, count = caps[rows][some], len(some)
    if not (added(under["points"], groups, count) <= book.caps.highest[cap]).all():
        return False
    floored = rows_that(book.tables.caps["floor"].is_not_null()[cap])
    if floored.len() == 0:
        return True
    before = under["points"].set(under["disposition"] == "reversed", 0)
    untold = added(under["disposition"] == "forfeited", groups, count)[floored] > 0
    return bool((untold | (added(before, groups, count)[floored] >= book.caps.floors[cap][floored])).all())


def _tiers_hold(lines: pl.DataFrame, events: pl.DataFrame, book: RuleBook) -> bool:
    """Whether an exclusive matter comes to its highest gross in play, or less where something took of it."""
    subset = lines.filter(book.exclusive[lines["rule"]] & lines["in_play"])
    subset = subset.with_columns_seq(
        group=book.of_rule("exclusive", subset["rule"]),
        matter=matters(subset, events, book),
        taken=subset["disposition"].is_in(["capped", "forfeited", "reversed"]),
    )
    sums = subset.group_by("household", "group", "matter").agg(
        pl.col("points").sum(), pl.col("gross").max(), pl.col("taken").any()
    )
    short, over = pl.col("points") < pl.col("gross"), pl.col("points") > pl.col("gross")
    return sums.filter(over | (short & ~pl.col("taken"))).height == 0


def _forfeitures_hold(lines: pl.DataFrame, book: RuleBook) -> bool:
    """Whether the lines that a year's incident takes come to 0, each with its reversal."""
    of_year = book.tables.forfeits.filter(pl.col("scope") == "year")
    if of_year.height == 0:
        return True
    of_year = of_year.select_seq(pl.col("trigger", "forfeited").cast(pl.UInt32), "before")
    rules, every = lines["rule"], book.tables.items["rule"]
    triggering = every.is_in(of_year["trigger"].implode())[rules] & lines["in_play"]
    triggers = lines.select_seq("account", "posted_on", trigger="rule").filter(triggering)
    named = (
        triggers.join(of_year, on="trigger")
        .group_by("account", rule="forfeited")
        .agg(always=(~pl.col("before")).any(), until=pl.col("posted_on").filter("before").max())
    )
    forfeited = every.is_in(of_year["forfeited"].implode())[rules]
    touched = lines.select_seq("account", "rule", "event_row", "accrued_on", "posted_on", "points").filter(
        forfeited
    )
    told = touched.join(named, on=["account", "rule"])
    # A reversal is posted later than its award, of which it tells no day.
    told = told.group_by("account", "rule", "event_row", "accrued_on").agg(
        pl.col("posted_on").min(), pl.col("points").sum(), pl.col("always", "until").first()
    )
    taken = pl.col("always") | (pl.col("posted_on") < pl.col("until")).fill_null(value=False)
    return told.filter(taken & (pl.col("points") != 0)).height == 0


def _causes_stand(lines: pl.DataFrame) -> bool:
    """Whether a cause stands just where one must."""
    caused = pl.col("disposition").is_in(WITH_CAUSE)
    return _all_meet(lines, caused == pl.col("cause").is_not_null())


def _all_meet(lines: pl.DataFrame, condition: pl.Expr) -> bool:
    """Whether all lines meet a condition, which none may leave open."""
    return bool(lines.select_seq(condition.all()).item())
