"""The words of the workbook to fill in, in both languages."""

from __future__ import annotations

from typing import NamedTuple

from jifen_batch.scheme import states


class Said(NamedTuple):
    """The same in Chinese and in English."""

    zh: str
    en: str

    def here(self, language: str) -> str:
        """As it is said in one of them."""
        return self.zh if language == "zh" else self.en


EXAMPLE = Said("示例", "EXAMPLE")
READ_ME = Said("填表说明", "Read me")
ITEMS = Said("事项一览", "Items")
TITLE = Said("积分登记工作簿", "Workbook of points")
STATUSES = {
    states.DECLARED.name: Said("申报", "declared"),
    states.ASSESSED.name: Said("评定", "assessed"),
    "approved": Said("认定", "approved"),
    states.DECLINED.name: Said("不予认定", "declined"),
    states.WITHDRAWN.name: Said("撤回", "withdrawn"),
}
REDEMPTION_STATUSES = {"done": Said("已兑换", "done"), "returned": Said("已退回", "returned")}
ITEM_HEADERS = (
    Said("事项名称", "Item"),
    Said("类别", "Category"),
    Said("积分任务", "Task"),
    Said("分值", "Points"),
    Said("另须填写", "Also needs"),
    Said("细则原文", "Clause"),
)
NEEDS_MATTER = Said("事由编号", "Matter id")
BY_MEMBER = Said("成员序号", "Member id")
PLEDGE = Said("截止日（提前结束时）", "Until (where it ends early)")
INSTRUCTIONS = (
    Said(
        "本工作簿按积分细则 {book}（{year} 年度）制作。填好后交给运行人员，或直接运行最下面的命令。",
        "Made from the rule book {book}, scoring year {year}. Fill it in and hand it over, or run the "
        "command below.",
    ),
    Said(
        "四张表：{events}、{households}、{villages}、{redemptions}。深色表头必填，浅色的可以空着；"
        "点一下表头，旁边有说明。不要改表头，不要合并单元格；空行不要紧。",
        "Four sheets: {events}, {households}, {villages}, {redemptions}. Dark headers must be filled in, "
        "light ones may stay empty; click on a header to read what it means. Do not change headers, do not "
        "merge cells; empty rows do no harm.",
    ),
    Said(
        "灰色斜体的示例行不会被读入（编号以“示例”开头的行都不读）。照着填，填完可以删掉，也可以留着；"
        "自己的编号不要以“示例”开头。",
        "Example rows, grey and slanted, are not read (no row is whose id begins with EXAMPLE). Delete "
        "them or leave them; let no id of your own begin so.",
    ),
    Said(
        "事项编号每行一个，全镇不重复，例如“村名字母-年份-序号”：TH-2023-001。以后更正这一行时编号不变；"
        "登错了的，状态改为“撤回”，不要删行。",
        "Each row has an event id of its own, unlike any other in the town, as TH-2023-001. It stays "
        "when the row is corrected; a row entered in error becomes withdrawn, and is not deleted.",
    ),
    Said(
        "积分事项从下拉框里选，全部事项、分值和另须填的栏见“{items}”。"
        "日期写 2023-07-05 或 2023/7/5，Excel 会检查。",
        "Choose items from the drop-down; all of them, their points and what else they need stand "
        "in {items}. Write days as 2023-07-05 or 2023/7/5; Excel checks them.",
    ),
    Said(
        "编号都按文字保存。不要在证明材料、成员序号里写姓名、电话或身份证号。",
        "Ids are kept as text. Write no name, phone or personal number as proof or member.",
    ),
)
COMMAND = Said(
    "运行（没有兑换的去掉 redemptions 两项）：", "Run (leave out redemptions where there are none):"
)
NOT_IN_LIST = Said("请从下拉框里选。", "Choose from the drop-down.")
NO_DAY = Said(
    "请写 2000 年到 2099 年之间的日期，如 2023-07-05。", "Write a day from 2000 to 2099, as 2023-07-05."
)
NO_NUMBER = Said("请写整数，从 {least} 到 {most}。", "Write a whole number from {least} to {most}.")
NOT_UNIQUE = Said(
    "这个编号上面已经有了；每行要有自己的编号。", "This id stands above already; each row needs its own."
)
NOT_REGISTERED = Said(
    "“{households}”里没有这一户，请核对户编号。", "{households} has no such household; check the id."
)
NO_VILLAGE = Said("“{villages}”里没有这个村，请核对村编号。", "{villages} has no such village; check the id.")
