"""What a run says of itself: where every row went, what was given and taken, where the time went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices import held_back, words
from jifen_batch.notices.grid import grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

MIB = 1 << 20


def parts(
    outcome: str, folder: str, manifest: Mapping[str, Any], waiting: Mapping[str, Any] | None = None
) -> list[RenderableType]:
    """The report of a run: a headline, then the tables of `manifest` that have something to say.

    `waiting` are the rule books held back, where some are.
    """
    report: list[RenderableType] = [headline(outcome, folder, manifest)]
    if waiting:
        report += held_back.parts(waiting)
    report.append(accounting(manifest))
    if manifest["rejects_by_reason"]:
        report.append(rejects(manifest))
    report.append(dispositions(manifest))
    report.append(timings(manifest))
    return report


def headline(outcome: str, folder: str, manifest: Mapping[str, Any]) -> Text:
    """Outcome, run, as-of date and folder."""
    lines = (
        f"{outcome} {words.OUTCOMES.get(outcome, '')}",
        f"run_id  {manifest['run_id']}",
        f"as_of   {manifest['as_of']} 截止日期",
        f"folder  {words.printable(folder)}",
        "",
    )
    return Text("\n".join(lines), overflow="ignore", no_wrap=True)


def accounting(manifest: Mapping[str, Any]) -> RenderableType:
    """Where every row read went (specification 3.4): the rows below the first add up to it."""
    counts = manifest["accounting"]
    rows = [(words.ACCOUNTING[name], name, counts[name]) for name in words.ACCOUNTING if name in counts]
    return grid("行数去向", ["去向", "term", "行数"], rows)


def rejects(manifest: Mapping[str, Any]) -> RenderableType:
    """Rejected rows by reason, most first."""
    counted = sorted(manifest["rejects_by_reason"].items(), key=lambda reason: (-reason[1], reason[0]))
    rows = [(words.REJECT_REASONS.get(reason, reason), reason, count) for reason, count in counted]
    return grid("退回原因", ["原因", "reason", "行数"], rows, note="逐行说明见 rejects/ 的 detail 列")


def dispositions(manifest: Mapping[str, Any]) -> RenderableType:
    """Lines and points by what became of them, and their sums."""
    totals = manifest["control_totals"]["dispositions"]
    rows: list[tuple[object, ...]] = [
        (word, name, totals[name]["lines"], totals[name]["points"])
        for name, word in words.DISPOSITIONS.items()
        if name in totals
    ]
    lines = sum(total["lines"] for total in totals.values())
    points = sum(total["points"] for total in totals.values())
    return grid("台账记分", ["处理", "disposition", "笔数", "分数"], [*rows, ("合计", "", lines, points)])


def timings(manifest: Mapping[str, Any]) -> RenderableType:
    """Seconds and rows by stage, and the most memory held."""
    rows = [(stage["stage"], stage["seconds"], stage.get("rows")) for stage in manifest["timings"]]
    peak = manifest["peak_memory_bytes"] / MIB
    return grid("各阶段用时", ["阶段", "秒", "行数"], rows, note=f"内存峰值 {peak:,.0f} MiB")
