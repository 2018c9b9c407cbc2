"""The format of a rule file: every key, its type and what it means (specification 2.3).

One model serves three readers: pydantic checks a file against it, editors complete from its JSON Schema,
and layering merges its fields. Nearly every key may be left out of one file, because the book that it
extends may give it: what must stand after layering is `REQUIRED_OF_BOOK` and `REQUIRED_OF_ITEM`.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic resolves the annotations when the models are built
import unicodedata
from collections.abc import Mapping  # noqa: TC003 - as above
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from jifen_batch.scheme import rule_fields
from jifen_batch.scheme.choices import (  # noqa: TC001 - pydantic resolves the annotations
    Basis,
    CapPeriod,
    Expires,
    ForfeitScope,
    Matter,
    Notice,
    Per,
    Reach,
)
from jifen_batch.scheme.rule_field import RuleField  # noqa: TC001 - as above

POINTS_LIMIT = 1_000_000
CAP_LIMIT = 10**15  # sums under a cap stay far below 2^63
ANNEX_ROWS = 34

REQUIRED_OF_BOOK = tuple(name for name, one in rule_fields.BOOK.items() if one.required)
REQUIRED_OF_ITEM = tuple(name for name, one in rule_fields.ITEM.items() if one.required)
INHERITED_BY_BOOK = ("title", "source", "first_year", "last_year")

# Tags of the unions below; `shape` takes them out of the places of errors, where they are no keys.
WHOLE, DATED, TABLE, ALL, LISTED = "@whole", "@dated", "@table", "@all", "@listed"


def _without_control(text: str) -> str:
    """Refuse characters that no notice can print; line breaks and tabs may stand."""
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in text):
        raise PydanticCustomError("control_character", "control character")
    return text


def _written(text: str) -> str:
    """Refuse a text of blanks only."""
    if not text.strip():
        raise PydanticCustomError("blank", "blank")
    return text


def _name(text: str) -> str:
    """Refuse a name that looks like another one: blanks at its edges, invisible characters."""
    if text != text.strip() or any(unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} for sign in text):
        raise PydanticCustomError("unclean_name", "unclean name")
    return text


Prose = Annotated[str, AfterValidator(_without_control)]
Text = Annotated[Prose, Field(min_length=1), AfterValidator(_written)]
Name = Annotated[str, Field(min_length=1), AfterValidator(_written), AfterValidator(_name)]
Year = Annotated[int, Field(ge=1, le=9999)]
Points = Annotated[int, Field(ge=-POINTS_LIMIT, le=POINTS_LIMIT)]
CapPoints = Annotated[int, Field(ge=0, le=CAP_LIMIT)]


def _describe(schema: dict[str, Any], table: type[Part]) -> None:
    """Put what the rows of a table's fields say into its JSON Schema."""
    for name, row in table.rows.items():
        schema["properties"][name]["description"] = row.written


