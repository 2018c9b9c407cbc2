"""The sheets to fill in: which columns of ours each has, under which header, and an example of each.

Read by who makes the workbook and by who writes the mapping files, so that the two cannot differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jifen_batch.dataclass import dataclass
from jifen_batch.desk.template.words import EXAMPLE, REDEMPTION_STATUSES, STATUSES, Said
from jifen_batch.notices.table_words import header
from jifen_batch.tables.wallets import POINTS_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["id", "text", "item", "choice", "day", "number", "household", "village", "unique", "kind"]
ITEM = "@item"
QUANTITY_MAX, HOUSEHOLDS_MAX = 1_000, 1_000_000
# Beyond the sheet's own, for what the program's tables call otherwise, or by a word of another table.
HEADERS = {
    "householder": Said("户主", "Householder"),
    "kind": Said("户的类型", "Kind of household"),
    "redemption_id": Said("兑换单号", "Redemption id"),
    "redeemed_on": Said("兑换日", "Redeemed on"),
    "goods": Said("物品", "Goods"),
    "village_id": Said("村编号", "Village id"),
    "town_id": Said("镇编号", "Town id"),
}


@dataclass(frozen=True)
class Asked:
    """A column: what a cell may hold, what it means, and an example; `most` is the largest number."""

    name: str
    kind: Kind
    meaning: Said
    example: Said | str | int | None = None
    required: bool = False
    most: int = 0

    def header(self, language: str) -> str:
        """What stands above it."""
        own = HEADERS.get(self.name)
        if own:
            return own.here(language)
        return header(self.name) if language == "zh" else self.name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Filled:
    """A sheet: the input that it is, its name, the column whose example begins with 示例, and its columns."""

    role: str
    sheet: Said
    key: str
    columns: Sequence[Asked]
    choices: dict[str, Said] | None = None


def _example(number: str) -> Said:
    """An id that no village has."""
    return Said(f"{EXAMPLE.zh}-{number}", f"{EXAMPLE.en}-{number}")


HOUSEHOLD, VILLAGE, TOWN = _example("01"), _example("V1"), _example("T1")
EVENTS = Filled(
    "events",
    Said("事项登记", "Events"),
    "household_id",
    (
        Asked(
            "event_id",
            "unique",
            Said("这一行自己的编号，全镇不重复", "the row's own id"),
            _example("001"),
            required=True,
        ),
        Asked(
            "household_id",
            "household",
            Said("与农户名册一致", "as in the register"),
            HOUSEHOLD,
            required=True,
        ),
        Asked("item", "item", Said("从下拉框选", "from the drop-down"), ITEM, required=True),
        Asked(
            "occurred_on",
            "day",
            Said("发生的日子；承诺类是开始的日子", "when it happened; of a pledge, when it begins"),
            "07-05",
            required=True,
        ),
        Asked(
            "status", "choice", Said("办到哪一步", "how far it has come"), STATUSES["approved"], required=True
        ),
        Asked(
            "decided_on",
            "day",
            Said("审定的日子，空着按发生日", "day of the approval; empty = when it happened"),
            "07-20",
        ),
        Asked(
            "quantity", "number", Said("几次，空着是 1", "how many times; empty = 1"), 1, most=QUANTITY_MAX
        ),
        Asked(
            "until",
            "day",
            Said("只有承诺类填：最后一天，空着到年底", "of pledges only: the last day; empty = the year's"),
        ),
        Asked("member_id", "id", Said("户内第几位成员，只写序号", "which member: a serial number")),
        Asked(
            "matter_id",
            "id",
            Said(
                "几行说的是同一件事（同一次活动、同一场酒席）时填同一个编号",
                "the same for rows about one matter",
            ),
        ),
        Asked("decision_id", "id", Said("哪次会议认定的", "the meeting that approved it"), "2023-07"),
        Asked("evidence_id", "id", Said("证明材料的存档号", "where the proof is filed")),
    ),
    STATUSES,
)
HOUSEHOLDS = Filled(
    "households",
    Said("农户名册", "Register"),
    "household_id",
    (
        Asked(
            "household_id",
            "id",
            Said("户编号，一户一号，长期不变", "the household's id, for good"),
            HOUSEHOLD,
            required=True,
        ),
        Asked(
            "householder",
            "text",
            Said("只用于打印公告，遮盖后印出", "only for printed notices, masked"),
            Said("王某", "Wang"),
        ),
        Asked(
            "village_id", "village", Said("与村名单一致", "as in the villages' sheet"), VILLAGE, required=True
        ),
        Asked("town_id", "id", Said("镇编号", "the town's id"), TOWN, required=True),
        Asked("enrolled_on", "day", Said("参加积分的第一天", "first day enrolled"), "01-01", required=True),
        Asked(
            "left_on",
            "day",
            Said("不再参加的第一天，仍在册的空着", "first day no longer enrolled; empty = still is"),
        ),
        Asked("group_id", "id", Said("村民小组", "the group within the village"), Said("一组", "1")),
        Asked("kind", "kind", Said("出租户、低保户等，细则区分时才填", "only where the rules ask for it")),
    ),
)
VILLAGES = Filled(
    "villages",
    Said("村名单", "Villages"),
    "village_id",
    (
        Asked("village_id", "id", Said("村编号", "the village's id"), VILLAGE, required=True),
        Asked("village_name", "text", Said("村名", "its name"), Said("示例村", "Example village")),
        Asked("town_id", "id", Said("镇编号", "the town's id"), TOWN, required=True),
        Asked("town_name", "text", Said("镇名", "its name"), Said("示例镇", "Example town")),
        Asked(
            "households_total",
            "number",
            Said("全村总户数，用于算覆盖率", "all households, for the coverage"),
            300,
            most=HOUSEHOLDS_MAX,
        ),
    ),
)
REDEMPTIONS = Filled(
    "redemptions",
    Said("积分换物", "Redemptions"),
    "household_id",
    (
        Asked(
            "redemption_id",
            "unique",
            Said("兑换单号，不重复", "the redemption's own id"),
            _example("D1"),
            required=True,
        ),
        Asked(
            "household_id",
            "household",
            Said("与农户名册一致", "as in the register"),
            HOUSEHOLD,
            required=True,
        ),
        Asked("redeemed_on", "day", Said("兑换的日子", "when they were spent"), "09-01", required=True),
        Asked("points", "number", Said("用掉的积分", "the points spent"), 30, required=True, most=POINTS_MAX),
        Asked(
            "status",
            "choice",
            Said("退货的写已退回", "returned where the goods came back"),
            REDEMPTION_STATUSES["done"],
            required=True,
        ),
        Asked("goods", "text", Said("换了什么", "what they were spent on"), Said("毛巾", "towel")),
    ),
    REDEMPTION_STATUSES,
)
SHEETS = (EVENTS, HOUSEHOLDS, VILLAGES, REDEMPTIONS)
