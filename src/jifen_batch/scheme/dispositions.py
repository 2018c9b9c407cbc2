"""What becomes of a line (specification 3.3): every disposition, with what is so of each of its lines."""

from __future__ import annotations

from enum import Enum, auto

from jifen_batch.dataclass import dataclass
from jifen_batch.scheme.operators import (
    CAP,
    DEDUCTION,
    ENROLMENT,
    FORFEITURE,
    MATTER_CAP,
    ONCE,
    OPERATOR_WORDS,
    TIER,
)
from jifen_batch.scheme.word import Word


class Brings(Enum):
    """What the points of a line may be, beside its gross."""

    ALL = auto()  # its gross, which is above 0
    PART = auto()  # anything from 0 to its gross
    NOTHING = auto()  # 0, whatever its gross
    LOSS = auto()  # its gross, which is below 0
    PART_LOSS = auto()  # more than its gross, which is below 0, and at most 0


@dataclass(frozen=True)
class Disposition(Word):
    """A disposition and its facts.

    `given_by` are the operators that make a line so; none for the one that every line begins with.
    `in_play`: operators after the one that gave it look at the line. `has_cause`: it names the event that
    made it so. `takes_all`: nothing is left of the line, whatever its gross. `counts_in_cap`: its cap tells
    how far it was used.
    """

    brings: Brings
    given_by: tuple[str, ...] = ()
    in_play: bool = True
    has_cause: bool = False
    takes_all: bool = False
    counts_in_cap: bool = True


AWARDED = Disposition("awarded", "全额记分", "in full", "全额得分", Brings.ALL)
TOPPED_UP = Disposition(
    "topped_up",
    "补差记分",
    "the difference to a lower tier that counted before",
    "补上与先前较低一级的差额",
    Brings.PART,
    given_by=(TIER,),
    has_cause=True,
)
SUPERSEDED = Disposition(
    "superseded",
    "就高不重复",
    "a tier as high counted before; 0 points",
    "先前已有同级或更高的，0 分",
    Brings.NOTHING,
    given_by=(TIER,),
    has_cause=True,
)
CAPPED = Disposition(
    "capped",
    "达到上限",
    "lost points to a cap, or all",
    "因上限少得或不得",
    Brings.PART,
    given_by=(MATTER_CAP, CAP),
)
DUPLICATE = Disposition(
    "duplicate",
    "同期重复",
    "not the first of its period; 0 points",
    "同一周期内不是第一次，0 分",
    Brings.NOTHING,
    given_by=(ONCE,),
    in_play=False,
    has_cause=True,
    takes_all=True,
    counts_in_cap=False,
)
FORFEITED = Disposition(
    "forfeited",
    "此项不得分",
    "after an incident; 0 points",
    "出事之后，0 分",
    Brings.NOTHING,
    given_by=(FORFEITURE,),
    has_cause=True,
    takes_all=True,
    counts_in_cap=False,
)
REVERSED = Disposition(
    "reversed",
    "收回已得分",
    "takes back an award of before the incident",
    "收回出事之前的得分",
    Brings.LOSS,
    given_by=(FORFEITURE,),
    in_play=False,
    has_cause=True,
    counts_in_cap=False,
)
DEDUCTED = Disposition(
    "deducted", "扣分", "points below 0, in full", "扣分，全额", Brings.LOSS, given_by=(DEDUCTION,)
)
NOTED = Disposition(
    "noted", "仅登记", "an item of 0 points", "0 分的事项", Brings.NOTHING, given_by=(DEDUCTION,)
)
NOT_ENROLLED = Disposition(
    "not_enrolled",
    "当日未参加",
    "not enrolled that day; 0 points",
    "那天不在册，0 分",
    Brings.NOTHING,
    given_by=(ENROLMENT,),
    in_play=False,
    takes_all=True,
    counts_in_cap=False,
)
NOT_ELIGIBLE = Disposition(
    "not_eligible",
    "本户类别不适用",
    "not for the household's kind of that day; 0 points",
    "那天本户的类别不适用，0 分",
    Brings.NOTHING,
    given_by=(ENROLMENT,),
    in_play=False,
    takes_all=True,
    counts_in_cap=False,
)
FLOORED = Disposition(
    "floored",
    "扣到下限",
    "points below 0, as far as a floor lets them",
    "扣分，扣到下限为止",
    Brings.PART_LOSS,
    given_by=(CAP,),
)

DISPOSITIONS = (
    AWARDED,
    TOPPED_UP,
    SUPERSEDED,
    CAPPED,
    DUPLICATE,
    FORFEITED,
    REVERSED,
    DEDUCTED,
    NOTED,
    NOT_ENROLLED,
    NOT_ELIGIBLE,
    FLOORED,
)
_ORDER = [operator.name for operator in OPERATOR_WORDS]

OUT_OF_PLAY = tuple(one.name for one in DISPOSITIONS if not one.in_play)
WITH_CAUSE = tuple(one.name for one in DISPOSITIONS if one.has_cause)
OUTSIDE_CAPS = tuple(one.name for one in DISPOSITIONS if not one.counts_in_cap)


def bringing(what: Brings) -> list[str]:
    """Dispositions of lines that bring so much."""
    return [one.name for one in DISPOSITIONS if one.brings is what]


def given_by(operator: str) -> list[str]:
    """Dispositions that an operator gives."""
    return [one.name for one in DISPOSITIONS if operator in one.given_by]


def taking_all() -> dict[str, str]:
    """Dispositions that leave nothing of a line whatever its gross, with their operators, in their order."""
    taking = [(one.given_by[0], one.name) for one in DISPOSITIONS if one.takes_all]
    return {name: operator for operator, name in sorted(taking, key=lambda pair: _ORDER.index(pair[0]))}


def may_hide(operator: str) -> list[str]:
    """Dispositions of lines that may have lost to an operator: its own, and what takes all after it."""
    after = _ORDER[_ORDER.index(operator) + 1 :]
    later = [name for name, by in taking_all().items() if by in after]
    return [*given_by(operator), *later]
