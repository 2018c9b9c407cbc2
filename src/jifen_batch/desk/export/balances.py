"""The wallets as a paper for the shop: a list of balances a village, each on pages of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.notices.printed.document import Document, Page
from jifen_batch.notices.printed.official import chinese_day

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

PLACE = ("town_id", "village_id")
NAME = "积分换物余额表"
HEADERS = ("户编号", "可用积分", "已兑换", "过期失效", "待决定", "本次兑换", "签收")
LARGEST = 14
UNPLACED = "不在名册"
NOTE = (
    "可用积分为截至当日可以兑换的积分；“待决定”是兑换后被收回、由村里商定的积分。本次兑换、签收由兑换点填写。"
)


def balances(wallets: pl.DataFrame, names: dict[str, str], as_of: date) -> Document:
    """The document of these `WALLETS`, sorted by village; `names` are village names by id."""
    day = chinese_day(as_of)
    groups = wallets.partition_by(PLACE, as_dict=True, maintain_order=True)
    named = [(names.get(village, village or UNPLACED), rows) for (_, village), rows in groups.items()]
    pages = [_page(village, rows, day) for village, rows in named]
    empty = Page(NAME, NAME, ["没有可以兑换的积分。"], HEADERS, [], [])
    heading = f"截至 {day}"
    return Document(
        NAME, heading, pages or [empty], paper="A4", layout="portrait", largest=LARGEST, apart=True
    )


def _page(village: str, rows: pl.DataFrame, day: str) -> Page:
    """A village's list, a row a household."""
    figures = ("household_id", "available", "spent", "lapsed", "taken_back")
    told = [[*row, "", ""] for row in rows.select(figures).iter_rows()]
    sums = [int(rows[name].sum()) for name in figures[1:]]
    above = [f"截至 {day}，{rows.height:,} 户，可用积分共 {sums[0]:,} 分。"]
    return Page(NAME, f"{village} {NAME}", above, HEADERS, told, [NOTE], ["合计", *sums, "", ""])
