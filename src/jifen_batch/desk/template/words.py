"""The words of the workbook to fill in, in both languages."""

from __future__ import annotations

from jifen_batch.scheme import states
from jifen_batch.sentence import Sentence

EXAMPLE = Sentence("EXAMPLE", "示例")
READ_ME = Sentence("Read me", "填表说明")
ITEMS = Sentence("Items", "事项一览")
TITLE = Sentence("Workbook of points", "积分登记工作簿")
STATUSES = {
    states.DECLARED.name: Sentence("declared", "申报"),
    states.ASSESSED.name: Sentence("assessed", "评定"),
    "approved": Sentence("approved", "认定"),
    states.DECLINED.name: Sentence("declined", "不予认定"),
    states.WITHDRAWN.name: Sentence("withdrawn", "撤回"),
}
REDEMPTION_STATUSES = {"done": Sentence("done", "已兑换"), "returned": Sentence("returned", "已退回")}
ITEM_HEADERS = (
    Sentence("Item", "事项名称"),
    Sentence("Category", "类别"),
    Sentence("Task", "积分任务"),
    Sentence("Points", "分值"),
    Sentence("Also needs", "另须填写"),
    Sentence("Clause", "细则原文"),
)
NEEDS_MATTER = Sentence("Matter id", "事由编号")
BY_MEMBER = Sentence("Member id", "成员序号")
PLEDGE = Sentence("Until (where it ends early)", "截止日（提前结束时）")
INSTRUCTIONS = (
    Sentence(
        "Made from the rule book {book}, scoring year {year}. Fill it in and hand it over, or run the "
        "command below.",
        "本工作簿按积分细则 {book}（{year} 年度）制作。填好后交给运行人员，或直接运行最下面的命令。",
    ),
    Sentence(
        "Four sheets: {events}, {households}, {villages}, {redemptions}. Dark headers must be filled in, "
        "light ones may stay empty; click on a header to read what it means. Do not change headers, do not "
        "merge cells; empty rows do no harm.",
        "四张表：{events}、{households}、{villages}、{redemptions}。深色表头必填，浅色的可以空着；"
        "点一下表头，旁边有说明。不要改表头，不要合并单元格；空行不要紧。",
    ),
    Sentence(
        "Example rows, grey and slanted, are not read (no row is whose id begins with EXAMPLE). Delete "
        "them or leave them; let no id of your own begin so.",
        "灰色斜体的示例行不会被读入（编号以“示例”开头的行都不读）。照着填，填完可以删掉，也可以留着；"
        "自己的编号不要以“示例”开头。",
    ),
    Sentence(
        "Each row has an event id of its own, unlike any other in the town, as TH-2023-001. It stays "
        "when the row is corrected; a row entered in error becomes withdrawn, and is not deleted.",
        "事项编号每行一个，全镇不重复，例如“村名字母-年份-序号”：TH-2023-001。以后更正这一行时编号不变；"
        "登错了的，状态改为“撤回”，不要删行。",
    ),
    Sentence(
        "Choose items from the drop-down; all of them, their points and what else they need stand "
        "in {items}. Write days as 2023-07-05 or 2023/7/5; Excel checks them.",
        "积分事项从下拉框里选，全部事项、分值和另须填的栏见“{items}”。"
        "日期写 2023-07-05 或 2023/7/5，Excel 会检查。",
    ),
    Sentence(
        "Ids are kept as text. Write no name, phone or personal number as proof or member.",
        "编号都按文字保存。不要在证明材料、成员序号里写姓名、电话或身份证号。",
    ),
)
COMMAND = Sentence(
    "Run (leave out redemptions where there are none):", "运行（没有兑换的去掉 redemptions 两项）："
)
NOT_IN_LIST = Sentence("Choose from the drop-down.", "请从下拉框里选。")
NO_DAY = Sentence(
    "Write a day from 2000 to 2099, as 2023-07-05.", "请写 2000 年到 2099 年之间的日期，如 2023-07-05。"
)
NO_NUMBER = Sentence("Write a whole number from {least} to {most}.", "请写整数，从 {least} 到 {most}。")
NOT_UNIQUE = Sentence(
    "This id stands above already; each row needs its own.", "这个编号上面已经有了；每行要有自己的编号。"
)
NOT_REGISTERED = Sentence(
    "{households} has no such household; check the id.", "“{households}”里没有这一户，请核对户编号。"
)
NO_VILLAGE = Sentence(
    "{villages} has no such village; check the id.", "“{villages}”里没有这个村，请核对村编号。"
)
