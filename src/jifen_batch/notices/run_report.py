"""What a run says of itself: where every row went, what was given and taken, where the time went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices import held_back, words
from jifen_batch.notices.grid import grid
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import RenderableType

MIB = 1 << 20
NO_NOTE = Sentence("", "")
ACCOUNTING_HEADERS = (Sentence("", "去向"), Sentence("term", "term"), Sentence("rows", "行数"))
REJECT_HEADERS = (Sentence("", "原因"), Sentence("reason", "reason"), Sentence("rows", "行数"))
DISPOSITION_HEADERS = (
    Sentence("", "处理"),
    Sentence("disposition", "disposition"),
    Sentence("lines", "笔数"),
    Sentence("points", "分数"),
)
TIMING_HEADERS = (Sentence("stage", "阶段"), Sentence("seconds", "秒"), Sentence("rows", "行数"))


def parts(
    outcome: str,
    folder: str,
    manifest: Mapping[str, Any],
    waiting: Mapping[str, Any] | None = None,
    language: str = "zh",
) -> list[RenderableType]:
    """The report of a run: a headline, then the tables of `manifest` that have something to say.

    `waiting` are the rule books held back, where some are.
    """
    report: list[RenderableType] = [headline(outcome, folder, manifest, language)]
    if waiting:
        report += held_back.parts(waiting)
    report.append(accounting(manifest, language))
    if manifest["rejects_by_reason"]:
        report.append(rejects(manifest, language))
    report.append(dispositions(manifest, language))
    report.append(timings(manifest, language))
    return report


def headline(outcome: str, folder: str, manifest: Mapping[str, Any], language: str) -> Text:
    """Outcome, run, as-of date and folder."""
    chinese = language == "zh"
    lines = (
        f"{outcome} {words.OUTCOMES.get(outcome, '')}" if chinese else outcome,
        f"run_id  {manifest['run_id']}",
        f"as_of   {manifest['as_of']}{' 截止日期' if chinese else ''}",
        f"folder  {words.printable(folder)}",
        "",
    )
    return Text("\n".join(lines), overflow="ignore", no_wrap=True)


def accounting(manifest: Mapping[str, Any], language: str = "zh") -> RenderableType:
    """Where every row read went (specification 3.4): the rows below the first add up to it."""
    counts = manifest["accounting"]
    rows = [(word, name, counts[name]) for name, word in words.ACCOUNTING.items() if name in counts]
    return _by_word(Sentence("Where the rows went", "行数去向"), ACCOUNTING_HEADERS, rows, language)


def rejects(manifest: Mapping[str, Any], language: str = "zh") -> RenderableType:
    """Rejected rows by reason, most first."""
    counted = sorted(manifest["rejects_by_reason"].items(), key=lambda reason: (-reason[1], reason[0]))
    rows = [(words.REJECT_REASONS.get(reason, reason), reason, count) for reason, count in counted]
    note = Sentence("row by row: worklist, and column detail of rejects/", "逐行说明见 rejects/ 的 detail 列")
    return _by_word(Sentence("Why rows were rejected", "退回原因"), REJECT_HEADERS, rows, language, note)


def dispositions(manifest: Mapping[str, Any], language: str = "zh") -> RenderableType:
    """Lines and points by what became of them, and their sums."""
    totals = manifest["control_totals"]["dispositions"]
    rows: list[tuple[object, ...]] = [
        (word, name, totals[name]["lines"], totals[name]["points"])
        for name, word in words.DISPOSITIONS.items()
        if name in totals
    ]
    lines = sum(total["lines"] for total in totals.values())
    points = sum(total["points"] for total in totals.values())
    total = ("合计", "" if language == "zh" else "total", lines, points)
    return _by_word(Sentence("The ledger", "台账记分"), DISPOSITION_HEADERS, [*rows, total], language)


def timings(manifest: Mapping[str, Any], language: str = "zh") -> RenderableType:
    """Seconds and rows by stage, and the most memory held."""
    rows = [(stage["stage"], stage["seconds"], stage.get("rows")) for stage in manifest["timings"]]
    peak = manifest["peak_memory_bytes"] / MIB
    headers = [header.here(language) for header in TIMING_HEADERS]
    note = Sentence(f"peak of memory {peak:,.0f} MiB", f"内存峰值 {peak:,.0f} MiB")
    return grid(
        Sentence("Time by stage", "各阶段用时").here(language), headers, rows, note=note.here(language)
    )


def _by_word(
    title: Sentence,
    headers: Sequence[Sentence],
    rows: Sequence[tuple[object, ...]],
    language: str,
    note: Sentence = NO_NOTE,
) -> RenderableType:
    """A table by words of the scheme: rows begin with a word's Chinese, which English readers need not."""
    first = 0 if language == "zh" else 1
    said = [header.here(language) for header in headers[first:]]
    return grid(title.here(language), said, [row[first:] for row in rows], note=note.here(language))
