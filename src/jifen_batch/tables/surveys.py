"""Surveys of villagers for the yearly assessment (知晓度、满意度), which no points can tell."""

from __future__ import annotations

from jifen_batch.tables.column import INT, TEXT, YEAR, Column, Table

SURVEYS = Table(
    "surveys",
    (
        Column("village_id", TEXT, "the village that was asked"),
        YEAR,
        Column("asked", INT, "how many villagers were asked"),
        Column("aware", INT, "how many of them know of the points (知晓)"),
        Column("satisfied", INT, "how many of them are satisfied (满意)"),
    ),
    sort_keys=("village_id", "scoring_year"),
)
