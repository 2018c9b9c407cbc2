"""A village's papers: the notice 积分公告 that hangs, and the booklet of what points were for beside it.

Built from an allow-list: what is not named here, or in the frames of `analysis.notice_figures`, cannot get
into a notice.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.analysis.corrections import PARTS
from jifen_batch.dataclass import dataclass
from jifen_batch.notices import words
from jifen_batch.notices.printed import board, itemised, official
from jifen_batch.notices.printed.corrected import phrases
from jifen_batch.notices.printed.document import DASH, Cell, Document, Page
from jifen_batch.notices.printed.settings import MASKED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jifen_batch.analysis.disclosure import Disclosure
    from jifen_batch.notices.printed.settings import NoticeSettings
    from jifen_batch.rules.diff import Change

NOTICE, BOOKLET = "积分公告", "积分事项"
DRAFT = "公示稿，尚未公告"
DRAFT_NAME = "公示稿"
# A booklet is read in the hand.
HANDHELD, HANDHELD_PAPER = 11, "A4"
YEAR = "积分年度"
RENAMED = ("old_household_id", "new_household_id", "effective_on")
NAMES = "户主姓名只保留姓氏，其余不论几个字都以一个“*”代替；相同的另加编号，编号只按户编号先后，不表示其他。"
SUMMED = "本季净积分 = 得分 + 扣分 + 收回 + 更正；更正是本季对以前各季公告的调整，原因见更正公告。"


@dataclass(frozen=True)
class Village:
    """What there is to say of one village, every frame of its own rows only.

    `board`, `by_category`, `by_item`, `by_quarter`, `corrected` and `why` as `notice_figures` gives them.
    `heading` is how it is called, `masks` are the householders' masked names by household id, `sources` the
    rule books that were applied; `renamed` its households under a new id (`identity.renamed_by_quarter`),
    `under_review` those with disputed points. `disclosure` says what is bundled, `changes` what was edited
    in the books since the announcement before.
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
    disclosure: Disclosure
    changes: Sequence[Change]


