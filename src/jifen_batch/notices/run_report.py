"""What a run says of itself: where every row went, what was given and taken, where the time went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import held_back, words
from jifen_batch.notices.grid import Grid, Lines
from jifen_batch.sentence import Sentence, alike, joined, lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen_batch.notices.grid import Part

MIB = 1 << 20
# English readers need no words beside the names.
ACCOUNTING_HEADERS = (Sentence("", "去向"), "term", Sentence("rows", "行数"))
REJECT_HEADERS = (Sentence("", "原因"), "reason", Sentence("rows", "行数"))
DISPOSITION_HEADERS = (
    Sentence("", "处理"),
    "disposition",
    Sentence("lines", "笔数"),
    Sentence("points", "分数"),
)
TIMING_HEADERS = (Sentence("stage", "阶段"), Sentence("seconds", "秒"), Sentence("rows", "行数"))


def parts(
    outcome: str, folder: str, manifest: Mapping[str, Any], waiting: Mapping[str, Any] | None = None
) -> list[Part]:
    """The report of a run: a headline, then the tables of `manifest` that have something to say.

    `waiting` are the rule books held back, where some are.
    """
    report = [headline(outcome, folder, manifest)]
    if waiting:
        report += held_back.parts(waiting)
    report.append(accounting(manifest))
    if manifest["rejects_by_reason"]:
        report.append(rejects(manifest))
    report.append(dispositions(manifest))
    report.append(timings(manifest))
    return report


def headline(outcome: str, folder: str, manifest: Mapping[str, Any]) -> Part:
    """Outcome, run, as-of date and folder."""
    said = words.OUTCOMES[outcome].zh if outcome in words.OUTCOMES else ""
    told = (
        Sentence(outcome, f"{outcome} {said}"),
        f"run_id  {manifest['run_id']}",
        as_of(manifest),
        f"folder  {words.printable(folder)}",
        "",
    )
    return Lines(lines(told), folded=False)


def as_of(content: Mapping[str, Any]) -> Sentence:
    """The as-of date of a run or a quarter, on a line of its own."""
    return Sentence(f"as_of   {content['as_of']}", f"as_of   {content['as_of']} 截止日期")


def accounting(manifest: Mapping[str, Any]) -> Part:
    """Where every row read went (specification 3.4): the rows below the first add up to it."""
    counts = manifest["accounting"]
    rows = [(word, name, counts[name]) for name, word in words.ACCOUNTING.items() if name in counts]
    return Grid(Sentence("Where the rows went", "行数去向"), ACCOUNTING_HEADERS, rows)


def rejects(manifest: Mapping[str, Any]) -> Part:
    """Rejected rows by reason, most first."""
    counted = sorted(manifest["rejects_by_reason"].items(), key=lambda reason: (-reason[1], reason[0]))
    rows = [(words.REJECT_REASONS.get(reason, reason), reason, count) for reason, count in counted]
    note = Sentence("row by row: worklist, and column detail of rejects/", "逐行说明见 rejects/ 的 detail 列")
    return Grid(Sentence("Why rows were rejected", "退回原因"), REJECT_HEADERS, rows, note=note)


def dispositions(manifest: Mapping[str, Any]) -> Part:
    """Lines and points by what became of them, and their sums."""
    totals = manifest["control_totals"]["dispositions"]
    rows: list[tuple[object, ...]] = [
        (word, name, totals[name]["lines"], totals[name]["points"])
        for name, word in words.DISPOSITIONS.items()
        if name in totals
    ]
    lines_in_all = sum(total["lines"] for total in totals.values())
    points = sum(total["points"] for total in totals.values())
    rows.append((Sentence("", "合计"), Sentence("total", ""), lines_in_all, points))
    return Grid(Sentence("The ledger", "台账记分"), DISPOSITION_HEADERS, rows)


def timings(manifest: Mapping[str, Any]) -> Part:
    """Seconds and rows by stage, and the most memory held."""
    rows = [(stage["stage"], stage["seconds"], stage.get("rows")) for stage in manifest["timings"]]
    peak = f"{manifest['peak_memory_bytes'] / MIB:,.0f} MiB"
    note = joined([Sentence("peak of memory", "内存峰值"), peak], alike(" "))
    return Grid(Sentence("Time by stage", "各阶段用时"), TIMING_HEADERS, rows, note=note)
