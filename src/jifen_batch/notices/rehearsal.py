"""What a dry run says: what the night would come to, what would refuse it, what of the board would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import held_back, run_report, wallet, words
from jifen_batch.notices.grid import Grid, Lines
from jifen_batch.sentence import Sentence, alike, joined, lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from jifen_batch.notices.grid import Part


def parts(
    outcome: str,
    refusals: Sequence[Sentence],
    manifest: Mapping[str, Any],
    waiting: Mapping[str, Any] | None,
    hanging: pl.DataFrame,
) -> list[Part]:
    """A headline and the sentences that would refuse the night, then the report that a run has.

    `outcome` where nothing refuses it; `waiting` are the rule books held back, where some are; `hanging` is
    what would change of the announced quarters (`ANNOUNCED_EFFECT`).
    """
    report = [_headline(outcome, refusals, manifest), _problems(refusals)]
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


def _headline(outcome: str, refusals: Sequence[Sentence], manifest: Mapping[str, Any]) -> Part:
    """That nothing was published, and what would be."""
    would = Sentence(outcome, f"{words.OUTCOMES[outcome].zh} {outcome}")
    if refusals:
        would = Sentence("would be refused", "不会发布 would be refused")
    told = (
        Sentence("dry run, nothing was published", "试运行，没有发布任何内容 dry run, nothing was published"),
        joined([Sentence("the night would be:", "正式运行的结果 the night would be:"), would], alike(" ")),
        f"run_id  {manifest['run_id']}",
        run_report.as_of(manifest),
        "",
    )
    return Lines(lines(told), folded=False)


def _problems(refusals: Sequence[Sentence]) -> Part:
    """Each sentence that would refuse it."""
    said = [Sentence(*(f"* {words.printable(text)}" for text in one)) for one in refusals]
    return Lines(lines([*said, ""]) if said else alike(""))


def _hanging(hanging: pl.DataFrame) -> Part:
    """What the next announcement would have to correct, a row per announced quarter."""
    if hanging.is_empty():
        return Lines(
            Sentence(
                "nothing that hangs would change\n", "已公告的内容不变。nothing that hangs would change.\n"
            )
        )
    return Grid(
        Sentence("What would change of what hangs", "已公告的内容将有的改动 what would change of what hangs"),
        held_back.HEADERS,
        held_back.rows(hanging.to_dicts()),
        note=Sentence(
            "the next announcement corrects it", "由下一次公告更正 the next announcement corrects it"
        ),
    )
