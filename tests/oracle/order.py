"""How rows are sorted: strings as UTF-8 bytes, nulls first, and never by what was read first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jifen_batch.tables import Table


def rank(value: Any) -> tuple[bool, Any]:
    """Place of a cell among the cells of its column."""
    return (value is not None, value.encode() if isinstance(value, str) else value)


def in_order(table: Table, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows by the table's sort keys; the other columns settle what these leave open."""
    keys = [*table.sort_keys, *(name for name in table.names if name not in table.sort_keys)]
    return sorted(rows, key=lambda row: [rank(row.get(name)) for name in keys])
