"""Why figures differ: causes of breaks, of changed lines, and of corrections (specification 4 and 5)."""

from __future__ import annotations

from jifen_batch.dataclass import dataclass
from jifen_batch.scheme.operators import CAP, ENROLMENT, FORFEITURE, MATTER_CAP, ONCE, TIER
from jifen_batch.scheme.word import Word

OLDER_RULES, OLDER_REVISION, NOT_ENROLLED, DUPLICATE = (
    "older_rules",
    "older_revision",
    "not_enrolled",
    "duplicate",
)
CAP_NOT_APPLIED, CAP_PERIOD, FLOOR_NOT_HELD = "cap_not_applied", "cap_period", "floor_not_held"
BASE_POINTS_LEFT_OUT = "base_points_left_out"

# How strong the cause of a break is: shown by a fact or by several breaks together, or by one sum alone.
PROVED, FITS = "proved", "fits"
STRENGTHS = (
    Word(PROVED, "确证", "a fact or several breaks show it", "有事实，或几处差异一起表明"),
    Word(FITS, "数额相符", "it comes to the sum, which may be chance", "只是这一处的数对得上，也可能是巧合"),
)

# What another system may have done otherwise, in the order in which it is tried.
BREAK_CAUSES = (
    Word(
        "changed_id",
        "对方用的是另一个户编号",
        "a household stands there under another id: a succession says so, or all its figures are the same",
        "对方换了户编号：变更表上有，或各项分数全都一样",
    ),
    Word(
        "unknown_household",
        "我方名册中无此户",
        "only they have it, and the register does not",
        "只有对方有，名册上没有",
    ),
    Word(
        "duplicate_row",
        "对方同一行报了多次",
        "their rows, equal ones counted once, come to ours",
        "相同的行只算一次，正好等于我方",
    ),
    Word("pending", "未审定的事项，对方已计分", "declared and assessed events count", "申报、评定的也计分"),
    Word("declined", "不予认定的事项，对方已计分", "declined events count", "不予认定的也计分"),
    Word("withdrawn", "已撤回的事项，对方仍计分", "withdrawn events count", "撤回的也计分"),
    Word(
        OLDER_REVISION,
        "对方按旧版本计分",
        "a superseded approved revision counts instead",
        "换成已被取代的认定版本",
    ),
    Word(
        "rejected", "我方退回的记录，对方已计分", "a rejected row counts, taken as good", "退回的行当作合格"
    ),
    Word(DUPLICATE, "同期重复，对方重复计分", "a period counts more than once", "同一周期计几次"),
    Word(
        CAP_NOT_APPLIED,
        "对方未按上限封顶",
        "without a cap, a matter cap, or any",
        "去掉一个上限、单次上限，或全部上限",
    ),
    Word(
        "cap_figure",
        "对方的上限是另一个数",
        "the same other figure of a cap explains several breaks",
        "同一个上限换成同一个数，几处差异都说得通",
    ),
    Word(
        CAP_PERIOD,
        "对方的上限按另一种周期算",
        "a cap counts by another period: by the year and not by quarter, month or half-year, or the reverse",
        "同一个上限，我方按季度、月或半年算，对方按全年算，或者反过来",
    ),
    Word(
        FLOOR_NOT_HELD,
        "对方扣分未守下限",
        "deductions go below the floor of a cap, or of any",
        "扣分扣到了某一下限以下，或不论哪个下限",
    ),
    Word(
        "total_cap",
        "对方按总分封顶",
        "every key of which ours is more stands at one sum, and none above it",
        "我方高过某数的，对方全停在那个数，没有一个更高",
    ),
    Word(
        "tier_counted_twice",
        "对方未就高，重复计分",
        "without an exclusive tier, or any",
        "去掉一组就高不就低，或全部",
    ),
    Word(
        "forfeiture_not_taken_back",
        "对方未执行此项不得分",
        "without what an incident forfeits, or without its reversals",
        "去掉某一事故的取消得分，或只去掉收回",
    ),
    Word(
        NOT_ENROLLED,
        "当日未参加，对方已计分",
        "days on which it was not enrolled count",
        "不在册的日子也计分",
    ),
    Word(
        "not_yet_posted",
        "未到记分日，对方已计分",
        "what posts after the as-of date counts",
        "截止日期之后入账的也计分",
    ),
    Word(
        "late_approval",
        "跨季审定，对方计入另一季度",
        "by quarter: by the day itself, or the day of approval without grace",
        "分季度时：按所属日，或按审定日、不计宽限",
    ),
    Word(
        OLDER_RULES,
        "对方按旧细则计分",
        "by books of other kept runs and announced quarters",
        "按别次运行、已公告季度的细则",
    ),
    Word(
        BASE_POINTS_LEFT_OUT,
        "对方未计基础分",
        "what every household is granted left out, a floor for deductions with it or not",
        "户户都有的基础分没有算，扣分的下限也许一并没有",
    ),
    Word("deduction_left_out", "对方未扣分", "a deduction left out", "少一笔扣分"),
    Word(
        "older_run",
        "对方与我方较早的结果一致",
        "the figure of an earlier run; only if nothing above fits",
        "较早运行的数字；以上都不合才试",
    ),
    Word(
        "same_difference",
        "全村差同一个数",
        "all breaks of a village differ by one sum, and nothing else explains them",
        "一个村的差异全是同一个数，别无原因",
    ),
    Word(
        "missing_there",
        "对方缺少该事项",
        "one event is lacking there; likewise last",
        "对方少一件；也是最后才试",
    ),
)


