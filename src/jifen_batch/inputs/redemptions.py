"""Redemptions 积分换物: points that households spent on goods (specification 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_DAY, LAST_DAY
from jifen_batch.inputs.cells import check
from jifen_batch.inputs.read_table import read_table
from jifen_batch.tables.wallets import POINTS_MAX, REDEMPTION_STATUSES, REDEMPTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.inputs.files import InputFile


SOUND = {
    "redeemed_on": (
        pl.col("redeemed_on").is_between(FIRST_DAY, LAST_DAY),
        "is not within 2000 to 2099",
        "correct the date",
    ),
    "points": (
        pl.col("points").is_between(1, POINTS_MAX),
        f"is not 1 to {POINTS_MAX:,}",
        "write the points spent, as a positive number",
    ),
    "status": (
        pl.col("status").is_in(REDEMPTION_STATUSES),
        f"is none of {', '.join(REDEMPTION_STATUSES)}",
        "write one of them",
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
        "names a redemption that an earlier row tells differently",
        "keep the row that holds (of done and returned the latter), or give each its own id",
    )
    return kept.select(REDEMPTIONS.names)
