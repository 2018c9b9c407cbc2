"""The format of a rule file: every key, its type and what it means (specification 2.3).

One model serves three readers: pydantic checks a file against it, editors complete from its JSON Schema,
and layering merges its fields. Nearly every key may be left out of one file, because the book that it
extends may give it: what must stand after layering is `REQUIRED_OF_BOOK` and `REQUIRED_OF_ITEM`.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic resolves the annotations when the models are built
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

POINTS_LIMIT = 1_000_000
CAP_LIMIT = 10**15  # sums under a cap stay far below 2^63
ANNEX_ROWS = 34

REQUIRED_OF_BOOK = ("id", "title", "source", "first_year")
REQUIRED_OF_ITEM = ("code", "category", "task", "name", "points", "per")
INHERITED_BY_BOOK = ("title", "source", "first_year", "last_year")

# Tags of the unions below; `shape` takes them out of the places of errors, where they are no keys.
WHOLE, DATED, TABLE, ALL, LISTED = "@whole", "@dated", "@table", "@all", "@listed"

Per = Literal["month", "quarter", "half", "year", "event", "matter"]
Period = Literal["month", "quarter", "half", "year"]
Matter = Literal["event", "day", "year", "required"]
ForfeitScope = Literal["year", "quarter", "month", "matter"]
Reach = Literal["all", "before"]
Notice = Literal["item", "category", "hidden"]
Basis = Literal["awards", "net"]
Expires = Literal["none", "12-31", "03-31"]


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


class Part(BaseModel):
    """Any table of a rule file: nothing is converted, no key is ignored."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


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

    id: Name | None = Field(None, description="细则编号，全部文件中不得重复")
    title: Text | None = Field(None, description="细则名称")
    source: Text | None = Field(None, description="依据：文号或村民会议决议")
    first_year: Year | None = Field(None, description="适用的第一个积分年度")
    last_year: Year | None = Field(None, description="适用的最后一个积分年度（含）；不写则一直适用")
    extends: Name | None = Field(None, description="所依据的上级细则编号，未改写的内容全部沿用")
    scope: Scope | None = Field(None, description="适用范围；不写则全区适用")
    unset: list[str] | None = Field(None, description="不再沿用的上级字段，如 last_year")


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

    expires: Expires = Field("none", description="未兑换的积分于次年何日失效；none 为不失效")


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

    points: CapOrSteps | None = Field(
        None, description="每户每周期最多积分（整数），或按日期分段；不写则不封顶"
    )
    basis: Basis = Field("awards", description="awards：只限得分，扣分另计；net：扣分后可再得")
    period: Period = Field("year", description="按月 month、季 quarter、半年 half 或积分年度 year 计")
    within: Name | None = Field(None, description="所属的更大上限，[caps] 中的名称：此处所得再计入它")
    floor: int | None = Field(
        None, ge=-CAP_LIMIT, le=0, description='扣完为止：最低扣到多少，仅限 basis = "net"'
    )


Cap = Annotated[
    Annotated[CapPoints, Tag(WHOLE)] | Annotated[CapTable, Tag(TABLE)], Discriminator(_tag_of_cap)
]


class Item(Part):
    """One `[[items]]` table: a row of the annex, or a consequence that a remark names."""

    code: Name | None = Field(None, description="事项代码，本文件内不得重复")
    row: int | None = Field(None, ge=1, le=ANNEX_ROWS, description="附件第几行；备注所生后果不写")
    category: Text | None = Field(None, description="类别")
    task: Text | None = Field(None, description="积分任务名称")
    name: Text | None = Field(None, description="积分事项名称")
    content: Prose | None = Field(None, description="积分内容")
    clause: Prose | None = Field(None, description="细则原文，供“逐条说明”引用")
    points: PointsOrSteps | None = Field(None, description="分值（整数，可为负），或按日期分段")
    per: Per | None = Field(
        None,
        description="计分周期：month 每月、quarter 每季、half 每半年、year 每年、event 每次、matter 每事项",
    )
    pledge: bool | None = Field(None, description='是否承诺：承诺期内逐月计分，仅限 per = "month"')
    cap: Name | None = Field(None, description="所受上限，[caps] 中的名称")
    matter_cap: CapPoints | None = Field(None, description="同一事项最多积分")
    matter: Matter | None = Field(None, description="未填 matter_id 时如何认定“同一事项”，默认 event")
    exclusive: Name | None = Field(None, description="就高不就低的组名，组内同一事项不重复积分")
    by_member: bool | None = Field(None, description="“每周期一次”是否按家庭成员分别计")
    forfeits: Forfeits | None = Field(None, description="发生后哪些事项不得分")
    notice: Notice | None = Field(
        None, description="公告列示到何种程度：item 事项、category 类别、hidden 不列"
    )
    kinds: Annotated[list[Name], Field(min_length=1)] | None = Field(
        None, description="只适用于这些类别的户（花名册 kind），如 出租户"
    )
    grant: bool | None = Field(None, description='是否基础分：每户无须申报即得，仅限 per = "year" 或 "month"')
    spendable: bool | None = Field(None, description="false 为只计名次、不得兑换，默认可兑换")
    disabled: bool | None = Field(None, description="true 停用沿用的事项，false 恢复")
    unset: list[str] | None = Field(None, description="不再沿用的上级字段，如 cap")


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
