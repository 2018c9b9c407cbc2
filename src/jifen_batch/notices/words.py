"""The Chinese words of the specification's terms: what clerks read for dispositions, reasons and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch import signs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

DISPOSITIONS = {
    "awarded": "全额记分",
    "topped_up": "补差记分",
    "superseded": "就高不重复",
    "capped": "达到上限",
    "duplicate": "同期重复",
    "forfeited": "此项不得分",
    "reversed": "收回已得分",
    "deducted": "扣分",
    "noted": "仅登记",
    "not_enrolled": "当日未参加",
    "not_eligible": "本户类别不适用",
    "floored": "扣到下限",
}

ACCOUNTING = {
    "rows": "读入行数",
    "not_visible": "截止日后录入",
    "collapsed": "完全相同，合并",
    "superseded": "已有更新版本",
    "rejected": "退回",
    "declared": "已申报，待评定",
    "assessed": "已评定，待审定",
    "declined": "不予认定",
    "withdrawn": "已撤回",
    "not_yet_posted": "未到记分日",
    "no_month_end": "承诺未满一个月末",
    "posted": "已记分",
}

REJECT_REASONS = {
    "unreadable_row": "这一行读不出",
    "conflicting_household": "同一编号指向不同农户",
    "conflicting_revision": "同一编号内容冲突",
    "missing_field": "缺少必填项",
    "reserved_id": "编号留给基础分",
    "bad_date": "日期超出范围",
    "unknown_status": "状态无法识别",
    "unknown_household": "名册中无此户",
    "no_rule_book": "该年度无适用细则",
    "unknown_item": "细则中无此事项",
    "granted_item": "基础分无须申报",
    "bad_quantity": "次数不合规",
    "unexpected_until": "非承诺事项填了截止日",
    "until_before_start": "截止日早于开始日",
    "missing_matter": "缺少事由编号",
    "personal_number": "成员编号疑似个人号码",
}

STATES = {
    "declared": "已申报",
    "assessed": "已评定",
    "declined": "不予认定",
    "withdrawn": "已撤回",
    "superseded": "已有更新版本",
    "not_yet_posted": "未到记分日",
    "no_month_end": "未满一个月末",
}

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

OUTCOMES = {
    "published": "已发布",
    "unchanged": "内容未变，沿用已有结果",
    "held_back": "已发布，细则修改暂缓",
    "kept": "已保存，当前结果不变（截止日期早于当前运行）",
}
PERIODS = {"month": "月", "quarter": "季", "half": "半年", "year": "年", "event": "次", "matter": "事项"}
SCOPES = {"year": "全年", "quarter": "当季", "month": "当月", "matter": "同一事项"}
CAP_PERIODS = {"month": "每月", "quarter": "每季", "half": "每半年", "year": "年度"}
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
