"""The pages of a village's notice 积分公告: the board, what points were for, and what was corrected.

Built from an allow-list: what is not named here, or in the kernels that the frames come from, cannot get
into a notice.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from jifen_batch.analysis.corrections import PARTS
from jifen_batch.dataclass import dataclass
from jifen_batch.notices import words
from jifen_batch.notices.correction import reason_words
from jifen_batch.tables import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Cell = str | int | None

DRAFT = "草稿，尚未公告"
DASH = "—"
ADJUSTED = "更正"
OBJECT = "对本公告有异议的，请向本村积分评议小组提出；凭户编号可以查询逐笔记分。"
NAMES = "户主姓名只保留姓氏，其余不论几个字都以一个“*”代替；相同的另加编号，编号只按户编号先后，不表示其他。"
HIDDEN = "按细则不列明的事项计入合计，不单独列出，所以各类别之和可能与合计不同。"
SUMMED = "净积分 = 得分 + 扣分 + 收回 + 更正；更正是本季对以前各季公告的调整，原因见更正公告。"


class Page(NamedTuple):
    """A page: a sheet's `name`, `title`, lines `above` and `below` its table, and the table itself."""

    name: str
    title: str
    above: Sequence[str]
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    below: Sequence[str]


@dataclass(frozen=True)
class Village:
    """What there is to say of one village, every frame of its own rows only.

    `board`, `by_category`, `by_item`, `corrected` and `why` as `kernels.noticed` gives them. `heading` is
    how it is called, `masks` are the householders' masked names by household id, `sources` the rule books
    that were applied; `renamed` its households under a new id (`successions.renaming`), `under_review`
    those with disputed points.
    """

    heading: str
    board: pl.DataFrame
    by_category: pl.DataFrame
    by_item: pl.DataFrame
    by_quarter: pl.DataFrame
    corrected: pl.DataFrame
    why: pl.DataFrame
    masks: Mapping[str, str]
    sources: Sequence[str]
    renamed: pl.DataFrame
    under_review: Sequence[str]


def pages(village: Village, content: Mapping[str, Any], *, draft: bool) -> Iterator[Page]:
    """The pages of a village's notice; those of details and corrections only where there are any.

    `content` is the quarter's manifest, or what of it is known before it hangs (`draft`).
    """
    called = f"{village.heading} {words.quarter(content['quarter'])}"
    tail = mark(draft=draft)
    yield _board(village, f"{called}积分公告{tail}", content)
    if words.holding(content):
        yield _quarters(village, f"{called}分季积分{tail}")
    if village.by_item.height:
        yield _details(village, f"{called}积分事项{tail}")
    if village.corrected.height:
        yield _corrections(village, f"{called}更正公告{tail}")


def mark(*, draft: bool) -> str:
    """What a title ends in where nothing hangs yet."""
    return f"（{DRAFT}）" if draft else ""


def _board(village: Village, title: str, content: Mapping[str, Any]) -> Page:
    """The board: one row per household and scoring year."""
    categories = village.by_category["category"].unique().sort().to_list()
    shares = {
        (household, year, category): points
        for household, year, category, points in village.by_category.select(
            "household_id", "scoring_year", "category", "points"
        ).iter_rows()
    }
    rows = []
    for one in village.board.iter_rows(named=True):
        key = (one["household_id"], one["scoring_year"])
        rows.append(
            [
                one["rank"],
                *_who(village, one),
                *(shares.get((*key, category)) for category in categories),
                *(one[name] for name in (*PARTS, "net", "year_to_date")),
            ]
        )
    headers = ["名次", "户编号", "户主", "积分年度", *categories]
    headers += [*(words.COLUMNS[name] for name in SUMS), ADJUSTED, "本季净积分", "年内累计"]
    return Page("积分公告", title, _above(village, content), headers, rows, _below(village, content))


def _above(village: Village, content: Mapping[str, Any]) -> list[str]:
    """Date, coverage and sums."""
    year = int(content["quarter"][:4])
    ranked = village.board.filter((pl.col("scoring_year") == year) & pl.col("rank").is_not_null())
    gained = village.board.filter(pl.col("awarded") > 0)
    earning = ranked.join(gained, on="household_id", how="semi").height
    share = f"（{earning * 100 // ranked.height}%）" if ranked.height else ""
    sums = {name: int(village.board[name].sum()) for name in (*PARTS, "net")}
    said = "，".join(f"{words.COLUMNS.get(name, ADJUSTED)} {points:,} 分" for name, points in sums.items())
    return [
        f"截至 {_day(content['as_of'])}，参加排名 {ranked.height:,} 户，本季有得分的 {earning:,} 户{share}。",
        f"全村本季合计：{said}。",
        *_holds(village, content),
        *([f"本公告替代原公告：{replaced}。"] if (replaced := words.replacing(content)) else []),
        *(
            [f"复核中：{'、'.join(village.under_review)} 的积分有异议，尚未了结。"]
            if village.under_review
            else []
        ),
        *map(words.renamed, *village.renamed.select("old_household_id", "new_household_id", "effective_on")),
    ]


