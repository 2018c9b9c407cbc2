"""What became of an event that has no line: pending, closed, superseded, not yet posted, or rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.notices.explaining.days import span

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = Mapping[str, Any]


def of_unposted(row: Row) -> str:
    """Why no line stands for a row of `UNPOSTED` (`story.named`), and from when one will."""
    said = words.ACCOUNTING[row["state"]]
    if row["state"] == "not_yet_posted":
        return f"{said}，自 {row['posts_on']} 起记分"
    if row["state"] == "no_month_end":
        return f"{said}（{span(row['occurred_on'], row['until'])}），不计分"
    if row["state"] == "superseded":
        entered = f"（本版录入于 {row['recorded_at']:%Y-%m-%d %H:%M}）" if row["recorded_at"] else ""
        return f"{said}{entered}，以新版为准"
    return said


def of_reject(row: Row) -> str:
    """Why a row of `REJECTS` was sent back, and where it stands."""
    reason = words.REJECT_REASONS[row["reason"]]
    return f"退回：{reason}。{row['detail']}（{row['source_file']} 第 {row['source_row']} 行）"
