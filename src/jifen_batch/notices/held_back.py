"""Edited rule books that wait to be accepted: which, what they would change, and how to let them through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices.grid import NOTHING, Grid, Lines
from jifen_batch.notices.words import printable, quarter
from jifen_batch.sentence import AND, THEN, Sentence, alike, joined, lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jifen_batch.notices.grid import Part

MAX_EDITS = 20
POINTS_UP, POINTS_DOWN = Sentence("points up", "分数增加"), Sentence("points down", "分数减少")
HEADERS = (
    Sentence("quarter", "季度"),
    Sentence("households", "涉及户数"),
    Sentence("lines added", "增加笔数"),
    Sentence("lines removed", "减少笔数"),
    POINTS_UP,
    POINTS_DOWN,
)
FIGURES = ("households", "lines_added", "lines_removed", "points_up", "points_down")
CHANGES = Sentence("the edit would change announced quarters:", "修改会改变已公告的季度：")
EARLY = Sentence(
    "the as-of date lies before the last announcement, and what an edit does to announced quarters cannot be "
    "seen.\n",
    "截止日期早于最近一次公告，看不出修改对已公告季度的影响。\n",
)


def rows(quarters: Sequence[Mapping[str, Any]]) -> list[tuple[object, ...]]:
    """Announced quarters that would change, as the rows below `HEADERS`."""
    return [(quarter(one["quarter"]), *(one[name] for name in FIGURES)) for one in quarters]


def parts(held_back: Mapping[str, Any]) -> list[Part]:
    """A headline, every edit, the announced quarters that would change, and what to type."""
    books = joined(map(printable, held_back["books"]), AND)
    heading = Sentence(f"An edit of the rule books is held back: {books.en}", f"细则修改暂缓执行：{books.zh}")
    quarters = rows(held_back["quarters"])
    because, accepting = CHANGES if quarters else EARLY, f"run --accept-rules {held_back['accept_rules']}"
    return [
        Lines(lines([heading, *edits(held_back, MAX_EDITS), ""])),
        Lines(
            Sentence(
                f"This run still scores by the books accepted last, because {because.en}",
                f"本次仍按上次接受的细则记分，因为{because.zh}",
            )
        ),
        *([Grid(NOTHING, HEADERS, quarters)] if quarters else []),
        Lines(
            Sentence(
                f"See its effect with what-if; accept it with {accepting}\n",
                f"先用 what-if 查看影响；确认后执行 {accepting}\n",
            )
        ),
    ]


def in_one(held_back: Mapping[str, Any]) -> Sentence:
    """All of it in one sentence, for the log."""
    books = joined(map(printable, held_back["books"]), AND)
    accepting = f"run --accept-rules {held_back['accept_rules']}"
    changed = joined(map(_changed, held_back["quarters"]), THEN)
    because = joined([CHANGES, changed], alike(" ")) if held_back["quarters"] else EARLY
    return Sentence(
        f"published, scored by the books accepted last, for an edit of {books.en} is held back: "
        f"{because.en.strip()}; see its effect with what-if, accept it with {accepting}",
        f"已按上次接受的细则记分并发布，{books.zh} 的修改暂缓执行：{because.zh.strip()}；"
        f"请先用 what-if 查看影响，确认后执行 {accepting}",
    )


def _changed(one: Mapping[str, Any]) -> Sentence:
    """What an announced quarter would change by."""
    name, households, up, down = (one[key] for key in ("quarter", "households", "points_up", "points_down"))
    return Sentence(
        f"{name} ({households:,} household(s), {up:+,} and {down:+,} points)",
        f"{name}（{households:,} 户，{up:+,} 分和 {down:+,} 分）",
    )


def edits(told: Mapping[str, Any], most: int | None = None) -> list[Sentence]:
    """The edits of a document, indented, in both languages; one of an older version has them in Chinese."""
    chinese = told["edits"]
    both = [
        joined(["", Sentence(printable(en), printable(zh))], alike("  "))
        for en, zh in zip(told.get("edits_en", chinese), chinese, strict=True)
    ]
    left = len(both) - len(both[:most])
    more = Sentence(f"  {left:,} more: see what-if", f"  另有 {left:,} 处，见 what-if")
    return [*both[:most], *([more] if left else [])]
