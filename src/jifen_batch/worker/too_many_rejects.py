"""More rows rejected than a run may have: what they are, where they lie, and what to do about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.errors import TooManyRejectsError
from jifen_batch.notices import words
from jifen_batch.published import runs
from jifen_batch.sentence import Sentence
from jifen_batch.tables import REJECTS
from jifen_batch.worker import reject_causes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.options import RunOptions

NAMED_AT_MOST = 3
BY = {"reasons": "reason", "items": "item", "files": "source_file"}
# What has not the form of a code may be anything that somebody typed into the column, and is not named.
CODE = r"^[a-z][a-z0-9]{0,30}([._-][a-z0-9]{1,30}){0,5}$"
NO_CODE = "no code"
NO_CODE_ZH = "不像代码的文字"


def refusal(
    draft: DraftRun, options: RunOptions, held_back: Mapping[str, Any] | None, kept: Path | None
) -> TooManyRejectsError | None:
    """What to raise where too many rows of a draft were rejected; null where not, or where it is published.

    The most frequent reasons, items and files are named. Where edited rule books that are `held_back` would
    take some of the rows, that is said first. `kept` is where the rejects will lie (`refused.keep`), null =
    nowhere.
    """
    accounts = draft.content["accounting"]
    rejected, rows = accounts["rejected"], accounts["rows"]
    if draft.published or rejected <= options.max_reject_rate * rows:
        return None
    most = _most_frequent(draft)
    waiting = held_back if held_back and held_back["rejects"] < rejected else None
    english = ", ".join(f"{name} {counts}" for name, counts in _listed(most, chinese=False))
    chinese = "，".join(f"{name} {counts}" for name, counts in _listed(most, chinese=True))
    share = f"{options.max_reject_rate:.1%}"
    causes = reject_causes.found(draft, most["reasons"])
    remedy = _remedy(waiting, rejected, causes.remedy)
    place, place_zh = (
        "--worklists FOLDER makes a workbook a village",
        "加 --worklists FOLDER 可给每村一个工作簿",
    )
    if kept:
        listing = f"jifen-batch worklist --out {options.out} --run {draft.run_id}"
        place = (
            f"each row stands in {kept} with its sentence ({listing} --to FOLDER makes a workbook a village)"
        )
        place_zh = f"逐行说明在 {kept}（{listing} --to 文件夹 可给每村一个工作簿）"
    return TooManyRejectsError(
        f"--events: {rejected:,} of {rows:,} rows are rejected, more than {share} (most frequent {english}); "
        f"nothing was published, {place}: {remedy.en}",
        f"--events：{rows:,} 行中有 {rejected:,} 行被退回，超过 {share}（最多的{chinese}）；没有发布任何"
        f"结果，{place_zh}：{remedy.zh}",
        run_id=draft.run_id,
        as_of=options.day.isoformat(),
        rows=rows,
        rejects=rejected,
        most_frequent=most,
        empty_cells=causes.empty,
        respelt=[one.as_data() for one in causes.respelt],
        rejects_folder=str(kept) if kept else None,
        accept_rules=waiting["accept_rules"] if waiting else None,
    )


def _most_frequent(draft: DraftRun) -> dict[str, dict[str, int]]:
    """How many rejects the most frequent reasons, items and files have, the most first."""
    of_code = pl.col("item").str.contains(CODE)
    item = pl.when(of_code).then("item").when(pl.col("item").is_not_null()).then(pl.lit(NO_CODE))
    rejects = runs.scan(draft.folder, REJECTS).with_columns(item.alias("item"))
    found = {}
    for name, column in BY.items():
        counted = rejects.drop_nulls(column).group_by(column).agg(rows=pl.len().cast(pl.Int64))
        most = counted.sort(-pl.col("rows"), column).head(NAMED_AT_MOST).collect()
        found[name] = dict(most.iter_rows())
    return found


def _listed(most: Mapping[str, Mapping[str, int]], *, chinese: bool) -> list[tuple[str, str]]:
    """The most frequent of each kind, as text: its name, and values with their counts."""
    names = {"reasons": "原因", "items": "事项", "files": "文件"} if chinese else {name: name for name in BY}
    listed = []
    for name, counts in most.items():
        shown = {_chinese(one) if chinese else one: rows for one, rows in counts.items()}
        values = ", ".join(f"{words.printable(one)}: {rows:,}" for one, rows in shown.items())
        listed.append((names[name], f"[{values}]"))
    return listed


def _chinese(value: str) -> str:
    """A reason, or what stands for no code, in Chinese; items and files are named alike."""
    if value == NO_CODE:
        return NO_CODE_ZH
    return words.REJECT_REASONS[value].zh if value in words.REJECT_REASONS else value


def _remedy(waiting: Mapping[str, Any] | None, rejected: int, feed: Sentence) -> Sentence:
    """What to do about it: the edit that waits first, and no word of the limit before the feed."""
    if waiting is None:
        return Sentence(
            f"{feed.en}; only where all of them are known to be wrong, raise --max-reject-rate",
            f"{feed.zh}；确知全部有误时，才放宽 --max-reject-rate",
        )
    edit = of_edit(waiting, rejected)
    return Sentence(f"{edit.en}; and {feed.en}", f"{edit.zh}；其余的，{feed.zh}")


def of_edit(waiting: Mapping[str, Any], rejected: int) -> Sentence:
    """Which of the rejected rows the edited rule books that are held back would take, and how to decide."""
    books, taken = waiting["books"], rejected - waiting["rejects"]
    return Sentence(
        f"{taken:,} of them are taken by the edit of {', '.join(books)} that is held back: see what it "
        f"changes with what-if and accept it with --accept-rules {waiting['accept_rules']}, or undo it",
        f"其中 {taken:,} 行在暂缓执行的细则修改（{'、'.join(books)}）中是有的：先用 what-if 查看影响，"
        f"再用 --accept-rules {waiting['accept_rules']} 接受，或撤销修改",
    )
