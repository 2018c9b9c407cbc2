"""What becomes of a row: every state of the accounting of specification 3.4, with what is so of its rows."""

from __future__ import annotations

from jifen_batch.dataclass import dataclass
from jifen_batch.scheme.word import Word


@dataclass(frozen=True)
class State(Word):
    """A state and its facts.

    `zh_accounted` is its word in the accounting of a run, `zh_notice` that of a correction on the board of
    an event that came to it (null: none). `resolved`: it is seen before the row is looked
    into (3.1, 2). `unposted`: its rows stand in that table. `of_status`: it follows from a status that is
    not approved. `valid`: its event is valid and approved. `break_cause`: the cause of a break where another
    system counts its rows.
    """

    zh_accounted: str
    resolved: bool = False
    unposted: bool = False
    of_status: bool = False
    valid: bool = False
    break_cause: str | None = None
    zh_notice: str | None = None


NOT_VISIBLE = State(
    "not_visible",
    "截止日后录入",
    "recorded after the as-of date",
    "截止日期之后录入",
    "截止日后录入",
    resolved=True,
)
COLLAPSED = State(
    "collapsed",
    "完全相同，合并",
    "equal to another row in every column",
    "与另一行各栏完全相同",
    "完全相同，合并",
    resolved=True,
)
SUPERSEDED = State(
    "superseded",
    "已有更新版本",
    "a later revision stands",
    "以后来的版本为准",
    "已有更新版本",
    resolved=True,
    unposted=True,
)
REJECTED = State("rejected", "退回", "it cannot be scored", "无法记分", "退回", break_cause="rejected")
DECLARED = State(
    "declared",
    "已申报",
    "waits for the committee",
    "等待评定",
    "已申报，待评定",
    unposted=True,
    of_status=True,
    break_cause="pending",
    zh_notice="退回申报",
)
ASSESSED = State(
    "assessed",
    "已评定",
    "waits for the approval",
    "等待审定",
    "已评定，待审定",
    unposted=True,
    of_status=True,
    break_cause="pending",
    zh_notice="退回评定",
)
DECLINED = State(
    "declined",
    "不予认定",
    "not approved",
    "不予认定",
    "不予认定",
    unposted=True,
    of_status=True,
    break_cause="declined",
    zh_notice="不予认定",
)
WITHDRAWN = State(
    "withdrawn",
    "已撤回",
    "taken back",
    "已撤回",
    "已撤回",
    unposted=True,
    of_status=True,
    break_cause="withdrawn",
    zh_notice="撤回",
)
NOT_YET_POSTED = State(
    "not_yet_posted",
    "未到记分日",
    "posts after the as-of date",
    "截止日期之后才入账",
    "未到记分日",
    unposted=True,
    valid=True,
    break_cause="not_yet_posted",
)
NO_MONTH_END = State(
    "no_month_end",
    "未满一个月末",
    "a pledge in force on no month's last day",
    "承诺没有跨过一个月末",
    "承诺未满一个月末",
    unposted=True,
    valid=True,
)
POSTED = State("posted", "已记分", "it has a line", "已有记分", "已记分", valid=True)

STATES = (
    NOT_VISIBLE,
    COLLAPSED,
    SUPERSEDED,
    REJECTED,
    DECLARED,
    ASSESSED,
    DECLINED,
    WITHDRAWN,
    NOT_YET_POSTED,
    NO_MONTH_END,
    POSTED,
)
APPROVED = "approved"  # the status of events that are scored

UNPOSTED = tuple(one for one in STATES if one.unposted)
UNPOSTED_NAMES = tuple(one.name for one in UNPOSTED)
OF_STATUS = tuple(one.name for one in STATES if one.of_status)
# Valid approved events that have no line.
WAITING = tuple(one.name for one in UNPOSTED if one.valid)
VALID = tuple(one.name for one in STATES if one.valid)
# Rows of which nothing is kept but their number.
GONE = tuple(one.name for one in STATES if one.resolved and not one.unposted)
STATUSES = (*OF_STATUS[:2], APPROVED, *OF_STATUS[2:])