@dataclass(frozen=True)
class Papers:
    """The papers of a village, by its settings, printed on a day.

    `content` is the quarter's manifest, or what of it is known before it hangs (`draft`); `code` and `digest`
    are those of the announcement, empty for a draft.
    """

    village: Village
    content: Mapping[str, Any]
    settings: NoticeSettings
    printed_on: date
    code: str = ""
    digest: str = ""
    draft: bool = False

    @cached_property
    def quarter(self) -> str:
        """The quarter in words."""
        return words.quarter(self.content["quarter"]).zh

    @cached_property
    def called(self) -> str:
        """Village and quarter."""
        return f"{self.village.heading} {self.quarter}"

    @cached_property
    def masks(self) -> Mapping[str, str]:
        """Masked names as far as the settings want them."""
        return self.village.masks if self.settings.names == MASKED else {}

    @cached_property
    def shares(self) -> board.Shares:
        """Points by category as far as they may be told apart."""
        return board.shares(self.village.board, self.village.by_category, self.village.disclosure)

    def titled(self, name: str) -> str:
        """The title of a page."""
        return f"{self.called}{name}{mark(draft=self.draft)}"

    def notice(self) -> Document:
        """The notice: a list a year, the quarters where there are several, the corrections."""
        pages = [*self._lists()]
        if words.holding(self.content):
            pages.append(self._quarters())
        if self.village.corrected.height:
            pages.append(self._corrections())
        return Document(
            NOTICE,
            self.called,
            pages,
            notices=official.notices(self.settings, self.printed_on),
            closing=official.closing(
                self.settings, self.village.heading, self.printed_on, self.code, self.digest
            ),
            paper=self.settings.paper,
            layout=self.settings.layout,
            draft=self.draft,
        )

    def booklet(self, *, grouped: bool = False) -> Document | None:
        """What the points were for, as far as items may be named; null where there is nothing to tell.

        A row an item, to be sorted and searched; `grouped`, a row a household, on a fifth of the paper.
        """
        rows = self._items()
        if not rows:
            return None
        headers = ["户编号", "户主", YEAR, "类别", "积分事项", "笔数", "分数"]
        if grouped:
            headers, rows = [*headers[:3], "类别、事项与分数"], itemised.by_household(rows)
            # The heading says which year it is; a column is wanted where there are others.
            if {row[2] for row in rows} == {self.content["quarter"][:4]}:
                headers, rows = [one for one in headers if one != YEAR], [[*row[:2], row[3]] for row in rows]
        above = [f"积分事项一栏为“{DASH}”的，按细则只公布类别。"]
        page = Page(BOOKLET, self.titled(BOOKLET), [*above, *self._bundling()], headers, rows, [])
        return Document(
            BOOKLET,
            self.called,
            [page],
            paper=HANDHELD_PAPER,
            layout="portrait",
            largest=HANDHELD,
            draft=self.draft,
        )

    def _lists(self) -> Iterator[Page]:
        """The lists, the quarter's year first, then those of other years."""
        of_quarter = int(self.content["quarter"][:4])
        title = self.settings.title or NOTICE
        listed = self.village.board
        if self.settings.first is not None:
            listed = listed.filter(pl.col("rank") <= self.settings.first)
        years = sorted({of_quarter, *listed["scoring_year"]}, key=lambda year: (year != of_quarter, -year))
        for year in years:
            rows_of = listed.filter(pl.col("scoring_year") == year)
            in_parts = self.village.disclosure.in_parts
            headers, rows = board.year_list(rows_of, self.shares, self.masks, in_parts=in_parts)
            total = board.added_up(headers, rows) if rows and self.settings.first is None else ()
            if year == of_quarter:
                summary = board.by_category(self.village.board, self.shares)
                above, below = self._above(), self._below(headers)
                yield Page(NOTICE, self.titled(title), above, headers, rows, below, total, summary)
            else:
                above = [f"{year}年度的积分本季有变动的户。"]
                yield Page(
                    f"{year}年度", self.titled(f"{title}（{year}年度）"), above, headers, rows, [], total
                )

    def _above(self) -> list[str]:
        """Date, coverage and sums."""
        village, content = self.village, self.content
        year = int(content["quarter"][:4])
        ranked = village.board.filter((pl.col("scoring_year") == year) & pl.col("rank").is_not_null())
        earning = f"，{self._earning(ranked)}" if village.disclosure.in_parts else ""
        return [
            f"截至 {_day(content['as_of'])}，参加排名 {ranked.height:,} 户{earning}。{self._sums()}",
            *([f"本公告列出前 {self.settings.first:,} 名。"] if self.settings.first else []),
            *self._holds(),
            *([f"本公告替代原公告：{replaced.zh}。"] if (replaced := words.replacing(content)) else []),
            *(
                [f"复核中：{'、'.join(village.under_review)} 的积分有异议，尚未了结。"]
                if village.under_review
                else []
            ),
            *(
                words.renamed(*one).zh
                for one in village.renamed.select(
                    "old_household_id", "new_household_id", "effective_on"
                ).iter_rows()
            ),
        ]

    def _earning(self, ranked: pl.DataFrame) -> str:
        """How many of the ranked gained something."""
        gained = self.village.board.filter(pl.col("awarded") > 0)
        earning = ranked.join(gained, on="household_id", how="semi").height
        share = f"（{earning * 100 // ranked.height}%）" if ranked.height else ""
        return f"本季有得分的 {earning:,} 户{share}"

    def _sums(self) -> str:
        """What the village comes to, in parts as far as these may be told."""
        names = (*PARTS, "net") if self.village.disclosure.in_parts else ("adjusted", "net")
        sums = {name: int(self.village.board[name].sum()) for name in names}
        said = "，".join(
            f"{words.COLUMNS.get(name, board.ADJUSTED)} {points:,} 分" for name, points in sums.items()
        )
        return f"全村本季合计：{said}。"

    def _holds(self) -> list[str]:
        """Which quarters the announcement holds, with the village's points of each; nothing for one alone."""
        earlier = [one["quarter"] for one in self.content.get("with_earlier", {}).get("quarters", [])]
        if not earlier:
            return []
        sums = dict(self.village.by_quarter.group_by("quarter").agg(pl.col("points").sum()).iter_rows())
        said = "，".join(
            f"{words.quarter(quarter).zh} {sums.get(quarter, 0):,} 分"
            for quarter in [*earlier, self.content["quarter"]]
        )
        return [f"本公告含以前没有公告过的季度，各季积分：{said}；逐户见“分季积分”。"]

    def _below(self, headers: Sequence[str]) -> list[str]:
        """What is meant and where it comes from."""
        village, content = self.village, self.content
        return [
            *([SUMMED] if "得分" in headers else []),
            *self._bundling(),
            *([NAMES] if self.masks else []),
            *([f"依据：{'；'.join(village.sources)}。"] if village.sources else []),
            f"来源：{self.quarter}公告数据，记分编号 {content['run_id']}。",
        ]

    def _bundling(self) -> list[str]:
        """What stands together, where something does."""
        if self.shares.bundled is None:
            return []
        together = "、".join(sorted(self.village.disclosure.together))
        held = f"{together}以及" if together else ""
        return [f"{held}按细则不单独列明的事项合在一起公布，不分类别，也不列事项；更正也是如此。"]

    def _quarters(self) -> Page:
        """Each household's points by quarter, where the announcement holds several."""
        listed = self.village.by_quarter
        quarters = listed["quarter"].unique().sort().to_list()
        keys = itemgetter("household_id", "scoring_year")
        rows = []
        for _, own in groupby(listed.iter_rows(named=True), key=keys):
            lines = list(own)
            points = {one["quarter"]: one["points"] for one in lines}
            rows.append([*self._who(lines[0]), *(points.get(quarter) for quarter in quarters)])
        headers = ["户编号", "户主", "积分年度", *(words.quarter(one).zh for one in quarters)]
        above = ["本公告含以前没有公告过的季度，每户各季积分如下。"]
        return Page("分季积分", self.titled("分季积分"), above, headers, rows, [])

    def _corrections(self) -> Page:
        """What of earlier quarters is corrected: a row per household and scoring year, with the reasons."""
        village = self.village
        keys = itemgetter("household_id", "scoring_year")
        why = {key: list(rows) for key, rows in groupby(village.why.iter_rows(named=True), key=keys)}
        rows = [
            [
                *self._who(one),
                *(one[name] for name in ("announced", "now", "difference")),
                "；".join(phrases(why[keys(one)], village.disclosure, village.changes)),
            ]
            for one in village.corrected.iter_rows(named=True)
        ]
        headers = ["户编号", "户主", "积分年度", "原公告", "现为", "差额", "因"]
        above = ["以前各季已公告的积分有下列更正，差额计入本季公告。"]
        return Page("更正公告", self.titled("更正公告"), above, headers, rows, [])

    def _items(self) -> list[list[Cell]]:
        """Rows of the booklet: an item, a category whose items are not told apart, or what is bundled."""
        disclosure = self.village.disclosure
        closed = disclosure.together | disclosure.unlisted
        rows: list[list[Cell]] = [
            [*self._who(one), one["category"], one["name"], one["lines"], one["points"]]
            for one in self.village.by_item.iter_rows(named=True)
            if one["category"] not in closed
        ]
        for (household, year, category), points in self.shares.of.items():
            if category in disclosure.unlisted and points:
                rows.append([*self._who_is(household, year), category, None, None, points])
        if self.shares.categories:
            for (household, year), points in (self.shares.bundled or {}).items():
                if points:
                    rows.append([*self._who_is(household, year), board.BUNDLED, None, None, points])
        order = {category: number for number, category in enumerate([*self.shares.categories, board.BUNDLED])}
        return sorted(rows, key=lambda row: (row[0], row[2], order[str(row[3])]))

    def _who(self, one: Mapping[str, Any]) -> tuple[Cell, Cell, Cell]:
        """Household id, masked householder and scoring year, as text."""
        return self._who_is(one["household_id"], one["scoring_year"])

    def _who_is(self, household: str, year: int) -> tuple[Cell, Cell, Cell]:
        """The same of a household and year."""
        return household, self.masks.get(household), str(year)


def mark(*, draft: bool) -> str:
    """What a title ends in where nothing hangs yet."""
    return f"（{DRAFT}）" if draft else ""


def _day(said: str) -> str:
    """A day of a manifest as Chinese says it."""
    return official.chinese_day(date.fromisoformat(said))
