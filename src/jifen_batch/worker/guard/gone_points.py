"""Points that the run before gave and a draft does not: told, though nothing of them hangs yet.

The ledger only grows: what was awarded is taken back by lines of its own, so the sum of awards falls only
where rows, register or rules of the past are others now. Until a quarter hangs that is nobody's quarrel,
and no reason to refuse a night; but an edit that wipes out a village should not wait for the notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.takeback import CELL, too_much
from jifen_batch.inputs.remark import InputRemark
from jifen_batch.published import runs
from jifen_batch.sentence import Sentence
from jifen_batch.tables import BALANCES
from jifen_batch.worker.guard.sentence import cells_named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.options import RunOptions


def remarks(before: Path, drafted: DraftRun, options: RunOptions) -> Iterator[InputRemark]:
    """At most one: the villages and years whose awards fell by more than may be taken back of what hangs."""
    cells = find(before, drafted.folder, options.max_takeback)
    if cells:
        some = cells_named(cells, "gone", "awarded")
        yield InputRemark(
            "ledger",
            before.name,
            Sentence(
                f"points that run {before.name} had are gone ({some.en}); before you announce, see why with "
                f"compare --out {options.out} {before.name} {drafted.run_id}",
                f"运行 {before.name} 中的积分有一部分没有了（{some.zh}）；公告之前请用 "
                f"compare --out {options.out} {before.name} {drafted.run_id} 查明原因",
            ),
        )


def find(before: Path, now: Path, share: float) -> list[dict[str, Any]]:
    """Villages and years of which awards are `gone`, of how many `awarded`: sorted."""
    had, has = (
        runs.scan(folder, BALANCES).group_by(CELL).agg(pl.col("awarded").sum()) for folder in (before, now)
    )
    both = had.join(has, on=CELL, how="left", suffix="_now").collect(engine="streaming")
    gone = pl.col("awarded") - pl.col("awarded_now").fill_null(0)
    cells = both.select(*CELL, "awarded", gone=gone)
    return cells.filter(too_much("gone", share, "awarded")).sort(CELL).to_dicts()
