"""What a set of rule books would change of what hangs on the board: announced quarter by quarter.

The nightly run asks it before it lets an edited book through, and `what-if` before a council votes.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import impact
from jifen_batch.analysis.changes import one_sided
from jifen_batch.published import village_range
from jifen_batch.published.differing import unlike
from jifen_batch.tables import LEDGER
from jifen_batch.tables.impact import ANNOUNCED_EFFECT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def announced_effect(before: Path, after: Path, quarters: Sequence[str]) -> pl.DataFrame:
    """What would change of the announced `quarters` (ascending), from one folder of a run to another.

    One row (`ANNOUNCED_EFFECT`) per announced quarter in which a line would be added or removed, in
    their order; no row = nothing that was announced changes. A line belongs to the first announced
    quarter that is not before its own, as it does on the board; lines of quarters after the last
    announced one count for nothing. A line that changes is one removed and one added; `book`, `cap_used`
    and `cause` are no change, for they do not hang on the board. `points_up` and `points_down` are sums
    of what each household gains or loses in a scoring year and category of the quarter.

    Both folders hold a `ledger/` of the same rows. Bounded in memory: some villages at a time.
    Source: specification 4 (`announced/`) and 5 (exit 8).
    """
    if not quarters:
        return ANNOUNCED_EFFECT.schema.to_frame()
    ledgers = [lines.filter(pl.col("quarter") <= quarters[-1]) for lines in unlike(before, after, LEDGER)]
    sums, households = [], []
    for stretch in village_range.cut(ledgers):
        was, becomes = pl.collect_all([lines.filter(stretch.holds) for lines in ledgers])
        hung = on_the_board(one_sided(was, becomes, impact.ON_THE_BOARD), quarters)
        sums.append(impact.sums_by_quarter(hung))
        households.append(hung.select("quarter", "household_id").unique())
    if not sums:
        return ANNOUNCED_EFFECT.schema.to_frame()
    return impact.effect(pl.concat(sums), pl.concat(households))


def on_the_board(changed: pl.DataFrame, quarters: Sequence[str]) -> pl.DataFrame:
    """Lines with `quarter`, the announced one on which they hang, in place of their own."""
    own = changed["quarter"].unique().to_list()
    board = {quarter: quarters[bisect_left(quarters, quarter)] for quarter in own}
    return changed.with_columns(pl.col("quarter").replace_strict(board, return_dtype=pl.String))
