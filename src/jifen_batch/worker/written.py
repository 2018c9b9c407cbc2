"""What was written held against what was counted while scoring, before any of it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.errors import InvariantBrokenError
from jifen_batch.scheme.states import REJECTED, UNPOSTED_NAMES
from jifen_batch.tables import LEDGER, REJECTS, UNPOSTED

if TYPE_CHECKING:
    from collections.abc import Mapping


def check_rows(content: Mapping[str, Any]) -> None:
    """Hold the rows of the files, by their footers, against the counts of a manifest.

    Every row that was read has its place in one of these tables, or is counted as one that has none.
    Raises `InvariantBrokenError`.
    """
    accounts = content["accounting"]
    counted = {
        LEDGER.name: content["control_totals"]["lines"],
        REJECTS.name: accounts[REJECTED.name],
        UNPOSTED.name: sum(accounts[state] for state in UNPOSTED_NAMES),
    }
    for table, rows in counted.items():
        held = sum(file["rows"] for file in content["outputs"] if file["name"].startswith(f"{table}/"))
        if held != rows:
            raise InvariantBrokenError(
                f"{table}: {held:,} rows were written where {rows:,} were counted; nothing was published: "
                "report this",
                f"{table}：写入 {held:,} 行，应为 {rows:,} 行；没有发布任何结果；这是程序的错误，请报告",
            )
