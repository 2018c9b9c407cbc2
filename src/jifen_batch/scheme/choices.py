"""What a field of a rule file may say where only some words are allowed, and how people read each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jifen_batch.dataclass import dataclass
from jifen_batch.sentence import Sentence

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
    """One word that a field may hold: `name` as files have it, and how people read it."""

    name: str
    said: Sentence


@dataclass(frozen=True)
class Period(Choice):
    """A word of `per`: `unit` is what points are counted per, `same` what duplicates share (null: none).

    `times` and `once` are how a rule is read aloud: how often it brings points, and what counts once.
    """

    unit: Sentence
    same: Sentence | None
    times: Sentence
    once: Sentence | None


@dataclass(frozen=True)
class Taken(Choice):
    """A word of `matter`: `taken` is what a missing matter_id counts as, null where it may not be missing."""

    taken: Sentence | None


@dataclass(frozen=True)
class Scope(Choice):
    """A word of `forfeits.scope`: `aloud` is how a rule is read aloud."""

    aloud: Sentence


PERIODS = (
    Period(
        "month",
        Sentence("each month", "每月"),
        Sentence("month", "月"),
        Sentence("the same month", "同一月份"),
        Sentence("a month", "每月"),
        Sentence("once in a month", "同一个月只算一次"),
    ),
    Period(
        "quarter",
        Sentence("each quarter", "每季"),
        Sentence("quarter", "季"),
        Sentence("the same quarter", "同一季度"),
        Sentence("a quarter", "每季度"),
        Sentence("once in a quarter", "同一季度只算一次"),
    ),
    Period(
        "half",
        Sentence("each half-year", "每半年"),
        Sentence("half-year", "半年"),
        Sentence("the same half-year", "同一半年"),
        Sentence("a half-year", "每半年"),
        Sentence("once in a half-year", "同一半年只算一次"),
    ),
    Period(
        "year",
        Sentence("each year", "每年"),
        Sentence("year", "年"),
        Sentence("the same year", "同一年度"),
        Sentence("a year", "每年"),
        Sentence("once in a year", "同一年只算一次"),
    ),
    Period(
        "event",
        Sentence("each time", "每次"),
        Sentence("time", "次"),
        None,
        Sentence("each time", "每次"),
        None,
    ),
    Period(
        "matter",
        Sentence("once a matter", "每事项一次"),
        Sentence("matter", "事项"),
        Sentence("the same matter", "同一事项"),
        Sentence("a matter", "每件"),
        Sentence("once for a matter", "同一件事只算一次"),
    ),
)
MATTERS = (
    Taken(
        "event", Sentence("each event its own", "一条一事"), Sentence("each event its own", "每件各算一事")
    ),
    Taken("day", Sentence("one a day", "同日为一事"), Sentence("one matter a day", "同一天算一事")),
    Taken("year", Sentence("one a year", "同年为一事"), Sentence("one matter a year", "同一年度算一事")),
    Taken("required", Sentence("must be given", "必须填事由编号"), None),
)
CAP_PERIODS = (
    Choice("month", Sentence("each month", "每月")),
    Choice("quarter", Sentence("each quarter", "每季")),
    Choice("half", Sentence("each half-year", "每半年")),
    Choice("year", Sentence("each year", "年度")),
)
FORFEIT_SCOPES = (
    Scope("year", Sentence("whole year", "全年"), Sentence("that year", "当年")),
    Scope("quarter", Sentence("that quarter", "当季"), Sentence("that quarter", "当季")),
    Scope("month", Sentence("that month", "当月"), Sentence("that month", "当月")),
    Scope("matter", Sentence("same matter", "同一事项"), Sentence("for the same matter", "同一件事")),
)
NOTICE_LEVELS = (
    Choice("item", Sentence("by item", "列到事项")),
    Choice("category", Sentence("by category only", "只列类别")),
    Choice("hidden", Sentence("not at all", "不列")),
)
BASES = (
    Choice("awards", Sentence("of awards only", "只限得分")),
    Choice("net", Sentence("deductions make room again", "扣分后可再得")),
)
EXPIRIES = (
    Choice("none", Sentence("do not lapse", "不失效")),
    Choice("12-31", Sentence("lapse on 31 December of the next year", "次年12月31日失效")),
    Choice("03-31", Sentence("lapse on 31 March of the next year", "次年3月31日失效")),
)


def said(choices: Iterable[Choice]) -> dict[str, Sentence]:
    """How people read each word."""
    return {choice.name: choice.said for choice in choices}


def listed(choices: Iterable[Choice]) -> str:
    """All words with what they say in Chinese, as an editor shows them: month 每月、year 每年."""
    return "、".join(f"{choice.name} {choice.said.zh}" for choice in choices)
