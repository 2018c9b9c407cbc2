"""Surveys of villagers: how many were asked, know of the points, and are satisfied, village by village."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.inputs.cells import check
from jifen_batch.inputs.read_table import read_table
from jifen_batch.sentence import Sentence
from jifen_batch.tables.surveys import SURVEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.inputs.files import InputFile

SOUND = {
    "asked": (
        pl.col("asked") > 0,
        Sentence("is not above 0", "不大于 0"),
        Sentence("leave out a village where nobody was asked", "没有调查的村请不要列出"),
    ),
    **{
        column: (
            pl.col(column).is_between(0, pl.col("asked")),
            Sentence("is not between 0 and the number asked", "不在 0 与调查人数之间"),
            Sentence("correct the figure", "请改正这个数"),
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
        Sentence("is told of twice in one year", "同一年度出现了两次"),
        Sentence("keep the row that holds", "请保留正确的一行"),
    )
    return read.rows.select(SURVEYS.names).sort(SURVEYS.sort_keys)
