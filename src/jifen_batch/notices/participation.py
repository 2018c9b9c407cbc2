"""参与情况: how many of each village's households take part, for the district's evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.notices import words
from jifen_batch.notices.grid import Grid
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jifen_batch.notices.grid import Part

HEADERS = (
    Sentence("village", "村"),
    Sentence("households", "总户数"),
    Sentence("enrolled", "参加户数"),
    Sentence("coverage", "覆盖率"),
    Sentence("earning", "有得分户数"),
    Sentence("active", "有认定户数"),
    Sentence("awards", "得分笔数"),
    Sentence("deductions", "扣分笔数"),
)


def table(participation: pl.DataFrame, names: Mapping[str, str], quarter: str, villages: int) -> Part:
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
    of = words.quarter(quarter)
    return Grid(Sentence(f"Participation in {of.en}", f"{of.zh}参与情况"), HEADERS, rows)
