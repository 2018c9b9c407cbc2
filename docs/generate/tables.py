"""Tables and their columns, from `jifen_batch.tables`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from generate.page import in_language, meaning_of_column, put, put_table
from jifen_batch import tables as made
from jifen_batch.tables import announced, compared, impact, statement, wallets

if TYPE_CHECKING:
    from jifen_batch.tables.column import Table

KINDS = {
    pl.String: "text",
    pl.Int32: "int32",
    pl.Int64: "int64",
    pl.Date: "date",
    pl.Datetime: "timestamp[us]",
    pl.Boolean: "bool",
}
# Every table that is written to a file or read from one, under the name that pages use.
TABLES = {
    **{one.name: one for one in (made.EVENTS, made.HOUSEHOLDS, made.VILLAGES, *made.OUTPUTS)},
    **{one.name: one for one in (made.SUCCESSIONS, made.OBJECTIONS)},
    "redemptions": wallets.REDEMPTIONS,
    "prices": wallets.PRICES,
    "statement": statement.STATEMENT,
    "wallets": wallets.WALLETS,
    "mispriced": wallets.MISPRICED,
    "announced announcement": announced.ANNOUNCEMENT,
    "announced lines": announced.LINES,
    "announced corrections": announced.CORRECTIONS,
    "announced standings": announced.ANNOUNCED_STANDINGS,
    "impact": impact.IMPACT,
    "attributed": compared.ATTRIBUTED,
    "breaks": statement.JUDGED_BREAKS,
}
# Where a table begins with all columns of another, one row stands for them.
BEGINNINGS = ("events", "ledger", "standings", "households")


def table(name: str) -> None:
    """One table: column, type, whether null, and what it means."""
    one = TABLES[name]
    rows = []
    columns = list(one)
    beginning = _beginning(one)
    if beginning:
        columns = columns[len(beginning.names) :]
        first, last = beginning.names[0], beginning.names[-1]
        rows.append(
            [f"`{first}` … `{last}`", "", "", in_language(f"as in {beginning.name}", f"同 {beginning.name}")]
        )
    for column in columns:
        meaning = in_language(column.meaning, "") or meaning_of_column(name, column.name)
        kind = KINDS[type(column.dtype)]
        rows.append([f"`{column.name}`", kind, in_language("yes", "可") if column.nullable else "", meaning])
    put_table(in_language("column type null meaning", "列 类型 空 意思").split(), rows)
    if one.sort_keys:
        keys = ", ".join(f"`{key}`" for key in one.sort_keys)
        put(in_language(f"Sorted by {keys}.", f"按 {keys} 排序。"))


def tables() -> None:
    """A list of all tables with their number of columns."""
    rows = ([f"`{name}`", str(len(one.names))] for name, one in TABLES.items())
    put_table(in_language("table columns", "表 列数").split(), rows)


def _beginning(one: Table) -> Table | None:
    """The table with whose columns this one begins."""
    for name in BEGINNINGS:
        other = TABLES[name]
        if other is not one and one.names[: len(other.names)] == other.names:
            return other
    return None
