"""What rules say that may move points, a row per rule: for whoever holds two rule books against each other.

Beside the columns of the items, what stands in tables of its own: steps of points, and forfeitures from both
sides. `scheme.rule_fields` says which column belongs to which field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.scheme.rule_fields import moving_points

if TYPE_CHECKING:
    from jifen_batch.tables.rule_tables import RuleTables


def rule_facts(tables: RuleTables) -> pl.DataFrame:
    """One row per rule, in their order: `governed` (its book's id), `code`, `rule`, `clause`, what moves it.

    What is a list is a text that is equal just where the lists are; null where the list is empty.
    """
    facts = tables.items.join(tables.books.select("book", governed="id"), on="book", maintain_order="left")
    told = (
        _steps(tables),
        _forfeits(tables, "trigger", "forfeited", "forfeits"),
        _forfeits(tables, "forfeited", "trigger", "forfeited_by"),
    )
    for one in told:
        facts = facts.join(one, on="rule", how="left", maintain_order="left")
    return facts.select("governed", "code", "rule", "clause", *moving_points())


def _steps(tables: RuleTables) -> pl.DataFrame:
    """The points of each rule by date."""
    step = pl.format("{} {}", "from_date", "points").str.join("\n")
    return tables.points.sort("rule", "from_date").group_by("rule").agg(steps=step)


def _forfeits(tables: RuleTables, of: str, others: str, name: str) -> pl.DataFrame:
    """Codes and scope on the other side of each rule's forfeitures, as text."""
    codes = tables.items.select("code", pl.col("rule").alias(others))
    said = pl.format("{} {} {}", "code", "scope", "before").str.join("\n").alias(name)
    return (
        tables.forfeits.join(codes, on=others)
        .sort(of, "code", "scope")
        .group_by(pl.col(of).alias("rule"), maintain_order=True)
        .agg(said)
    )
