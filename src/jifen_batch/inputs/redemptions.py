"""Redemptions 积分换物: points that households spent on goods (specification 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_DAY, LAST_DAY
from jifen_batch.inputs.cells import check
from jifen_batch.inputs.phrases import CORRECT_DATE, NO_YEAR, ONE_OF_THEM, none_of
from jifen_batch.inputs.read_table import read_table
from jifen_batch.sentence import Sentence
from jifen_batch.tables.wallets import POINTS_MAX, REDEMPTION_STATUSES, REDEMPTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.inputs.files import InputFile


SOUND = {
    "redeemed_on": (
        pl.col("redeemed_on").is_between(FIRST_DAY, LAST_DAY),
        NO_YEAR,
        CORRECT_DATE,
    ),
    "points": (
        pl.col("points").is_between(1, POINTS_MAX),
        Sentence(f"is not 1 to {POINTS_MAX:,}", f"不在 1 至 {POINTS_MAX:,} 之间"),
        Sentence("write the points spent, as a positive number", "请写所用的积分，写成正数"),
    ),
    "status": (
        pl.col("status").is_in(REDEMPTION_STATUSES),
        none_of(REDEMPTION_STATUSES),
        ONE_OF_THEM,
    ),
}


def read_redemptions(files: Sequence[InputFile]) -> pl.DataFrame:
    """The redemptions (`REDEMPTIONS`), one row each, in the order in which they were first read.

    Rows that are equal in every column are one: the feed is at-least-once. Raises `InputRefusedError`,
    with files, columns and rows, for a cell that is empty, a day out of range, points that are not 1 to a
    thousand million, a status that is unknown, and a `redemption_id` whose rows differ.
    """
    read = read_table(files, REDEMPTIONS)
    check(read, REDEMPTIONS, SOUND)
    rows = read.rows
    kept = rows.with_row_index("row").unique(REDEMPTIONS.names, keep="first", maintain_order=True)
    second = ~kept["redemption_id"].is_first_distinct()
    conflicting = pl.repeat(value=False, n=rows.height, eager=True).scatter(kept["row"].filter(second), True)  # noqa: FBT003 - a value, not an option
    read.refuse(
        conflicting,
        "redemption_id",
        Sentence(
            "names a redemption that an earlier row tells differently", "所写的兑换与前面一行的内容不同"
        ),
        Sentence(
            "keep the row that holds (of done and returned the latter), or give each its own id",
            "请保留正确的一行（done 和 returned 都有的，留 returned），或给每笔兑换各自的编号",
        ),
    )
    return kept.select(REDEMPTIONS.names)
