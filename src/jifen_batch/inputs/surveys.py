"""Surveys of villagers: how many were asked, know of the points, and are satisfied, village by village."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.inputs.cells import check
from jifen_batch.inputs.read_table import read_table
from jifen_batch.tables.surveys import SURVEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.inputs.files import InputFile

SOUND = {
    "asked": (pl.col("asked") > 0, "is not above 0", "leave out a village where nobody was asked"),
    **{
        column: (
            pl.col(column).is_between(0, pl.col("asked")),
            "is not between 0 and the number asked",
            "correct the figure",
        )
        for column in ("aware", "satisfied")
    },
}


def read_surveys(files: Sequence[InputFile]) -> pl.DataFrame:
    """The surveys (`SURVEYS`), one row per village and year, sorted.

    Raises `InputRefusedError`, with files, columns and rows, for a cell that is empty or no such number, and
    for a village that is told of twice in a year.
    """
    read = read_table(files, SURVEYS)
    check(read, SURVEYS, SOUND)
    read.refuse(
        ~read.rows.select(pl.struct(SURVEYS.sort_keys).is_first_distinct()).to_series(),
        "village_id",
        "is told of twice in one year",
        "keep the row that holds",
    )
    return read.rows.select(SURVEYS.names).sort(SURVEYS.sort_keys)
