"""The Chinese words of the specification's terms: what clerks read for dispositions, reasons and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch import signs
from jifen_batch.scheme import choices, dispositions, reject_reasons, states
from jifen_batch.scheme.outcomes import RUN_OUTCOMES
from jifen_batch.scheme.word import chinese

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

DISPOSITIONS = chinese(dispositions.DISPOSITIONS)
ACCOUNTING = {"rows": "读入行数"} | {state.name: state.zh_accounted for state in states.STATES}
REJECT_REASONS = chinese(reject_reasons.REJECT_REASONS)
STATES = chinese(states.UNPOSTED)
OUTCOMES = chinese(RUN_OUTCOMES)
PERIODS = {period.name: period.unit for period in choices.PERIODS}
SCOPES = choices.said(choices.FORFEIT_SCOPES)
CAP_PERIODS = choices.said(choices.CAP_PERIODS)

COLUMNS = {
    "town_id": "镇",
    "village_id": "村",
    "household_id": "户编号",
    "scoring_year": "积分年度",
    "category": "类别",
    "quarter": "季度",
    "awarded": "得分",
    "deducted": "扣分",
    "reversed": "收回",
    "net": "净积分",
    "year_to_date": "年内累计",
    "rank": "名次",
    "rank_in_town": "镇内名次",
    "households": "排名户数",
    "group_id": "村民小组",
    "rank_in_group": "组内名次",
    "grade": "等级",
    "barred_by": "妨碍评级的事项",
}

QUARTERS = {"1": "一", "2": "二", "3": "三", "4": "四"}


def quarter(name: str) -> str:
    """A quarter as a notice says it: 2023Q3 is 2023年第三季度."""
    year, _, number = name.partition("Q")
    return f"{year}年第{QUARTERS[number]}季度"


def renamed(old: str, new: str, day: date) -> str:
    """A household under a new id, as a notice says it."""
    since = f"{day.year}年{day.month}月{day.day}日"
    return f"自{since}起，编号由 {printable(old)} 变更为 {printable(new)}。"


def holding(content: Mapping[str, Any]) -> str:
    """Earlier quarters that an announcement holds, each with its points; empty where it holds none."""
    quarters = content.get("with_earlier", {}).get("quarters", [])
    return "，".join(f"{quarter(one['quarter'])} {one['points']:,} 分" for one in quarters)


def replacing(content: Mapping[str, Any]) -> str:
    """Which announcement this one replaces, and why that was withdrawn; empty where it replaces none."""
    told = content.get("replaces")
    if not told:
        return ""
    withdrawn = str(told["withdrawn_at"])[:10]
    return f"原公告截至 {told['as_of']}，{withdrawn} 撤回，原因：{printable(told['reason'])}"


def printable(value: object) -> str:
    """Text from data as it may be shown: what could hurt is replaced (`signs`); null is a dash."""
    if value is None:
        return "—"
    return signs.shown(str(value))
