"""Successions 户编号变更: households under new ids, and wallets that pass to others (specification 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_DAY, LAST_DAY
from jifen_batch.inputs.cells import check
from jifen_batch.inputs.phrases import CORRECT_DATE, NO_YEAR, ONE_OF_THEM, none_of
from jifen_batch.inputs.read_table import read_table
from jifen_batch.kernels.successions import OLD, in_circle
from jifen_batch.sentence import Sentence
from jifen_batch.tables import SUCCESSIONS
from jifen_batch.tables.inputs import SUCCESSION_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.inputs.files import InputFile

SOUND = {
    "effective_on": (
        pl.col("effective_on").is_between(FIRST_DAY, LAST_DAY),
        NO_YEAR,
        CORRECT_DATE,
    ),
    "kind": (
        pl.col("kind").is_in(SUCCESSION_KINDS),
        none_of(SUCCESSION_KINDS),
        ONE_OF_THEM,
    ),
}


def read_successions(files: Sequence[InputFile]) -> pl.DataFrame:
    """The successions (`SUCCESSIONS`), one row each, sorted; rows that are equal in every column are one.

    Raises `InputRefusedError`, with files, columns and rows, for a cell that is empty, a day out of range, a
    kind that is unknown, an id that has two successors, and one that comes to itself again, whatever the
    days.
    """
    read = read_table(files, SUCCESSIONS)
    check(read, SUCCESSIONS, SOUND)
    rows = read.rows
    kept = rows.with_row_index("row").unique(SUCCESSIONS.names, keep="first", maintain_order=True)
    for bad, problem, remedy in _unsound(kept):
        flags = rows.select(pl.int_range(pl.len()).is_in(kept["row"].filter(bad).implode())).to_series()
        read.refuse(flags, OLD, problem, remedy)
    return kept.select(SUCCESSIONS.names).sort(SUCCESSIONS.sort_keys)


def _unsound(kept: pl.DataFrame) -> list[tuple[pl.Series, Sentence, Sentence]]:
    """Which rows say what cannot be, what it is, and what to do: two successors, or else a circle."""
    second = ~kept[OLD].is_first_distinct()
    twice = (
        second,
        Sentence(
            "names a household that an earlier row renames or merges already",
            "所写的户在前面的行中已经变更或并入",
        ),
        Sentence(
            "an id has one successor: keep the row that holds; if the new id changed again, name that one "
            "as old",
            "一个户编号只有一个后继：请保留正确的一行；新编号又有变更的，请把它写作旧编号另起一行",
        ),
    )
    if second.any():
        return [twice]
    circle = kept[OLD].is_in(in_circle(kept).implode())
    return [
        (
            circle,
            Sentence(
                "names a household that comes to itself again by way of its successors",
                "所写的户经过几次变更又回到了自己",
            ),
            Sentence(
                "an id that was given up is never given back: take out the row that closes the circle",
                "停用的户编号不再启用：请删去使其绕回的那一行",
            ),
        )
    ]


def no_successions() -> pl.DataFrame:
    """What stands for the successions where none are given."""
    return SUCCESSIONS.schema.to_frame()
