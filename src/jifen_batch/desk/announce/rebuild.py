"""A lost quarter made again from the inputs of its day, and proved to be the same (specification 4).

Later runs keep the digest of the manifest of every quarter that hung; that names all its files by theirs,
so what gives the same digest is the same to the last byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.analysis import notice_rows
from jifen_batch.desk.announce import decisions, page
from jifen_batch.desk.announce.context import AnnounceContext
from jifen_batch.desk.announce.summary import AnnouncementTotals
from jifen_batch.errors import DecisionNeededError, InputRefusedError, UsageRefusedError
from jifen_batch.published import announced, freeze, publish

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def rebuild(out: Path, quarter: str, scratch: Path | None) -> dict[str, Any]:
    """Make a lost quarter again and hang it up; its manifest.

    It is made of the run that it was announced from, where that is kept, else of the current run of another
    output folder, `scratch`, in which the inputs of its day were scored as of that day. Raises
    `UsageRefusedError` where no run knows the quarter or it hangs, `InputRefusedError` where there is no run
    to make it of, and `DecisionNeededError`, leaving nothing, where what comes out is not what hung.
    """
    publish.current(out)
    with publish.lock(out):
        known = _known(out, quarter)
        run = _run(out, scratch, quarter, known)
        content = publish.read_manifest(run)
        earlier = [one for one in announced.quarters(out) if one < quarter]
        on = AnnounceContext(out, run, content, quarter, earlier, announced.verified(out, earlier))
        totals = AnnouncementTotals(on, notice_rows.naming(on.books_before, on.books), 0)
        folder = freeze.begin(out, quarter)
        told, rows = page.written(on, totals, folder)
        told |= {decisions.ACCEPTED[name]: found for name, found in decisions.asked(on).items()}
        digest = freeze.seal(folder, rows, told)
        if digest != known["sha256"]:
            raise DecisionNeededError(
                f"--rebuild {quarter}: what the run {run.name} gives is not what hung (its manifest has the "
                f"digest {digest[:12]}…, later runs know {known['sha256'][:12]}…); nothing was put up: use "
                "the inputs, the rule books, the day and the program of then",
                f"--rebuild {quarter}：由运行 {run.name} 得出的与当时公告的不同（清单摘要 {digest[:12]}…，"
                f"以后的运行记下的是 {known['sha256'][:12]}…）；没有恢复：请用当时的输入、细则、截止日期"
                "和程序版本",
            )
        return publish.read_manifest(freeze.hang(out, folder, quarter))


def _known(out: Path, quarter: str) -> Mapping[str, Any]:
    """What the latest run that knows a lost quarter keeps of it."""
    if quarter in announced.quarters(out):
        raise UsageRefusedError(
            f"--rebuild {quarter}: is announced and there; nothing is to be made again",
            f"--rebuild {quarter}：该季公告还在，无需重新生成",
        )
    there = announced.known(out)
    for run in publish.published(out):
        for one in publish.read_manifest(run).get("announced", []):
            if one["quarter"] == quarter and one["sha256"] not in there:
                return dict(one)
    raise UsageRefusedError(
        f"--rebuild {quarter}: no kept run knows it as announced; announce it with --quarter",
        f"--rebuild {quarter}：没有一次保存的运行知道它公告过，请用 --quarter 公告",
    )


def _run(out: Path, scratch: Path | None, quarter: str, known: Mapping[str, Any]) -> Path:
    """The run to make it of."""
    run_id = str(known.get("run_id", ""))
    kept = publish.find_run(out, run_id) if publish.RUN_ID.fullmatch(run_id) else None
    if scratch is not None:
        return publish.current(scratch)
    if kept is not None:
        return kept.resolve()
    day = f" as of {known['as_of']}" if "as_of" in known else ""
    day_zh = f"（截止 {known['as_of']}）" if "as_of" in known else ""
    raise InputRefusedError(
        f"--rebuild {quarter}: the run {run_id or 'that it was announced from'} is not kept any more; run "
        f"the inputs of its day{day} into an empty output folder, and name that with --scratch",
        f"--rebuild {quarter}：当时的运行 {run_id} 已不保存；请用当时的输入{day_zh}在"
        "另一个空输出目录运行一次，再用 --scratch 指定该目录",
    )
