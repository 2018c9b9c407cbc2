"""What a field of a rule file may say where only some words are allowed, with their Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

Per = Literal["month", "quarter", "half", "year", "event", "matter"]
CapPeriod = Literal["month", "quarter", "half", "year"]
Matter = Literal["event", "day", "year", "required"]
ForfeitScope = Literal["year", "quarter", "month", "matter"]
Reach = Literal["all", "before"]
Notice = Literal["item", "category", "hidden"]
Basis = Literal["awards", "net"]
Expires = Literal["none", "12-31", "03-31"]


@dataclass(frozen=True)
class Choice:
    """One word that a field may hold: `name` as files have it, and what it says in Chinese."""

    name: str
    zh: str


@dataclass(frozen=True)
class Period(Choice):
    """A word of `per`: `unit` is what points are counted per, `same` what duplicates share (null: none)."""

    unit: str
    same: str | None


@dataclass(frozen=True)
class Taken(Choice):
    """A word of `matter`: `taken` is what a missing matter_id counts as, null where it may not be missing."""

    taken: str | None


PERIODS = (
    Period("month", "每月", "月", "同一月份"),
    Period("quarter", "每季", "季", "同一季度"),
    Period("half", "每半年", "半年", "同一半年"),
    Period("year", "每年", "年", "同一年度"),
    Period("event", "每次", "次", None),
    Period("matter", "每事项一次", "事项", "同一事项"),
)
MATTERS = (
    Taken("event", "一条一事", "每件各算一事"),
    Taken("day", "同日为一事", "同一天算一事"),
    Taken("year", "同年为一事", "同一年度算一事"),
    Taken("required", "必须填事由编号", None),
)
CAP_PERIODS = (
    Choice("month", "每月"),
    Choice("quarter", "每季"),
    Choice("half", "每半年"),
    Choice("year", "年度"),
)
FORFEIT_SCOPES = (
    Choice("year", "全年"),
    Choice("quarter", "当季"),
    Choice("month", "当月"),
    Choice("matter", "同一事项"),
)
NOTICE_LEVELS = (Choice("item", "列到事项"), Choice("category", "只列类别"), Choice("hidden", "不列"))
BASES = (Choice("awards", "只限得分"), Choice("net", "扣分后可再得"))
EXPIRIES = (
    Choice("none", "不失效"),
    Choice("12-31", "次年12月31日失效"),
    Choice("03-31", "次年3月31日失效"),
)


def said(choices: Iterable[Choice]) -> dict[str, str]:
    """What each word says in Chinese."""
    return {choice.name: choice.zh for choice in choices}


def listed(choices: Iterable[Choice]) -> str:
    """All words with what they say, as an editor shows them: month 每月、year 每年."""
    return "、".join(f"{choice.name} {choice.zh}" for choice in choices)
