"""Operator 6, forfeiture: an incident takes back what its items brought (specification 3.3.6).

若发生安全事故，则此项全年不得分. What was posted before the incident keeps its line and a second line
takes it back on the incident's day; what is posted from that day on brings nothing. With reach `before`
(积分归零) only what was posted on an earlier day is taken back, and what comes later stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import is_member, rows_that
from jifen_batch.kernels.cap_table import PERIOD_MONTHS
from jifen_batch.kernels.enrol import DISPOSITION

if TYPE_CHECKING:
    from jifen_batch.kernels.context import Context
    from jifen_batch.kernels.rulebook import RuleBook

SCOPE_KEYS = {"year": [], "quarter": ["quarter"], "month": ["month"], "matter": ["matter_id"]}


def forfeit_after_incidents(lines: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Lines with the forfeited ones at 0, and after them the reversals of those posted before the incident.

    Lines are in posting order, so the earliest trigger is the one that stands first. Reversals are out of
    play: nothing holds what takes an award back.
    """
    events, book = context.events, context.book
    triggers = book.triggering[lines["rule"]]
    triggers &= lines["in_play"]
    if not triggers.any():
        return lines
    forfeited = _earliest_triggers(lines, rows_that(triggers), events, book)
    rows, trigger = forfeited["row"], forfeited["trigger"]
    incident_on = lines["posted_on"][trigger]
    before = lines["posted_on"][rows] < incident_on
    late = ~before
    reversals = _reversals(lines, rows.filter(before), trigger.filter(before))
    put_out = rows.filter(late)
    lines = lines.with_columns_seq(
        lines["points"].scatter(put_out, 0),
        lines["disposition"].scatter(put_out, pl.Series(["forfeited"], dtype=DISPOSITION)),
        lines["cause"].scatter(put_out, lines["event_row"][trigger.filter(late)]),
        lines["cap_used"].scatter(put_out, None),
    )
    return pl.concat([lines, reversals], rechunk=True) if reversals.height else lines


def _earliest_triggers(
    lines: pl.DataFrame, triggers: pl.Series, events: pl.DataFrame, book: RuleBook
) -> pl.DataFrame:
    """`row` of each forfeited line and `trigger`, the row of the earliest incident that forfeits it."""
    incidents = _with_periods(lines, triggers, events, "trigger").rename({"row": "incident"})
    incidents = incidents.join(
        book.tables.forfeits.with_columns_seq(pl.col("trigger", "forfeited").cast(pl.UInt32)), on="trigger"
    )
    hit = is_member(lines["account"], incidents["account"])
    hit &= (lines["gross"] > 0) & lines["in_play"]
    hit &= book.forfeited[lines["rule"]]
    victims = _with_periods(lines, rows_that(hit), events, "forfeited")
    found = [victims.clear().select_seq("row", trigger="row")]
    for (scope, before), of_scope in incidents.group_by("scope", "before", maintain_order=True):
        keys = ["account", "forfeited", *SCOPE_KEYS[str(scope)]]
        found.append((_first_after if before else _first_of_all)(victims, of_scope, keys))
    return pl.concat(found).group_by("row").agg(pl.col("trigger").min()).sort("row")


def _with_periods(lines: pl.DataFrame, rows: pl.Series, events: pl.DataFrame, rule: str) -> pl.DataFrame:
    """What scopes are told by, of some rows of lines: `row`, the rule by that name, periods and matter."""
    some = lines.select_seq("account", "posted_on", "month", "event_row", pl.col("rule").alias(rule))[rows]
    return some.with_columns_seq(
        row=rows,
        quarter=(pl.col("month") - 1) // PERIOD_MONTHS["quarter"],
        matter_id=events["matter_id"][some["event_row"]],
    )


def _first_of_all(victims: pl.DataFrame, incidents: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The first incident that there is for each line, before or after it: `row` and `trigger`."""
    first = incidents.group_by(keys).agg(trigger=pl.col("incident").min())
    return victims.join(first, on=keys).select_seq("row", "trigger")


def _first_after(victims: pl.DataFrame, incidents: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The first incident posted on a later day than each line, if there is one: `row` and `trigger`."""
    first = incidents.group_by(*keys, "posted_on").agg(trigger=pl.col("incident").min())
    some = victims.join(incidents.select_seq(keys).unique(), on=keys, how="semi")
    found = some.sort("posted_on").join_asof(
        first.sort("posted_on"),
        on="posted_on",
        by=keys,
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    return found.select_seq("row", "trigger").drop_nulls()


def _reversals(lines: pl.DataFrame, rows: pl.Series, triggers: pl.Series) -> pl.DataFrame:
    """A second line for each award that had brought something: its negative, on the incident's day."""
    incident = lines.select_seq("posted_on", "quarter", "event_row")[triggers]
    return (
        lines[rows]
        .with_columns_seq(
            posted_on=incident["posted_on"],
            quarter=pl.max_horizontal("quarter", incident["quarter"]),
            gross=-pl.col("points"),
            points=-pl.col("points"),
            cap_used=pl.lit(None, dtype=pl.Int64),
            disposition=pl.lit("reversed", dtype=DISPOSITION),
            cause=incident["event_row"],
            in_play=pl.lit(value=False),
        )
        .filter(pl.col("points") != 0)
    )
