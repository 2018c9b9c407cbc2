"""The words of the specification's terms: what people read for dispositions, reasons and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch import signs
from jifen_batch.scheme import choices, dispositions, reject_reasons, states
from jifen_batch.scheme.outcomes import RUN_OUTCOMES
from jifen_batch.scheme.word import in_words, spoken
from jifen_batch.sentence import COMMA, Sentence, joined

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

DISPOSITIONS = spoken(dispositions.DISPOSITIONS)
ACCOUNTING = {"rows": Sentence("rows read", "读入行数")} | {
    state.name: in_words(state.name, state.zh_accounted) for state in states.STATES
}
REJECT_REASONS = spoken(reject_reasons.REJECT_REASONS)
STATES = spoken(states.UNPOSTED)
OUTCOMES = spoken(RUN_OUTCOMES)
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

VILLAGE = Sentence("village", COLUMNS["village_id"])
QUARTERS = {"1": "一", "2": "二", "3": "三", "4": "四"}


def column(name: str) -> Sentence:
    """What stands above a column: in English its name, written as words."""
    return in_words(name, COLUMNS[name])


def quarter(name: str) -> Sentence:
    """A quarter as people say it: 2023Q3 is 2023年第三季度 on a notice."""
    year, _, number = name.partition("Q")
    return Sentence(name, f"{year}年第{QUARTERS[number]}季度")


def renamed(old: str, new: str, day: date) -> Sentence:
    """A household under a new id."""
    was, now = printable(old), printable(new)
    since = f"{day.year}年{day.month}月{day.day}日"
    return Sentence(f"From {day} on, id {was} is {now}.", f"自{since}起，编号由 {was} 变更为 {now}。")


def holding(content: Mapping[str, Any]) -> Sentence | None:
    """Earlier quarters that an announcement holds, each with its points; null where it holds none."""
    quarters = [
        (quarter(one["quarter"]), one["points"])
        for one in content.get("with_earlier", {}).get("quarters", [])
    ]
    told = [Sentence(f"{of.en}: {points:,} points", f"{of.zh} {points:,} 分") for of, points in quarters]
    return joined(told, COMMA) if told else None


def replacing(content: Mapping[str, Any]) -> Sentence | None:
    """Which announcement this one replaces, and why that was withdrawn; null where it replaces none."""
    told = content.get("replaces")
    if not told:
        return None
    withdrawn, reason = str(told["withdrawn_at"])[:10], printable(told["reason"])
    return Sentence(
        f"the one as of {told['as_of']}, withdrawn {withdrawn}, because: {reason}",
        f"原公告截至 {told['as_of']}，{withdrawn} 撤回，原因：{reason}",
    )


def printable(value: object) -> str:
    """Text from data as it may be shown: what could hurt is replaced (`signs`); null is a dash."""
    if value is None:
        return "—"
    return signs.shown(str(value))
