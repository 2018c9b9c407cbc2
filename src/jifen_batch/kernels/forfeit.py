"""Operator 6, forfeiture: an incident takes back what its items brought (specification 3.3.6).

若发生安全事故，则此项全年不得分. What was posted before the incident keeps its line and a second line
takes it back on the incident's day; what is posted from that day on brings nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.columns.groups import is_member, rows_that
from jifen_batch.kernels.enrol import DISPOSITION

if TYPE_CHECKING:
    from jifen_batch.kernels.context import Context
    from jifen_batch.kernels.rulebook import RuleBook

SCOPE_KEYS = {"year": [], "month": ["month"], "matter": ["matter_id"]}


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
    incidents = lines.select_seq("account", "month", "event_row", trigger="rule")[triggers].with_columns_seq(
        incident=triggers
    )
    incidents = incidents.with_columns_seq(matter_id=events["matter_id"][incidents["event_row"]]).join(
        book.tables.forfeits.with_columns_seq(pl.col("trigger", "forfeited").cast(pl.UInt32)), on="trigger"
    )
    hit = is_member(lines["account"], incidents["account"])
    hit &= (lines["gross"] > 0) & lines["in_play"]
    hit &= book.forfeited[lines["rule"]]
    rows = rows_that(hit)
    victims = lines.select_seq("account", "month", "event_row", forfeited="rule")[rows].with_columns_seq(
        row=rows
    )
    victims = victims.with_columns_seq(matter_id=events["matter_id"][victims["event_row"]])
    found = []
    for scope, scope_keys in SCOPE_KEYS.items():
        keys = ["account", "forfeited", *scope_keys]
        first = (
            incidents.filter(pl.col("scope") == scope).group_by(keys).agg(trigger=pl.col("incident").min())
        )
        found.append(victims.join(first, on=keys).select_seq("row", "trigger"))
    return pl.concat(found).group_by("row").agg(pl.col("trigger").min()).sort("row")


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
