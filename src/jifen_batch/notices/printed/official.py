"""What makes a list an official notice: its period, where objections go, who signs and seals.

What nobody said is a line to fill in by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.notices.printed.document import Closing

if TYPE_CHECKING:
    from datetime import date

    from jifen_batch.notices.printed.settings import NoticeSettings

BLANK = "＿" * 6
SHORT = BLANK[:3]
BLANK_DAY = f"{BLANK}年{SHORT}月{SHORT}日"
# Whom the scheme has assess points. Source: 实施方案 四（三）2.
ISSUER = "村民积分管理自治小组"
SIGNING = (("组长", ""), ("成员", ""), ("成员", ""))


def notices(settings: NoticeSettings, printed_on: date) -> list[str]:
    """The lines in the box under the title: from when until when it hangs, and how to object."""
    return [_period(settings, printed_on), _objecting(settings, printed_on)]


def closing(settings: NoticeSettings, village: str, printed_on: date, code: str, digest: str) -> Closing:
    """Who announces and who signs."""
    return Closing(
        settings.issuer or f"{village} {ISSUER}",
        settings.people or SIGNING,
        chinese_day(printed_on),
        code,
        digest,
    )


def chinese_day(day: date) -> str:
    """A day as Chinese says it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _period(settings: NoticeSettings, printed_on: date) -> str:
    """From when until when it hangs."""
    period = settings.period(printed_on)
    if period is None:
        return f"公示期：{BLANK_DAY} 至 {BLANK_DAY}"
    first, last = period
    return f"公示期：{chinese_day(first)} 至 {chinese_day(last)}（{settings.period_days} 天）"


def _objecting(settings: NoticeSettings, printed_on: date) -> str:
    """Where objections go, and until when."""
    deadline = settings.deadline(printed_on)
    until = f"在 {chinese_day(deadline)} 前（含当日）" if deadline else "在公示期内"
    to = settings.issuer or ISSUER
    where = [
        f"受理人：{settings.contact or BLANK}",
        f"电话：{settings.telephone or BLANK}",
        f"地点：{settings.address or BLANK}",
        *([f"时间：{settings.hours}"] if settings.hours else []),
    ]
    told = f"对本公告有异议的，请{until}向{to}提出；凭户编号可以查询逐笔记分。"
    return told + "　".join(where)
