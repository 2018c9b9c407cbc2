"""参与情况: how many of each village's households take part, for the district's evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.notices import words
from jifen_batch.notices.grid import grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

HEADERS = ("村", "总户数", "参加户数", "覆盖率", "有得分户数", "有认定户数", "得分笔数", "扣分笔数")


def table(
    participation: pl.DataFrame, names: Mapping[str, str], quarter: str, villages: int
) -> RenderableType:
    """One row per village, by id, for one quarter of `participation` (specification 4); at most `villages`.

    The coverage is of all households that live there; a dash where their number is not known or 0.
    """
    own = participation.filter(pl.col("quarter") == quarter).sort("village_id").head(villages)
    rows = [
        (
            names.get(row["village_id"], row["village_id"]),
            row["households_total"],
            row["enrolled"],
            f"{row['enrolled'] / row['households_total']:.1%}" if row["households_total"] else None,
            row["earning"],
            row["active"],
            row["awards"],
            row["deductions"],
        )
        for row in own.iter_rows(named=True)
    ]
    return grid(f"{words.quarter(quarter)}参与情况", HEADERS, rows)