@dataclass(frozen=True)
class ChangeCause(Word):
    """What a changed line is put down to; `zh_notice` is how a correction on the board says it."""

    zh_notice: str


# In the order in which scoring comes to them: what stood in for what came first (specification 3).
CHANGE_CAUSES = (
    ChangeCause(
        "rows",
        "申报认定记录",
        "the event's rows: new, missing, revised, not approved, or rejected",
        "来源的行：新来的、没有了的、更正了的、未认定的、退回的",
        "记录更正",
    ),
    ChangeCause(
        "due",
        "记分日已到与未到",
        "its posting day lies after the other side's as-of date",
        "入账日在另一边的截止日期之后",
        "记分日改变",
    ),
    ChangeCause(
        "place", "所属村变动", "the household counts in another place", "该户改归另一处", "所属村更正"
    ),
    ChangeCause(
        "book",
        "适用细则改变",
        "another rule book is in force there",
        "那里改由另一份细则管",
        "适用细则改变",
    ),
    ChangeCause("points", "分值", "the item's points were edited", "改了事项的分值", "分值"),
    ChangeCause(
        "item",
        "积分事项",
        "the item was edited otherwise: offered, how often it accrues, what it is called",
        "事项另有修改：停用与恢复、多久计一次、名称类别",
        "积分事项",
    ),
    ChangeCause(
        ENROLMENT,
        "名册参加情况",
        "the register says otherwise who was enrolled that day",
        "那天是否在册，名册写得不同",
        "参加情况更正",
    ),
    ChangeCause(
        ONCE,
        "同期只记一次",
        "once per period: which line is the first",
        "每期只算一次：哪一条是第一次",
        "同期只记一次",
    ),
    ChangeCause(
        TIER,
        "就高不重复",
        "exclusive tier: what the highest before it is",
        "就高不就低：先前最高的是多少",
        "就高不重复",
    ),
    ChangeCause(
        MATTER_CAP,
        "每活动上限",
        "the cap of the matter, or the room under it",
        "一件事的上限，或它剩下的余地",
        "单项上限",
    ),
    ChangeCause(
        CAP, "年度上限", "the year cap, or the room under it", "年度上限，或它剩下的余地", "年度上限"
    ),
    ChangeCause(
        FORFEITURE,
        "此项不得分",
        "an incident that forfeits it came, went, or forfeits other items",
        "取消得分的事故有了、没有了，或改为取消别的",
        "此项不得分",
    ),
    ChangeCause(
        "grace",
        "审定宽限天数",
        "the days of grace, and so the quarter",
        "宽限天数，因而季度不同",
        "审定宽限期改变",
    ),
    ChangeCause("unattributed", "原因不明", "nothing that was found", "没有查到原因", "其他"),
)
# Of corrections alone: what hung is announced in this quarter instead.
LATER = ChangeCause(
    "later", "改列本季公告", "it is announced in this quarter instead", "改在本季公告", "改列本季公告"
)

EDITED, FOLLOWED = "edited", "followed"


@dataclass(frozen=True)
class Circumstance(Word):
    """What became of a cause: `of_rule`, its rule came to another result; `zh_notice`, of rows alone."""

    of_rule: bool = False
    zh_notice: str | None = None


CIRCUMSTANCES = (
    Circumstance(EDITED, "细则修改", "the rule of that cause was edited", "这一条规则改了", of_rule=True),
    Circumstance(
        FOLLOWED,
        "随其他记录变动",
        "another line changed that it depends on",
        "它所依赖的另一条变了",
        of_rule=True,
    ),
    Circumstance("other_book", "另一本细则", "another rule book governs it", "改由另一份细则管"),
    Circumstance("register", "名册变动", "the register says otherwise", "名册写得不同"),
    Circumstance("time", "截止日期不同", "the as-of dates differ", "两次的截止日期不同"),
    Circumstance("option", "运行选项", "the days of grace differ", "宽限天数不同"),
    Circumstance("new", "新增", "its rows came", "新来的行", zh_notice="补记"),
    Circumstance("missing", "不再存在", "its rows are gone", "行没有了", zh_notice="原记录已不存在"),
    Circumstance(
        "household",
        "换了户",
        "its rows name another household",
        "行里的户编号变了",
        zh_notice="记录的户编号变了",
    ),
    Circumstance("revised", "更正", "its rows were corrected", "行更正了", zh_notice="记录更正"),
    Circumstance("unattributed", "未查明", "nothing that was found", "没有查到"),
)