class Part(BaseModel):
    """Any table of a rule file: nothing is converted, no key is ignored. `rows` say what its fields mean."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, json_schema_extra=_describe)
    rows: ClassVar[Mapping[str, RuleField]] = {}


class Scope(Part):
    """Where a local book applies: towns or villages, exactly one of the two."""

    towns: list[Name] | None = Field(
        None, min_length=1, description="适用的镇（town_id），与 villages 二选一"
    )
    villages: list[Name] | None = Field(
        None, min_length=1, description="适用的村（village_id），与 towns 二选一"
    )


class Head(Part):
    """The `[book]` table."""

    rows: ClassVar = rule_fields.BOOK

    id: Name | None = None
    title: Text | None = None
    source: Text | None = None
    first_year: Year | None = None
    last_year: Year | None = None
    extends: Name | None = None
    scope: Scope | None = None
    unset: list[str] | None = None


class DatedPoints(Part):
    """One step of points that change on a date."""

    from_: dt.date = Field(alias="from", description="自哪一天起（含）")
    points: Points = Field(description="自该日起的分值")


class DatedCap(Part):
    """One step of a cap that changes on a date."""

    from_: dt.date = Field(alias="from", description="自哪一天起（含）")
    points: CapPoints = Field(description="自该日起最多积分")


def _tag_of_items(value: object) -> str:
    return ALL if isinstance(value, str) else LISTED


class Forfeits(Part):
    """What an item takes away."""

    scope: ForfeitScope = Field(description="year：全年；quarter：当季；month：当月；matter：同一事项")
    items: Annotated[
        Annotated[Literal["all"], Tag(ALL)] | Annotated[list[Name], Field(min_length=1), Tag(LISTED)],
        Discriminator(_tag_of_items),
    ] = Field(description='不得分的事项代码，或 "all"：本细则全部得分事项')
    reach: Reach = Field(
        "all", description="all：前后都不得分；before：只收回此前已记的积分，此后照常（积分归零）"
    )


class Grade(Part):
    """One `[[grades]]` table: what a household must have to be graded so, judged after ranking."""

    name: Name | None = Field(None, description="等级名称，如 五星户")
    at_least: int | None = Field(None, ge=-CAP_LIMIT, le=CAP_LIMIT, description="积分年度净积分至少多少")
    top: int | None = Field(None, ge=1, le=CAP_LIMIT, description="本村名次不低于第几名，并列计入")
    top_percent: int | None = Field(
        None, ge=1, le=100, description="本村名次在前百分之几（按排名户数向下取整），并列计入"
    )
    bars: list[Name] | None = Field(None, description="当年有这些事项的记录即不得评此等级：事项代码")


class Wallet(Part):
    """The `[wallet]` table: when announced points lapse; never touches a score."""

    rows: ClassVar = rule_fields.WALLET

    expires: Expires = "none"


def _tag_of_points(value: object) -> str:
    return DATED if isinstance(value, list) else WHOLE


def _tag_of_cap(value: object) -> str:
    return TABLE if isinstance(value, (dict, CapTable)) else WHOLE


Steps = Annotated[list[DatedPoints], Field(min_length=1)]
PointsOrSteps = Annotated[
    Annotated[Points, Tag(WHOLE)] | Annotated[Steps, Tag(DATED)], Discriminator(_tag_of_points)
]
CapSteps = Annotated[list[DatedCap], Field(min_length=1)]
CapOrSteps = Annotated[
    Annotated[CapPoints, Tag(WHOLE)] | Annotated[CapSteps, Tag(DATED)], Discriminator(_tag_of_points)
]


class CapTable(Part):
    """A cap with more to say than its points."""

    rows: ClassVar = rule_fields.CAP_TABLE

    points: CapOrSteps | None = None
    basis: Basis = "awards"
    period: CapPeriod = "year"
    within: Name | None = None
    floor: int | None = Field(None, ge=-CAP_LIMIT, le=0)


Cap = Annotated[
    Annotated[CapPoints, Tag(WHOLE)] | Annotated[CapTable, Tag(TABLE)], Discriminator(_tag_of_cap)
]


class Item(Part):
    """One `[[items]]` table: a row of the annex, or a consequence that a remark names."""

    rows: ClassVar = rule_fields.ITEM

    code: Name | None = None
    row: int | None = Field(None, ge=1, le=ANNEX_ROWS)
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
    kinds: Annotated[list[Name], Field(min_length=1)] | None = None
    grant: bool | None = None
    spendable: bool | None = None
    disabled: bool | None = None
    unset: list[str] | None = None


class RuleFileForm(Part):
    """A whole rule file."""

    book: Head = Field(description="细则本身：编号、名称、依据、年度与范围")
    caps: dict[Name, Cap] = Field(default_factory=dict, description="每户积分的上限，按名称")
    items: list[Item] = Field(default_factory=list, description="积分事项")
    grades: list[Grade] | None = Field(
        None, description="评定等级，自上而下取第一个符合的；写出即整体取代上级的，[] 为不评"
    )
    wallet: Wallet | None = Field(None, description="积分换物")


LAYERED_FIELDS = tuple(name for name in Item.model_fields if name not in {"code", "disabled", "unset"})
