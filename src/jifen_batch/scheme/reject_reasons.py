"""Why a row cannot be scored (specification 3.1): every reason, in the order of checks, with its facts."""

from __future__ import annotations

from jifen_batch.dataclass import dataclass
from jifen_batch.scheme.word import Word
from jifen_batch.sentence import Sentence


@dataclass(frozen=True)
class RejectReason(Word):
    """A reason and its facts.

    `sentence` tells a clerk what is wrong and what to do; `{}` stands for what only the row knows, a column,
    a year, a number of times or a problem by column, never a cell that could hold a name or a phone number.
    `resolved`: it is seen before the row is looked into (3.1, 2). `spoils`: the column whose cell is of no
    use.
    """

    sentence: Sentence
    resolved: bool = False
    spoils: str | None = None


UNREADABLE_ROW = RejectReason(
    "unreadable_row",
    "这一行读不出",
    "a cell cannot be read, or the row has another number of fields than the header",
    "有一格读不出，或这一行的格数与表头不同",
    Sentence("{}", "{}"),
)
CONFLICTING_HOUSEHOLD = RejectReason(
    "conflicting_household",
    "同一编号指向不同农户",
    "one event_id, several households",
    "一个事项编号写了几户",
    Sentence(
        "one event id names different households, and all its rows are rejected: withdraw the wrong one, "
        "and declare it anew under another id",
        "同一事项编号下出现不同的户，全部退回；请撤回错误的一条，用新编号重新申报",
    ),
    resolved=True,
)
CONFLICTING_REVISION = RejectReason(
    "conflicting_revision",
    "同一编号内容冲突",
    "several revisions, none the latest",
    "几个版本分不出最新",
    Sentence(
        "several different revisions of one event id were recorded at the same time, or none says when: "
        "which one stands cannot be told",
        "同一事项编号有多个不同版本，录入时间相同或缺失，无法判断以哪个为准",
    ),
    resolved=True,
)
MISSING_FIELD = RejectReason(
    "missing_field",
    "缺少必填项",
    "a required cell is null",
    "必填格空着",
    Sentence("required and empty: {}", "缺少必填栏：{}"),
)
RESERVED_ID = RejectReason(
    "reserved_id",
    "编号留给基础分",
    "an event_id that begins with grant:",
    "事项编号以 grant: 开头",
    Sentence(
        "no event id may begin with grant: such ids are kept for grants; use an id of your own",
        "事项编号不能以 grant: 开头，这样的编号留给基础分；请改用自己的编号",
    ),
)
BAD_DATE = RejectReason(
    "bad_date",
    "日期超出范围",
    "a date outside 2000-01-01 to 2099-12-31",
    "日期不在 2000-01-01 至 2099-12-31",
    Sentence("outside 2000-01-01 to 2099-12-31: {}", "日期超出 2000-01-01 至 2099-12-31 的范围：{}"),
)
UNKNOWN_STATUS = RejectReason(
    "unknown_status",
    "状态无法识别",
    "none of the five",
    "不是五种状态之一",
    Sentence(
        "the status is none of declared, assessed, approved, declined, withdrawn",
        "状态不在 declared、assessed、approved、declined、withdrawn 之中",
    ),
)
UNKNOWN_HOUSEHOLD = RejectReason(
    "unknown_household",
    "名册中无此户",
    "not in the register",
    "名册上没有",
    Sentence("the register has no such household", "户籍册中没有这一户"),
)
NO_RULE_BOOK = RejectReason(
    "no_rule_book",
    "该年度无适用细则",
    "none covers the place and year",
    "当地当年没有细则",
    Sentence(
        "no rule book is in force in {} for the household's village or town",
        "该户所在的村、镇在 {} 年没有适用的积分细则",
    ),
)
UNKNOWN_ITEM = RejectReason(
    "unknown_item",
    "细则中无此事项",
    "not in the book that applies",
    "适用的细则里没有",
    Sentence("the rule book that applies has no item of this code", "适用的积分细则中没有这个积分事项代码"),
)
GRANTED_ITEM = RejectReason(
    "granted_item",
    "基础分无须申报",
    "the item is a grant",
    "该事项是基础分",
    Sentence(
        "this item is a grant: every household has it without an event, and none may name it; withdraw it",
        "该事项是基础分，每户自动计入，无须也不能申报；请撤回这一条",
    ),
)
BAD_QUANTITY = RejectReason(
    "bad_quantity",
    "次数不合规",
    "below 1, above 1000, or not 1 where it must be",
    "小于 1、大于 1000，或应当是 1 而不是",
    Sentence(
        "a quantity of {} cannot be: it is 1 to 1000, and for an item that counts once per period or matter, "
        "or only by its highest, 1",
        "次数 {} 不合规定：须为 1 至 1000，按周期、按事项或就高计分的事项只能为 1",
    ),
)
UNEXPECTED_UNTIL = RejectReason(
    "unexpected_until",
    "非承诺事项填了截止日",
    "until on what is no pledge",
    "不是承诺却填了 until",
    Sentence(
        "only a pledge, which counts by month, has a last day (until)",
        "只有按月计分的承诺才能填写截止日（until）",
    ),
    spoils="until",
)
UNTIL_BEFORE_START = RejectReason(
    "until_before_start",
    "截止日早于开始日",
    "the pledge ends before it begins",
    "承诺结束早于开始",
    Sentence(
        "the pledge ends (until) before it begins (occurred_on)",
        "承诺的截止日（until）早于开始日（occurred_on）",
    ),
    spoils="until",
)
MISSING_MATTER = RejectReason(
    "missing_matter",
    "缺少事由编号",
    "the item requires a matter_id",
    "该事项必须填 matter_id",
    Sentence(
        "this item requires a matter_id: which activity, which banquet",
        "该事项必须填写 matter_id（哪一次活动、哪一场宴席）",
    ),
)
PERSONAL_NUMBER = RejectReason(
    "personal_number",
    "成员编号疑似个人号码",
    "11 or more digits in a row in member_id",
    "member_id 里有连续 11 位以上数字",
    Sentence("{}", "{}"),
)

REJECT_REASONS = (
    UNREADABLE_ROW,
    CONFLICTING_HOUSEHOLD,
    CONFLICTING_REVISION,
    MISSING_FIELD,
    RESERVED_ID,
    BAD_DATE,
    UNKNOWN_STATUS,
    UNKNOWN_HOUSEHOLD,
    NO_RULE_BOOK,
    UNKNOWN_ITEM,
    GRANTED_ITEM,
    BAD_QUANTITY,
    UNEXPECTED_UNTIL,
    UNTIL_BEFORE_START,
    MISSING_MATTER,
    PERSONAL_NUMBER,
)
RESOLVED = tuple(one.name for one in REJECT_REASONS if one.resolved)


def spoiling(column: str) -> list[str]:
    """Reasons by which the cell of a column is of no use."""
    return [one.name for one in REJECT_REASONS if one.spoils == column]
