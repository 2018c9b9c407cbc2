"""The fields of a book, of its caps, of the wallet and of the file itself (specification 2.3)."""

from __future__ import annotations

from jifen_batch.scheme.choices import BASES, CAP_PERIODS, EXPIRIES, listed
from jifen_batch.scheme.operators import CAP
from jifen_batch.scheme.rule_field import RuleField, Shown

CAP_FIELDS = (
    RuleField(
        "points",
        "上限",
        "每户每周期最多积分（整数），或按日期分段；不写则不封顶",
        decides=(CAP,),
        columns=("cap_points", "cap_terms"),
        shown=Shown.CAP_POINTS,
    ),
    RuleField(
        "basis",
        "口径",
        f"哪些记分受限：{listed(BASES)}",
        decides=(CAP,),
        columns=("cap_net", "cap_terms"),
        meant="awards",
        shown=Shown.CHOICE,
        choices=BASES,
    ),
    RuleField(
        "period",
        "周期",
        f"按什么周期计：{listed(CAP_PERIODS)}",
        decides=(CAP,),
        columns=("cap_terms",),
        meant="year",
        shown=Shown.CHOICE,
        choices=CAP_PERIODS,
    ),
    RuleField(
        "within",
        "所属上限",
        "所属的更大上限，[caps] 中的名称：此处所得再计入它",
        decides=(CAP,),
        columns=("cap_terms",),
    ),
    RuleField(
        "floor",
        "下限",
        '扣完为止：最低扣到多少，仅限 basis = "net"',
        decides=(CAP,),
        columns=("cap_terms",),
        shown=Shown.LIMIT,
    ),
)
BOOK_FIELDS = (
    RuleField("id", None, "细则编号，全部文件中不得重复", needed="the book's id, no other's in all files"),
    RuleField("title", "名称", "细则名称", needed="the title of the book"),
    RuleField(
        "source",
        "依据",
        "依据：文号或村民会议决议",
        needed="a document's number or a resolution of the villagers",
    ),
    RuleField(
        "first_year",
        "适用的第一年",
        "适用的第一个积分年度",
        needed="the first scoring year in which it applies",
        shown=Shown.OPEN,
    ),
    RuleField(
        "last_year", "适用的最后一年", "适用的最后一个积分年度（含）；不写则一直适用", shown=Shown.OPEN
    ),
    RuleField("extends", "所依据的细则", "所依据的上级细则编号，未改写的内容全部沿用", shown=Shown.OPEN),
    RuleField("scope", "适用范围", "适用范围；不写则全区适用", shown=Shown.SCOPE),
    RuleField("unset", None, "不再沿用的上级字段，如 last_year"),
)
WALLET_FIELDS = (
    RuleField(
        "expires",
        "积分失效",
        "未兑换的积分于次年何日失效；none 为不失效",
        meant="none",
        shown=Shown.CHOICE,
        choices=EXPIRIES,
    ),
)

FILE_FIELDS = (
    RuleField(
        "grades",
        "评定等级",
        "评定等级，自上而下取第一个符合的；写出即整体取代上级的，[] 为不评",
        shown=Shown.GRADES,
    ),
)