def _holds(village: Village, content: Mapping[str, Any]) -> list[str]:
    """Which quarters the announcement holds, with the village's points of each; nothing for one alone."""
    earlier = [one["quarter"] for one in content.get("with_earlier", {}).get("quarters", [])]
    if not earlier:
        return []
    sums = dict(village.by_quarter.group_by("quarter").agg(pl.col("points").sum()).iter_rows())
    said = "，".join(
        f"{words.quarter(quarter)} {sums.get(quarter, 0):,} 分" for quarter in [*earlier, content["quarter"]]
    )
    return [f"本公告含以前没有公告过的季度，各季积分：{said}；逐户见“分季积分”。"]


def _quarters(village: Village, title: str) -> Page:
    """Each household's points by quarter, where the announcement holds several."""
    quarters = village.by_quarter["quarter"].unique().sort().to_list()
    keys = itemgetter("household_id", "scoring_year")
    rows = []
    for _, own in groupby(village.by_quarter.iter_rows(named=True), key=keys):
        lines = list(own)
        points = {one["quarter"]: one["points"] for one in lines}
        rows.append([*_who(village, lines[0]), *(points.get(quarter) for quarter in quarters)])
    headers = ["户编号", "户主", "积分年度", *map(words.quarter, quarters)]
    return Page(
        "分季积分", title, ["本公告含以前没有公告过的季度，每户各季积分如下。"], headers, rows, [OBJECT]
    )


def _below(village: Village, content: Mapping[str, Any]) -> list[str]:
    """What is meant, where it comes from, and how to object."""
    return [
        SUMMED,
        HIDDEN,
        *([NAMES] if village.masks else []),
        *([f"依据：{'；'.join(village.sources)}。"] if village.sources else []),
        f"来源：{words.quarter(content['quarter'])}公告数据，记分编号 {content['run_id']}。",
        OBJECT,
    ]


def _day(said: str) -> str:
    """A day as Chinese says it."""
    day = date.fromisoformat(said)
    return f"{day.year}年{day.month}月{day.day}日"


def _who(village: Village, one: Mapping[str, Any]) -> tuple[Cell, Cell, Cell]:
    """Household id, masked householder and scoring year, as text."""
    household = one["household_id"]
    return household, village.masks.get(household), str(one["scoring_year"])


def _details(village: Village, title: str) -> Page:
    """What the points were for, as far as items may be named."""
    rows = [
        [*_who(village, one), one["category"], one["name"], one["lines"], one["points"]]
        for one in village.by_item.iter_rows(named=True)
    ]
    headers = ["户编号", "户主", "积分年度", "类别", "积分事项", "笔数", "分数"]
    return Page("积分事项", title, [f"积分事项一栏为“{DASH}”的，按细则只公布类别。"], headers, rows, [OBJECT])


def _corrections(village: Village, title: str) -> Page:
    """What of earlier quarters is corrected: one row per household and scoring year, with the reasons."""
    keys = itemgetter("household_id", "scoring_year")
    why = {key: list(rows) for key, rows in groupby(village.why.iter_rows(named=True), key=keys)}
    rows = [
        [
            *_who(village, one),
            *(one[name] for name in ("announced", "now", "difference")),
            "；".join(_phrases(why[keys(one)])),
        ]
        for one in village.corrected.iter_rows(named=True)
    ]
    headers = ["户编号", "户主", "积分年度", "原公告", "现为", "差额", "原因"]
    above = ["以前各季已公告的积分有下列更正，差额计入本季公告。"]
    return Page("更正公告", title, above, headers, rows, [OBJECT])


def _phrases(reasons: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A phrase per category, item and reason; hidden items are said to be there, and nothing more."""
    for one in reasons:
        if one["category"] is not None:
            name = f"“{one['name']}”" if one["name"] else ""
            yield f"{one['category']}{name}：{reason_words(one['reason'])} {one['points']:+,}"
    if any(one["category"] is None for one in reasons):
        yield "另有按细则不列明的事项"
