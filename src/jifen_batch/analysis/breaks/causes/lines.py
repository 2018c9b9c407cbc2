"""Lines that brought nothing, counted there, and deductions and base points left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis.breaks.edits import each_and_all
from jifen_batch.analysis.breaks.variants import FLOORLESS, UNLIMITED
from jifen_batch.scheme.causes import BASE_POINTS_LEFT_OUT

if TYPE_CHECKING:
    from jifen_batch.analysis.breaks.candidates import Candidates
    from jifen_batch.analysis.breaks.variants import Variants


def counted_lines(found: Candidates, tried: Variants) -> list[pl.DataFrame]:
    """Trials of duplicates, of lines of days not enrolled, of deductions, and of what is granted."""
    lines = found.lines.filter(pl.col("account").is_not_null())
    lines = lines.with_columns(part="event_id", because="event_id")
    of = pl.col("disposition")
    return [
        each_and_all(
            lines.filter(of == "duplicate"), "duplicate", added=True, variant=tried.numbers[UNLIMITED]
        ),
        each_and_all(lines.filter(of == "not_enrolled"), "not_enrolled", added=True),
        each_and_all(lines.filter(of == "deducted"), "deduction_left_out", added=False),
        *_base_points(found, lines.filter("in_play"), tried),
    ]


def _base_points(found: Candidates, lines: pl.DataFrame, tried: Variants) -> list[pl.DataFrame]:
    """What an item grants left out; deductions then stop at their floor sooner, or go on as without one.

    For a system that has no points to begin with may as well go below zero.
    """
    granted = lines.filter(found.book.granted.gather(lines["rule"])).with_columns(because="item")
    bounded = found.book.tables.caps["floor"].is_not_null().any()
    return [
        each_and_all(granted, BASE_POINTS_LEFT_OUT, added=False),
        each_and_all(
            granted.filter(bounded), BASE_POINTS_LEFT_OUT, added=False, variant=tried.numbers[FLOORLESS]
        ),
    ]
