"""Objections 异议: points that somebody disputes, until they are upheld or dismissed (specification 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_DAY, LAST_DAY
from jifen_batch.inputs.cells import check
from jifen_batch.inputs.phrases import CORRECT_DATE, NO_YEAR, ONE_OF_THEM, none_of
from jifen_batch.inputs.read_table import read_table
from jifen_batch.sentence import Sentence
from jifen_batch.tables import OBJECTIONS
from jifen_batch.tables.inputs import OBJECTION_STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.inputs.files import InputFile

SOUND = {
    "raised_on": (
        pl.col("raised_on").is_between(FIRST_DAY, LAST_DAY),
        NO_YEAR,
        CORRECT_DATE,
    ),
    "status": (
        pl.col("status").is_in(OBJECTION_STATUSES),
        none_of(OBJECTION_STATUSES),
        ONE_OF_THEM,
    ),
}


def read_objections(files: Sequence[InputFile]) -> pl.DataFrame:
    """The objections (`OBJECTIONS`), one row each, sorted; rows that are equal in every column are one.

    The note is never read: it is free text, and names people. Raises `InputRefusedError`, with files,
    columns and rows, for a cell that is empty, a day out of range, a status that is unknown, and an
    `objection_id` whose rows differ.
    """
    read = read_table(files, OBJECTIONS)
    check(read, OBJECTIONS, SOUND)
    rows = read.rows
    kept = rows.with_row_index("row").unique(OBJECTIONS.names, keep="first", maintain_order=True)
    second = kept["row"].filter(~kept["objection_id"].is_first_distinct())
    read.refuse(
        rows.select(pl.int_range(pl.len()).is_in(second.implode())).to_series(),
        "objection_id",
        Sentence(
            "names an objection that an earlier row tells differently", "所写的异议与前面一行的内容不同"
        ),
        Sentence(
            "keep the row that holds, or give each its own id", "请保留正确的一行，或给每件异议各自的编号"
        ),
    )
    return kept.select(OBJECTIONS.names).sort(OBJECTIONS.sort_keys)


def no_objections() -> pl.DataFrame:
    """What stands for the objections where none are given."""
    return OBJECTIONS.schema.to_frame()
