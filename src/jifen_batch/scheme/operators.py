"""The operators by name, in their order (specification 3.3): what may take of a line, or all of it."""

from __future__ import annotations

from jifen_batch.scheme.word import Word

ENROLMENT = "enrolment"
ONCE = "once"
TIER = "tier"
MATTER_CAP = "matter_cap"
CAP = "cap"
FORFEITURE = "forfeiture"
DEDUCTION = "deduction"

OPERATOR_WORDS = (
    Word(
        ENROLMENT,
        "参加",
        "only an enrolled household of the right kind earns",
        "只有当日参加、类别适用的户得分或扣分",
    ),
    Word(ONCE, "同期只记一次", "the first of a period stands", "同一周期内第一次算数"),
    Word(TIER, "就高不重复", "the highest tier of a matter stands", "同一事项就高不就低，不重复积分"),
    Word(MATTER_CAP, "每活动上限", "the sum of a matter is held", "同一事项的合计不超过上限"),
    Word(CAP, "上限", "the sum of a period is held", "每个周期的合计不超过上限，不低于下限"),
    Word(FORFEITURE, "此项不得分", "an incident takes back and puts out", "出事之后收回已得的、不再得分"),
    Word(DEDUCTION, "扣分", "what is below 0 stands as far as a floor lets it", "扣分记到下限为止"),
)
