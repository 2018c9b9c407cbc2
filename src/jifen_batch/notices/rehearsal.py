"""What a dry run says: what the night would come to, what would refuse it, what of the board would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices import held_back, run_report, wallet, words
from jifen_batch.notices.grid import grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl
    from rich.console import RenderableType


def parts(
    outcome: str,
    refusals: Sequence[str],
    manifest: Mapping[str, Any],
    waiting: Mapping[str, Any] | None,
    hanging: pl.DataFrame,
) -> list[RenderableType]:
    """A headline and the sentences that would refuse the night, then the report that a run has.

    `outcome` where nothing refuses it; `waiting` are the rule books held back, where some are; `hanging` is
    what would change of the announced quarters (`ANNOUNCED_EFFECT`).
    """
    report: list[RenderableType] = [_headline(outcome, refusals, manifest), _problems(refusals)]
    if waiting:
        report += held_back.parts(waiting)
    report += [_hanging(hanging), run_report.accounting(manifest)]
    if manifest["rejects_by_reason"]:
        report.append(run_report.rejects(manifest))
    report.append(run_report.dispositions(manifest))
    if "wallets" in manifest:
        report += wallet.parts(manifest["wallets"])
    report.append(run_report.timings(manifest))
    return report


def _headline(outcome: str, refusals: Sequence[str], manifest: Mapping[str, Any]) -> Text:
    """That nothing was published, and what would be."""
    would = "不会发布 would be refused" if refusals else f"{words.OUTCOMES[outcome]} {outcome}"
    lines = (
        "试运行，没有发布任何内容 dry run, nothing was published",
        f"正式运行的结果 the night would be: {would}",
        f"run_id  {manifest['run_id']}",
        f"as_of   {manifest['as_of']} 截止日期",
        "",
    )
    return Text("\n".join(lines), overflow="ignore", no_wrap=True)


def _problems(refusals: Sequence[str]) -> Text:
    """Each sentence that would refuse it."""
    return Text("".join(f"* {words.printable(one)}\n" for one in refusals))


def _hanging(hanging: pl.DataFrame) -> RenderableType:
    """What the next announcement would have to correct, a row per announced quarter."""
    if hanging.is_empty():
        return Text("已公告的内容不变。nothing that hangs would change.\n")
    rows = [
        (words.quarter(quarter), households, added, removed, up, down)
        for quarter, added, removed, households, up, down in hanging.iter_rows()
    ]
    return grid(
        "已公告的内容将有的改动 what would change of what hangs",
        held_back.HEADERS,
        rows,
        note="由下一次公告更正 the next announcement corrects it",
    )
