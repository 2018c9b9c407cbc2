"""What a draft would change of what hangs on the board, announced quarter by quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import impact
from jifen_batch.analysis.changes import one_sided
from jifen_batch.published import announced, publish, runs, village_range
from jifen_batch.published.announced_changes import AnnouncedChanges
from jifen_batch.tables import LEDGER
from jifen_batch.tables.impact import ANNOUNCED_EFFECT
from jifen_batch.worker.effect import on_the_board

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.worker.draft import DraftRun


def would_change(out: Path, drafted: DraftRun) -> pl.DataFrame:
    """What the next announcement would correct: `ANNOUNCED_EFFECT`, from what hangs to the draft's ledger.

    Only of quarters announced as of the draft's day or before it; no row = all hangs as the draft has it.
    Some villages are in memory at a time.
    """
    day = drafted.content["as_of"]
    contents = [publish.read_manifest(announced.folder(out, one)) for one in announced.quarters(out)]
    board = AnnouncedChanges(out, [one for one in contents if one["as_of"] <= day], drafted.renamed)
    quarters = board.quarters
    if not quarters:
        return ANNOUNCED_EFFECT.schema.to_frame()
    ledger = runs.scan(drafted.folder, LEDGER).filter(pl.col("quarter") <= quarters[-1])
    sums, households = [], []
    for stretch in village_range.cut([ledger, board.changes]):
        changes, lines = pl.collect_all([board.changes.filter(stretch.holds), ledger.filter(stretch.holds)])
        changed = one_sided(board.hung(changes, lines), lines, impact.ON_THE_BOARD)
        placed = on_the_board(changed, quarters)
        sums.append(impact.sums_by_quarter(placed))
        households.append(placed.select("quarter", "household_id").unique())
    if not sums:
        return ANNOUNCED_EFFECT.schema.to_frame()
    return impact.effect(pl.concat(sums), pl.concat(households))
