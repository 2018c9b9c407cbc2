"""The sheets of a village's work list: what each says, in what order, and what to do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from jifen_batch.desk.worklist.waiting import PLEDGE_DAYS
from jifen_batch.notices import words
from jifen_batch.notices.printed.document import Page
from jifen_batch.notices.table_words import header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl

    from jifen_batch.notices.printed.document import Cell

OVERVIEW = "概览"
# Digits as long as a phone's: what is wrong there is said, and the number stays where it was written.
PERSONAL = re.compile(r"\d{11,}")
HIDDEN = "（号码不列出）"
NO_VILLAGE = "不知属于哪个村的行"


class Kind(NamedTuple):
    """A kind of work: the sheet's name, what to do, and which columns it shows with their headers."""

    sheet: str
    to_do: str
    columns: Mapping[str, str]


def _shown(*columns: str, **named: str) -> dict[str, str]:
    """Columns with the headers that they have everywhere, then those with headers of this sheet."""
    return {name: header(name) for name in columns} | named


KINDS = {
    "rejects": Kind(
        "退回",
        "按“说明”和“改为”两栏，在来源文件的那一行更正；更正后的行在下一次运行时记分。",
        _shown(
            "source_file", "source_row", "household_id", "item", "occurred_on", "status", "reason", "detail"
        )
        | {"instead": "改为"}
        | _shown(
            *("event_id", "member_id", "matter_id", "quantity", "decided_on", "until", "recorded_at"),
            *("decision_id", "evidence_id"),
        ),
    ),
    "declared": Kind(
        "待评定",
        "提交评议小组评定，把状态改为 assessed；不予认定的改为 declined。",
        _shown(
            "decision_id", "household_id", "item", "occurred_on", "member_id", "event_id", days="等待天数"
        ),
    ),
    "assessed": Kind(
        "待审定",
        "提交审定，认定的把状态改为 approved 并填审定日；不予认定的改为 declined。",
        _shown(
            "decision_id", "household_id", "item", "occurred_on", "member_id", "event_id", days="等待天数"
        ),
    ),
    "pledges": Kind(
        "承诺到期",
        f"{PLEDGE_DAYS} 天内到期的承诺：愿意继续的，请该户在到期后重新申报。"
        "台账不记提前截止的日子，已经记过分、又提前截止的不在此列。",
        _shown("household_id", "item", "occurred_on", "member_id", "event_id", ends="最迟到期"),
    ),
    "duplicates": Kind(
        "疑似重复",
        "同一户、同一事项、同一天、同一成员有几个编号：请核对是不是同一件事；重复的一条改为 withdrawn。",
        _shown("occurred_on", "household_id", "item", "member_id", "event_id", "matter_id", "points")
        | {"standing": "处理"},
    ),
    "objections": Kind(
        "异议",
        "尚未了结的异议：请核实后把状态改为 upheld（成立）或 dismissed（不成立）。",
        _shown("objection_id", "household_id", "event_id", "raised_on", days="等待天数"),
    ),
    "redemptions": Kind(
        "积分换物",
        "已兑换而积分不够，或名册中没有的户：请核对兑换记录和户编号。",
        _shown("household_id", "announced", "spent", "available", "uncovered", "taken_back"),
    ),
    "mispriced": Kind(
        "兑换价目",
        "兑换的分数与价目不符，或价目中没有：请核对兑换记录和价目表；积分不因此改变。",
        _shown("redeemed_on", "household_id", "redemption_id", "goods", "points", "price"),
    ),
}
WORDS = words.DISPOSITIONS | words.STATES | words.REJECT_REASONS


def pages(
    heading: str, said: list[str], frames: Mapping[str, pl.DataFrame], items: Mapping[str, str]
) -> Iterator[Page]:
    """An overview with `said` above it, then a page for each kind of which there is something.

    An item has its name beside its code; of a reject it stands as it was written.
    """
    counts: list[list[Cell]] = [[kind.sheet, frames[name].height, kind.to_do] for name, kind in KINDS.items()]
    yield Page(OVERVIEW, f"{heading} 待办清单", said, ["事项", "条数", "怎么办"], counts, [])
    for name, kind in KINDS.items():
        rows = frames[name]
        if rows.height:
            shown = [
                [
                    _cell(column, cell, items if name != "rejects" else {})
                    for column, cell in zip(kind.columns, row, strict=True)
                ]
                for row in rows.select([*kind.columns]).iter_rows()
            ]
            yield Page(
                kind.sheet, f"{heading} {kind.sheet}", [kind.to_do], [*kind.columns.values()], shown, []
            )


def _cell(column: str, cell: object, items: Mapping[str, str]) -> Cell:
    """A cell as people read it: an item with its name, a word in Chinese, a day as text."""
    if cell is None or isinstance(cell, int):
        return cell
    text = str(cell)
    if column == "item" and text in items:
        return f"{items[text]} {text}"
    if column in {"reason", "standing"}:
        return WORDS.get(text, text)
    if column in {"member_id", "evidence_id"} and PERSONAL.search(text):
        return HIDDEN
    return text
