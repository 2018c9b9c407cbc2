"""Edited rule books that wait to be accepted: which, what they would change, and how to let them through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices.grid import grid
from jifen_batch.notices.words import printable, quarter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

MAX_EDITS = 20
HEADERS = ("季度", "涉及户数", "增加笔数", "减少笔数", "分数增加", "分数减少")
CHANGES = "修改会改变已公告的季度："
EARLY = "截止日期早于最近一次公告，看不出修改对已公告季度的影响。\n"


def parts(held_back: Mapping[str, Any]) -> list[RenderableType]:
    """A headline, every edit, the announced quarters that would change, and what to type."""
    books = "、".join(printable(book) for book in held_back["books"])
    edits = [f"  {printable(edit)}" for edit in held_back["edits"][:MAX_EDITS]]
    left = len(held_back["edits"]) - len(edits)
    edits += [f"  另有 {left:,} 处，见 what-if"] if left > 0 else []
    rows = [
        (
            quarter(one["quarter"]),
            one["households"],
            one["lines_added"],
            one["lines_removed"],
            one["points_up"],
            one["points_down"],
        )
        for one in held_back["quarters"]
    ]
    return [
        Text("\n".join([f"细则修改暂缓执行：{books}", *edits, ""])),
        Text(f"本次仍按上次接受的细则记分，因为{CHANGES if rows else EARLY}"),
        *([grid("", HEADERS, rows)] if rows else []),
        Text(f"先用 what-if 查看影响；确认后执行 run --accept-rules {held_back['accept_rules']}\n"),
    ]
