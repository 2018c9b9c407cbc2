"""The sheets to fill in: which columns of ours each has, under which header, and an example of each.

Read by who makes the workbook and by who writes the mapping files, so that the two cannot differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jifen_batch.dataclass import dataclass
from jifen_batch.desk.template.words import EXAMPLE, REDEMPTION_STATUSES, STATUSES
from jifen_batch.kernels.validate import QUANTITY_MAX
from jifen_batch.notices.table_words import header
from jifen_batch.sentence import Sentence
from jifen_batch.tables.wallets import POINTS_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["id", "text", "item", "choice", "day", "number", "household", "village", "unique", "kind"]
ITEM = "@item"
HOUSEHOLDS_MAX = 1_000_000
# Beyond the sheet's own, for what the program's tables call otherwise, or by a word of another table.
HEADERS = {
    "householder": Sentence("Householder", "户主"),
    "kind": Sentence("Kind of household", "户的类型"),
    "redemption_id": Sentence("Redemption id", "兑换单号"),
    "redeemed_on": Sentence("Redeemed on", "兑换日"),
    "goods": Sentence("Goods", "物品"),
    "village_id": Sentence("Village id", "村编号"),
    "town_id": Sentence("Town id", "镇编号"),
}


@dataclass(frozen=True)
class Asked:
    """A column: what a cell may hold, what it means, and an example; `most` is the largest number."""

    name: str
    kind: Kind
    meaning: Sentence
    example: Sentence | str | int | None = None
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
    sheet: Sentence
    key: str
    columns: Sequence[Asked]
    choices: dict[str, Sentence] | None = None


def _example(number: str) -> Sentence:
    """An id that no village has."""
    return Sentence(f"{EXAMPLE.en}-{number}", f"{EXAMPLE.zh}-{number}")


HOUSEHOLD, VILLAGE, TOWN = _example("01"), _example("V1"), _example("T1")
REGISTERED = Asked(
    "household_id",
    "household",
    Sentence("as in the register", "与农户名册一致"),
    HOUSEHOLD,
    required=True,
)
EVENTS = Filled(
    "events",
    Sentence("Events", "事项登记"),
    "household_id",
    (
        Asked(
            "event_id",
            "unique",
            Sentence("the row's own id", "这一行自己的编号，全镇不重复"),
            _example("001"),
            required=True,
        ),
        REGISTERED,
        Asked("item", "item", Sentence("from the drop-down", "从下拉框选"), ITEM, required=True),
        Asked(
            "occurred_on",
            "day",
            Sentence("when it happened; of a pledge, when it begins", "发生的日子；承诺类是开始的日子"),
            "07-05",
            required=True,
        ),
        Asked(
            "status",
            "choice",
            Sentence("how far it has come", "办到哪一步"),
            STATUSES["approved"],
            required=True,
        ),
        Asked(
            "decided_on",
            "day",
            Sentence("day of the approval; empty = when it happened", "审定的日子，空着按发生日"),
            "07-20",
        ),
        Asked(
            "quantity",
            "number",
            Sentence("how many times; empty = 1", "几次，空着是 1"),
            1,
            most=QUANTITY_MAX,
        ),
        Asked(
            "until",
            "day",
            Sentence(
                "of pledges only: the last day; empty = the year's", "只有承诺类填：最后一天，空着到年底"
            ),
        ),
        Asked("member_id", "id", Sentence("which member: a serial number", "户内第几位成员，只写序号")),
        Asked(
            "matter_id",
            "id",
            Sentence(
                "the same for rows about one matter",
                "几行说的是同一件事（同一次活动、同一场酒席）时填同一个编号",
            ),
        ),
        Asked("decision_id", "id", Sentence("the meeting that approved it", "哪次会议认定的"), "2023-07"),
        Asked("evidence_id", "id", Sentence("where the proof is filed", "证明材料的存档号")),
    ),
    STATUSES,
)
HOUSEHOLDS = Filled(
    "households",
    Sentence("Register", "农户名册"),
    "household_id",
    (
        Asked(
            "household_id",
            "id",
            Sentence("the household's id, for good", "户编号，一户一号，长期不变"),
            HOUSEHOLD,
            required=True,
        ),
        Asked(
            "householder",
            "text",
            Sentence("only for printed notices, masked", "只用于打印公告，遮盖后印出"),
            Sentence("Wang", "王某"),
        ),
        Asked(
            "village_id",
            "village",
            Sentence("as in the villages' sheet", "与村名单一致"),
            VILLAGE,
            required=True,
        ),
        Asked("town_id", "id", Sentence("the town's id", "镇编号"), TOWN, required=True),
        Asked(
            "enrolled_on", "day", Sentence("first day enrolled", "参加积分的第一天"), "01-01", required=True
        ),
        Asked(
            "left_on",
            "day",
            Sentence("first day no longer enrolled; empty = still is", "不再参加的第一天，仍在册的空着"),
        ),
        Asked("group_id", "id", Sentence("the group within the village", "村民小组"), Sentence("1", "一组")),
        Asked(
            "kind", "kind", Sentence("only where the rules ask for it", "出租户、低保户等，细则区分时才填")
        ),
    ),
)
VILLAGES = Filled(
    "villages",
    Sentence("Villages", "村名单"),
    "village_id",
    (
        Asked("village_id", "id", Sentence("the village's id", "村编号"), VILLAGE, required=True),
        Asked("village_name", "text", Sentence("its name", "村名"), Sentence("Example village", "示例村")),
        Asked("town_id", "id", Sentence("the town's id", "镇编号"), TOWN, required=True),
        Asked("town_name", "text", Sentence("its name", "镇名"), Sentence("Example town", "示例镇")),
        Asked(
            "households_total",
            "number",
            Sentence("all households, for the coverage", "全村总户数，用于算覆盖率"),
            300,
            most=HOUSEHOLDS_MAX,
        ),
    ),
)
REDEMPTIONS = Filled(
    "redemptions",
    Sentence("Redemptions", "积分换物"),
    "household_id",
    (
        Asked(
            "redemption_id",
            "unique",
            Sentence("the redemption's own id", "兑换单号，不重复"),
            _example("D1"),
            required=True,
        ),
        REGISTERED,
        Asked("redeemed_on", "day", Sentence("when they were spent", "兑换的日子"), "09-01", required=True),
        Asked(
            "points", "number", Sentence("the points spent", "用掉的积分"), 30, required=True, most=POINTS_MAX
        ),
        Asked(
            "status",
            "choice",
            Sentence("returned where the goods came back", "退货的写已退回"),
            REDEMPTION_STATUSES["done"],
            required=True,
        ),
        Asked("goods", "text", Sentence("what they were spent on", "换了什么"), Sentence("towel", "毛巾")),
    ),
    REDEMPTION_STATUSES,
)
SHEETS = (EVENTS, HOUSEHOLDS, VILLAGES, REDEMPTIONS)
