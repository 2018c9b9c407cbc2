"""Lines that brought nothing, counted there, and deductions left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.edits import each_and_all
from jifen_batch.analysis.breaks.variants import UNLIMITED

if TYPE_CHECKING:
    from jifen_batch.analysis.breaks.candidates import Candidates
    from jifen_batch.analysis.breaks.variants import Variants


def counted_lines(found: Candidates, tried: Variants) -> list[pl.DataFrame]:
    """Trials of duplicates, of lines of days not enrolled, and of deductions."""
    lines = found.lines.filter(pl.col("account").is_not_null())
    lines = lines.with_columns(part="event_id", because="event_id")
    of = pl.col("disposition")
    return [
        each_and_all(
            lines.filter(of == "duplicate"), "duplicate", added=True, variant=tried.numbers[UNLIMITED]
        ),
        each_and_all(lines.filter(of == "not_enrolled"), "not_enrolled", added=True),
        each_and_all(lines.filter(of == "deducted"), "deduction_left_out", added=False),
    ]
