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

if TYPE_CHECKING:
    from jifen_batch.kernels.rulebook import RuleBook


def broken_invariants(
    lines: pl.DataFrame, events: pl.DataFrame, states: pl.Series, totals: pl.DataFrame, book: RuleBook
) -> list[str]:
    """Names of the laws that these posted lines break.

    `events` are the valid approved events that the lines' `event_row` names, `states` says of each why it has
    no line (null = it has), `totals` are the quarter totals of the lines.
    """
    laws = {
        "every posted event has at least one line": len(distinct_sorted(lines["event_row"]))
        == states.null_count(),
        "a line brings no more than its gross": _within_gross(lines),
        "a year cap holds": _year_caps_hold(lines, book),
        "an exclusive matter brings at most its highest gross": _tiers_hold(lines, events, book),
        "forfeited items come to 0": _forfeitures_hold(lines, book),
        "announcements come to the net of the ledger": totals["net"].sum() == lines["points"].sum(),
        "a cause stands just where something made a line so": _causes_stand(lines),
    }
    return [law for law, holds in laws.items() if not holds]


def _within_gross(lines: pl.DataFrame) -> bool:
    """Whether 0 <= points <= gross for awards, and points = gross or 0 below."""
    award = pl.col("points").is_between(0, pl.col("gross"))
    loss = (pl.col("points") == pl.col("gross")) | ((pl.col("points") == 0) & ~pl.col("in_play"))
    return _all_meet(lines, pl.when(pl.col("gross") >= 0).then(award).otherwise(loss))


def _year_caps_hold(lines: pl.DataFrame, book: RuleBook) -> bool:
    """Whether the points under a cap, reversals included, come to at most the cap."""
    slots = book.cap_slots[lines["rule"]]
    rows = rows_that(slots.is_not_null())
    capped = lines.select_seq("account", "rule", "points")[rows]
    groups, some = factorize(pack_keys([capped["account"], slots[rows]]))
    caps = book.of_rule("cap_points", capped["rule"][some])
    return bool((added(capped["points"], groups, len(some)) <= caps).all())


def _tiers_hold(lines: pl.DataFrame, events: pl.DataFrame, book: RuleBook) -> bool:
    """Whether an exclusive matter comes to at most the highest gross of its lines that play.

    Reversed lines cannot be among them: what can be forfeited is never exclusive (specification 2.3).
    """
    subset = lines.filter(book.exclusive[lines["rule"]] & lines["in_play"])
    subset = subset.with_columns_seq(
        group=book.of_rule("exclusive", subset["rule"]), matter=matters(subset, events, book)
    )
    sums = subset.group_by("household", "group", "matter").agg(pl.col("points").sum(), pl.col("gross").max())
    return sums.filter(pl.col("points") > pl.col("gross")).height == 0


def _forfeitures_hold(lines: pl.DataFrame, book: RuleBook) -> bool:
    """Whether the items that a year's incident names come to 0 in that account."""
    of_year = book.tables.forfeits.filter(pl.col("scope") == "year")
    if of_year.height == 0:
        return True
    of_year = of_year.select_seq(pl.col("trigger", "forfeited").cast(pl.UInt32))
    rules, every = lines["rule"], book.tables.items["rule"]
    triggering = every.is_in(of_year["trigger"].implode())[rules] & lines["in_play"]
    triggers = lines.select_seq("account", trigger="rule").filter(triggering).unique()
    named = triggers.join(of_year, on="trigger").select_seq("account", rule="forfeited").unique()
    forfeited = every.is_in(of_year["forfeited"].implode())[rules]
    touched = lines.select_seq("account", "rule", "points").filter(forfeited)
    sums = touched.join(named, on=["account", "rule"]).group_by("account", "rule").agg(pl.col("points").sum())
    return sums.filter(pl.col("points") != 0).height == 0


def _causes_stand(lines: pl.DataFrame) -> bool:
    """Whether a cause stands just where one must."""
    caused = pl.col("disposition").is_in(["duplicate", "topped_up", "superseded", "forfeited", "reversed"])
    return _all_meet(lines, caused == pl.col("cause").is_not_null())


def _all_meet(lines: pl.DataFrame, condition: pl.Expr) -> bool:
    """Whether all lines meet a condition, which none may leave open."""
    return bool(lines.select_seq(condition.all()).item())
