"""The fields of an item (specification 2.3), in the order of the pages."""

from __future__ import annotations

from jifen_batch.scheme.choices import MATTERS, NOTICE_LEVELS, PERIODS, listed
from jifen_batch.scheme.operators import CAP, ENROLMENT, FORFEITURE, MATTER_CAP, ONCE, TIER
from jifen_batch.scheme.rule_field import ACCEPTANCE, ACCRUAL, GROSS, OFFER, SUMS, RuleField, Shown

NEEDED = ("text, needed", "文字，必填")
FLAG = ("`true`", "`true`")

ITEM_FIELDS = (
    RuleField(
        "code",
        None,
        "事项代码，本文件内不得重复",
        value=NEEDED,
        means=("identity; events name it", "事项代码，申报时填它"),
        required=True,
        decides=(OFFER,),
        columns=(),
    ),
    RuleField(
        "row",
        "附件行号",
        "附件第几行；备注所生后果不写",
        value=("1 to 34", "1 至 34"),
        means=(
            "row of the annex; none for a consequence that a remark names",
            "附件第几行；备注所生后果不写",
        ),
    ),
    RuleField(
        "category",
        "类别",
        "类别",
        value=NEEDED,
        means=("类别", "类别"),
        required=True,
        decides=(SUMS,),
    ),
    RuleField(
        "task", "积分任务", "积分任务名称", value=NEEDED, means=("积分任务", "积分任务名称"), required=True
    ),
    RuleField(
        "name", "积分事项", "积分事项名称", value=NEEDED, means=("积分事项", "积分事项名称"), required=True
    ),
    RuleField("content", "积分内容", "积分内容", means=("积分内容", "积分内容")),
    RuleField(
        "clause", "细则原文", "细则原文，供“逐条说明”引用", means=("the annex's own words", "附件原文")
    ),
    RuleField(
        "points",
        "分值",
        "分值（整数，可为负），或按日期分段",
        value=("whole number or dated list, needed", "整数或分段，必填"),
        means=(
            "`5`, or `[{from = 2023-01-01, points = 5}, …]`; below 0 is a deduction",
            "`5`，或 `[{from = 2023-01-01, points = 5}, …]`；小于 0 是扣分",
        ),
        required=True,
        decides=(GROSS,),
        columns=("steps",),
        shown=Shown.POINTS,
    ),
    RuleField(
        "per",
        "计分周期",
        f"计分周期：{listed(PERIODS)}",
        value=(
            "`month`, `quarter`, `half`, `year`, `event`, `matter`; needed",
            "`month`、`quarter`、`half`、`year`、`event`、`matter`，必填",
        ),
        means=(
            "how often it counts: once per such period, `event` without limit",
            "多久算一次：每月、每季、每半年、每年、每事项一次，`event` 不限",
        ),
        required=True,
        decides=(ACCEPTANCE, ACCRUAL, ONCE),
        shown=Shown.CHOICE,
        choices=PERIODS,
    ),
    RuleField(
        "pledge",
        "承诺逐月计分",
        '是否承诺：承诺期内逐月计分，仅限 per = "month"',
        value=FLAG,
        means=(
            'one event brings the points of every month it is in force; `per = "month"` only',
            '承诺：一条申报得承诺期内各月的分；仅限 `per = "month"`',
        ),
        decides=(ACCEPTANCE, ACCRUAL),
        meant=False,
        shown=Shown.FLAG,
        brief="承诺，按月计",
    ),
    RuleField(
        "cap",
        "所受上限",
        "所受上限，[caps] 中的名称",
        value=("name in `[caps]`", "`[caps]` 里的名称"),
        means=(
            "the points per household and period that it shares with others of that name",
            "每户每个周期与同名各项合用的上限",
        ),
        decides=(CAP,),
    ),
    RuleField(
        "matter_cap",
        "每活动上限",
        "同一事项最多积分",
        value=("whole number", "整数"),
        means=("points per matter", "同一事项最多积分"),
        decides=(MATTER_CAP,),
        shown=Shown.LIMIT,
        brief="每事最多 {}",
    ),
    RuleField(
        "matter",
        "同一事项认定",
        "未填 matter_id 时如何认定“同一事项”，默认 event",
        value=("`event`, `day`, `year`, `required`", "`event`、`day`、`year`、`required`"),
        means=(
            "what a null `matter_id` means; default `event`",
            "没填 `matter_id` 时算哪一件事；默认 `event`",
        ),
        decides=(ACCEPTANCE, ONCE, TIER, MATTER_CAP),
        meant="event",
        shown=Shown.CHOICE,
        choices=MATTERS,
    ),
    RuleField(
        "exclusive",
        "就高组",
        "就高不就低的组名，组内同一事项不重复积分",
        value=("name", "名称"),
        means=("group in which only the highest tier of a matter counts", "就高不就低的组"),
        decides=(ACCEPTANCE, TIER),
        brief="就高不就低 {}",
    ),
    RuleField(
        "by_member",
        "按成员计",
        "“每周期一次”是否按家庭成员分别计",
        value=FLAG,
        means=("once per period and member", "每周期每个成员一次"),
        decides=(ONCE,),
        meant=False,
        shown=Shown.FLAG,
        brief="按成员计",
    ),
    RuleField(
        "forfeits",
        "连带不得分",
        "发生后哪些事项不得分",
        value=("`{scope, items, reach}`", "`{scope, items, reach}`"),
        means=(
            "what it takes away: items or `all`, of one period or matter, all or just what came `before`",
            "哪些事项或全部 `all` 不得分：同一周期或同一事项之内；`before` 只收回此前已记的",
        ),
        decides=(FORFEITURE,),
        columns=("forfeits", "forfeited_by"),
        shown=Shown.FORFEITS,
        brief="{scope}取消 {items}",
    ),
    RuleField(
        "notice",
        "公告列示",
        f"公告列示到何种程度：{listed(NOTICE_LEVELS)}",
        value=("`item`, `category`, `hidden`", "`item`、`category`、`hidden`"),
        means=(
            "how far public notices may name it; default `item`",
            "公告列示到何种程度；默认 `item`",
        ),
        meant="item",
        shown=Shown.CHOICE,
        choices=NOTICE_LEVELS,
    ),
    RuleField(
        "kinds",
        "适用的户",
        "只适用于这些类别的户（花名册 kind），如 出租户",
        value=("list of kinds", "类别的数组"),
        means=("only for households of these kinds", "只适用于这些类别的户"),
        decides=(ENROLMENT,),
        shown=Shown.LIST,
        brief="只适用于 {}",
    ),
    RuleField(
        "grant",
        "基础分",
        '是否基础分：每户无须申报即得，仅限 per = "year" 或 "month"',
        value=FLAG,
        means=("every enrolled household has it without an event", "基础分：每户无须申报即得"),
        decides=(OFFER, ACCEPTANCE),
        meant=False,
        shown=Shown.FLAG,
        brief="基础分，无须申报",
    ),
    RuleField(
        "spendable",
        "可兑换",
        "false 为只计名次、不得兑换，默认可兑换",
        value=("`false`", "`false`"),
        means=("its points never enter a wallet", "`false` 为只计名次、不得兑换"),
        meant=True,
        shown=Shown.FLAG,
        brief="不得兑换",
    ),
    RuleField(
        "disabled",
        None,
        "true 停用沿用的事项，false 恢复",
        value=("`true`, `false`", "`true`、`false`"),
        means=("take an inherited item out, or put it back", "停用沿用的事项，或恢复"),
        decides=(OFFER,),
        columns=(),
    ),
    RuleField(
        "unset",
        None,
        "不再沿用的上级字段，如 cap",
        value=("list of keys", "键的数组"),
        means=("inherited fields to remove", "不再沿用的字段"),
    ),
)
