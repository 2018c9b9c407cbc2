"""The format of a rule file: every key, its type and what it means (specification 2.3).

One declaration serves three readers: files are checked against it, editors complete from its JSON Schema,
and layering merges its fields. Nearly every key may be left out of one file, because the book that it
extends may give it: what must stand after layering is `REQUIRED_OF_BOOK` and `REQUIRED_OF_ITEM`.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - annotations are read when files are
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from jifen_batch.rules.declared import Between, Filled, Table, Without
from jifen_batch.scheme import rule_fields
from jifen_batch.scheme.choices import (  # noqa: TC001 - as above
    Basis,
    CapPeriod,
    Expires,
    ForfeitScope,
    Matter,
    Notice,
    Per,
    Reach,
)
from jifen_batch.sentence import Sentence

POINTS_LIMIT = 1_000_000
CAP_LIMIT = 10**15  # sums under a cap stay far below 2^63
ANNEX_ROWS = 34

REQUIRED_OF_BOOK = tuple(name for name, one in rule_fields.BOOK.items() if one.required)
REQUIRED_OF_ITEM = tuple(name for name, one in rule_fields.ITEM.items() if one.required)
INHERITED_BY_BOOK = ("title", "source", "first_year", "last_year")


def _has_control(text: str) -> bool:
    """Whether a text holds characters that no notice can print; line breaks and tabs may stand."""
    return any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in text)


def _is_blank(text: str) -> bool:
    return not text.strip()


def _is_unclean(text: str) -> bool:
    """Whether a name looks like another one: blanks at its edges, invisible characters."""
    return text != text.strip() or any(
        unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} for sign in text
    )


Prose = Annotated[str, Without("control_character", _has_control)]
Text = Annotated[Prose, Filled(), Without("blank", _is_blank)]
Name = Annotated[str, Filled(), Without("blank", _is_blank), Without("unclean_name", _is_unclean)]
Names = Annotated[Sequence[Name], Filled()]
Year = Annotated[int, Between(1, 9999)]
AnnexRow = Annotated[int, Between(1, ANNEX_ROWS)]
Points = Annotated[int, Between(-POINTS_LIMIT, POINTS_LIMIT)]
CapPoints = Annotated[int, Between(0, CAP_LIMIT)]
Floor = Annotated[int, Between(-CAP_LIMIT, 0)]
Total = Annotated[int, Between(-CAP_LIMIT, CAP_LIMIT)]
Place = Annotated[int, Between(1, CAP_LIMIT)]
Percent = Annotated[int, Between(1, 100)]
FROM = Sentence("the day from which it holds", "自哪一天起（含）")


class Scope(Table):
    """Where a local book applies: towns or villages, exactly one of the two."""

    towns: Annotated[
        Names | None,
        Sentence(
            "the towns (town_id) in which it applies; these or villages",
            "适用的镇（town_id），与 villages 二选一",
        ),
    ] = None
    villages: Annotated[
        Names | None,
        Sentence(
            "the villages (village_id) in which it applies; these or towns",
            "适用的村（village_id），与 towns 二选一",
        ),
    ] = None


class Head(Table):
    """The `[book]` table."""

    rows: ClassVar = rule_fields.BOOK

    id: Name | None = None
    title: Text | None = None
    source: Text | None = None
    first_year: Year | None = None
    last_year: Year | None = None
    extends: Name | None = None
    scope: Scope | None = None
    unset: Sequence[str] | None = None


class DatedPoints(Table):
    """One step of points that change on a date."""

    from_: Annotated[dt.date, FROM]
    points: Annotated[Points, Sentence("the points from that day", "自该日起的分值")]


class DatedCap(Table):
    """One step of a cap that changes on a date."""

    from_: Annotated[dt.date, FROM]
    points: Annotated[CapPoints, Sentence("the most points from that day", "自该日起最多积分")]


class Forfeits(Table):
    """What an item takes away."""

    scope: Annotated[
        ForfeitScope,
        Sentence(
            "of the whole year, quarter or month, or of one matter",
            "year：全年；quarter：当季；month：当月；matter：同一事项",
        ),
    ]
    items: Annotated[
        Literal["all"] | Names,
        Sentence(
            'codes of the items that bring nothing, or "all": all of this book that bring points',
            '不得分的事项代码，或 "all"：本细则全部得分事项',
        ),
    ]
    reach: Annotated[
        Reach,
        Sentence(
            "all: nothing before and after; before: only what was posted before is taken back",
            "all：前后都不得分；before：只收回此前已记的积分，此后照常（积分归零）",
        ),
    ] = "all"


class Grade(Table):
    """One `[[grades]]` table: what a household must have to be graded so, judged after ranking."""

    name: Annotated[Name | None, Sentence("the name of the grade, such as 五星户", "等级名称，如 五星户")] = (
        None
    )
    at_least: Annotated[
        Total | None, Sentence("the least net points of the scoring year", "积分年度净积分至少多少")
    ] = None
    top: Annotated[
        Place | None,
        Sentence(
            "the last rank in the village that is graded so, ties included", "本村名次不低于第几名，并列计入"
        ),
    ] = None
    top_percent: Annotated[
        Percent | None,
        Sentence(
            "the first so many percent of the village's ranked households, rounded down, with ties",
            "本村名次在前百分之几（按排名户数向下取整），并列计入",
        ),
    ] = None
    bars: Annotated[
        Sequence[Name] | None,
        Sentence(
            "codes of items of which any record in the year bars the grade",
            "当年有这些事项的记录即不得评此等级：事项代码",
        ),
    ] = None


class Wallet(Table):
    """The `[wallet]` table: when announced points lapse; never touches a score."""

    rows: ClassVar = rule_fields.WALLET

    expires: Expires = "none"


PointsOrSteps = Annotated[Sequence[DatedPoints], Filled()] | Points
CapOrSteps = Annotated[Sequence[DatedCap], Filled()] | CapPoints


class CapTable(Table):
    """A cap with more to say than its points."""

    rows: ClassVar = rule_fields.CAP_TABLE

    points: CapOrSteps | None = None
    basis: Basis = "awards"
    period: CapPeriod = "year"
    within: Name | None = None
    floor: Floor | None = None


Cap = CapTable | CapPoints


class Item(Table):
    """One `[[items]]` table: a row of the annex, or a consequence that a remark names."""

    rows: ClassVar = rule_fields.ITEM

    code: Name | None = None
    row: AnnexRow | None = None
    category: Text | None = None
    task: Text | None = None
    name: Text | None = None
    content: Prose | None = None
    clause: Prose | None = None
    points: PointsOrSteps | None = None
    per: Per | None = None
    pledge: bool | None = None
    cap: Name | None = None
    matter_cap: CapPoints | None = None
    matter: Matter | None = None
    exclusive: Name | None = None
    by_member: bool | None = None
    forfeits: Forfeits | None = None
    notice: Notice | None = None
    kinds: Names | None = None
    grant: bool | None = None
    spendable: bool | None = None
    disabled: bool | None = None
    unset: Sequence[str] | None = None


class RuleFileForm(Table):
    """A whole rule file."""

    book: Annotated[
        Head,
        Sentence(
            "the book itself: id, title, source, years and scope", "细则本身：编号、名称、依据、年度与范围"
        ),
    ]
    caps: Annotated[
        Mapping[Name, Cap], Sentence("caps on the points of a household, by name", "每户积分的上限，按名称")
    ] = MappingProxyType({})
    items: Annotated[Sequence[Item], Sentence("items", "积分事项")] = ()
    grades: Annotated[
        Sequence[Grade] | None,
        Sentence(
            "grades, the first that fits is taken; given, they replace those above whole, [] is none",
            "评定等级，自上而下取第一个符合的；写出即整体取代上级的，[] 为不评",
        ),
    ] = None
    wallet: Annotated[Wallet | None, Sentence("what points buy", "积分换物")] = None


LAYERED_FIELDS = tuple(name for name in Item.fields() if name not in {"code", "disabled", "unset"})
