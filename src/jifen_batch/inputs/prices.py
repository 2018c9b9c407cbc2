"""Prices of goods 价目: what each costs in points, where and from when on (specification 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.clock import FIRST_DAY, LAST_DAY
from jifen_batch.inputs.cells import check
from jifen_batch.inputs.phrases import CORRECT_DATE, NO_YEAR
from jifen_batch.inputs.read_table import read_table
from jifen_batch.sentence import Sentence
from jifen_batch.tables.wallets import POINTS_MAX, PRICES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jifen_batch.inputs.files import InputFile

SOUND = {
    "points": (
        pl.col("points").is_between(1, POINTS_MAX),
        Sentence(f"is not 1 to {POINTS_MAX:,}", f"不在 1 至 {POINTS_MAX:,} 之间"),
        Sentence("write the points that one costs, as a positive number", "请写每件所需的积分，写成正数"),
    ),
    "effective_on": (
        pl.col("effective_on").is_between(FIRST_DAY, LAST_DAY),
        NO_YEAR,
        CORRECT_DATE,
    ),
}


def read_prices(files: Sequence[InputFile]) -> pl.DataFrame:
    """The prices (`PRICES`), one row each; rows that are equal in every column are one.

    Raises `InputRefusedError`, with files, columns and rows, for a cell that is empty, points that are not 1
    to a thousand million, a day out of range, a row that names both a town and a village, and two prices of
    the same goods for one place and day.
    """
    read = read_table(files, PRICES)
    check(read, PRICES, SOUND)
    rows = read.rows
    read.refuse(
        rows.select(pl.col("town_id").is_not_null() & pl.col("village_id").is_not_null()).to_series(),
        "village_id",
        Sentence("stands beside a town", "同时写了镇"),
        Sentence("name the village alone, or the town alone", "请只写村，或只写镇"),
    )
    kept = rows.with_row_index("row").unique(PRICES.names, keep="first", maintain_order=True)
    same = ["goods", "effective_on", "town_id", "village_id"]
    second = kept["row"].filter(~kept.select(pl.struct(same).is_first_distinct()).to_series())
    read.refuse(
        rows.select(pl.int_range(pl.len()).is_in(second.implode())).to_series(),
        "points",
        Sentence(
            "is another price of the same goods for one place and day",
            "与同一地方、同一天、同一物品的另一价格不同",
        ),
        Sentence("keep the row that holds", "请保留正确的一行"),
    )
    return kept.select(PRICES.names)
