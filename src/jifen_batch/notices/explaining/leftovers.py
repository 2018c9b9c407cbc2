"""What became of an event that has no line: pending, closed, superseded, not yet posted, or rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.notices.explaining.days import span
from jifen_batch.scheme.reject_details import english
from jifen_batch.scheme.states import UNPOSTED
from jifen_batch.scheme.word import by_name
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = Mapping[str, Any]

STATES = by_name(UNPOSTED)


def of_unposted(row: Row) -> Sentence:
    """Why no line stands for a row of `UNPOSTED` (`story.named`), and from when one will."""
    state = STATES[row["state"]]
    said = Sentence(f"{state.said.en}: {state.means_en}", state.zh_accounted)
    if row["state"] == "not_yet_posted":
        return Sentence(
            f"{said.en}; counts from {row['posts_on']} on", f"{said.zh}，自 {row['posts_on']} 起记分"
        )
    if row["state"] == "no_month_end":
        days = span(row["occurred_on"], row["until"])
        return Sentence(f"{said.en} ({days.en}), so it does not count", f"{said.zh}（{days.zh}），不计分")
    if row["state"] == "superseded":
        entered = f"{row['recorded_at']:%Y-%m-%d %H:%M}" if row["recorded_at"] else ""
        return Sentence(
            f"{said.en}{f' (this one was entered {entered})' if entered else ''}",
            f"{said.zh}{f'（本版录入于 {entered}）' if entered else ''}，以新版为准",
        )
    return said


def of_reject(row: Row) -> Sentence:
    """Why a row of `REJECTS` was sent back, and where it stands."""
    reason, detail = words.REJECT_REASONS[row["reason"]], row["detail"]
    place, number = row["source_file"], row["source_row"]
    return Sentence(
        f"rejected: {reason.en}. {english(detail) or detail} ({place}, row {number})",
        f"退回：{reason.zh}。{detail}（{place} 第 {number} 行）",
    )
