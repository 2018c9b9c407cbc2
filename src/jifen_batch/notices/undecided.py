"""What asks for a decision before a quarter is announced, as `announce` says it, and where notices lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.notices.grid import NOTHING, Grid, Lines
from jifen_batch.notices.words import printable
from jifen_batch.scheme.word import in_words
from jifen_batch.sentence import AND, Sentence, alike, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jifen_batch.notices.grid import Part

FIGURES = ("announced", "now", "difference")
HOUSEHOLD, YEAR, CATEGORY = map(words.column, ("household_id", "scoring_year", "category"))
EVENT = Sentence("event", "事项编号")
QUARTER, LINES_WORD, POINTS = (
    Sentence("quarter", "季度"),
    Sentence("lines", "笔数"),
    Sentence("points", "分数"),
)
ADDED, REMOVED = Sentence("lines added", "增加笔数"), Sentence("lines removed", "减少笔数")
REASON, DIFFERENCE = Sentence("reason", "原因"), Sentence("difference", "差额")


def parts(figures: Mapping[str, Any]) -> Iterator[Part]:
    """What asks for a decision: announced events that are rejected, or a quarter that would be another."""
    if skipped := figures.get("passed_over"):
        yield Grid(
            Sentence(
                "Not announced yet: announce these first, or use --with-earlier",
                "以前有记分的季度没有公告过，请先依次公告，或用 --with-earlier 连同本季一起公告（分季列出）",
            ),
            [QUARTER, LINES_WORD, POINTS],
            [(words.quarter(one["quarter"]), one["lines"], one["points"]) for one in skipped["quarters"]],
        )
    if rejected := figures.get("rejected"):
        yield _rejected(rejected)
    if disputed := figures.get("disputed"):
        yield _disputed(disputed)
    if differs := figures.get("differs"):
        yield from _differs(words.quarter(figures["quarter"]), differs)
    yield from printed(figures.get("notices"))


def _rejected(found: Mapping[str, Any]) -> Part:
    """Announced events that are rejected now."""
    rows = [
        (
            one["village_id"],
            one["household_id"],
            one["event_id"],
            joined(
                (words.REJECT_REASONS.get(reason, in_words(reason, reason)) for reason in one["reasons"]),
                AND,
            ),
            one["points"],
        )
        for one in found["named"]
    ]
    count = f"{found['events']:,}"
    return Grid(
        Sentence(
            "Announced events that are rejected now: correct them, or use --accept-rejects",
            "已公告的事项现被退回，请先更正，或用 --accept-rejects 收回其积分",
        ),
        [
            *(words.VILLAGE, HOUSEHOLD, EVENT),
            Sentence("why rejected", "退回原因"),
            Sentence("announced points", "已公告分数"),
        ],
        rows,
        note=Sentence(f"{count} event(s) in all", f"共 {count} 件"),
    )


def _disputed(found: Mapping[str, Any]) -> Part:
    """Open objections to what would be announced."""
    names = ("objection_id", "household_id", "event_id", "raised_on")
    count, of, points = f"{found['objections']:,}", f"{found['lines']:,}", f"{found['points']:+,}"
    return Grid(
        Sentence(
            "Under review: settle these objections, or use --accept-open",
            "复核中：本季要公告的积分有异议尚未了结，请先了结，或用 --accept-open 照样公告",
        ),
        [Sentence("objection", "异议编号"), HOUSEHOLD, EVENT, Sentence("raised on", "提出日期")],
        [[one[name] for name in names] for one in found["named"]],
        note=Sentence(
            f"{count} objection(s), {of} line(s), {points} points", f"共 {count} 件，{of} 笔 {points} 分"
        ),
    )


def _differs(quarter: Sentence, found: Mapping[str, Any]) -> Iterator[Part]:
    """An announced quarter that would be another now: how much, and whose."""
    yield Grid(
        Sentence(
            f"{quarter.en} is announced, and would be another now (it stays as it hangs; later announcements "
            "adjust the difference)",
            f"{quarter.zh}已公告，现算与之不同（公告保持不变，差额由以后各季的公告调整）",
        ),
        [Sentence("households", "涉及户数"), ADDED, REMOVED, POINTS],
        [tuple(found[name] for name in ("households", "lines_added", "lines_removed", "points"))],
    )
    rows = [
        (
            one["village_id"],
            one["household_id"],
            str(one["scoring_year"]),
            one["category"],
            *(one[figure] for figure in FIGURES),
        )
        for one in found["rows"]
    ]
    figures = (Sentence("announced", "已公告"), Sentence("now", "现算"), DIFFERENCE)
    count = f"{found['accounts']:,}"
    note = Sentence(f"{count} in all", f"共 {count} 项")
    yield Grid(NOTHING, [words.VILLAGE, HOUSEHOLD, YEAR, CATEGORY, *figures], rows, note=note)


def printed(notices: Mapping[str, Any] | None) -> Iterator[Part]:
    """Where the printed notices are, and how many; nothing where none were wanted."""
    if notices:
        folder, villages = printable(notices["folder"]), f"{notices['villages']:,}"
        unnamed = f"{notices['unnamed']:,}" if notices["unnamed"] else ""
        said = Sentence(
            f"notices of {villages} village(s)"
            f"{f', {unnamed} household(s) without a householder' if unnamed else ''}",
            f"{villages} 个村的公告已写好{f'，其中 {unnamed} 户没有户主姓名' if unnamed else ''}",
        )
        yield Lines(joined([f"notices  {folder}", said], alike("  ")), folded=False)
