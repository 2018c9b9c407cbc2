"""更正公告: what a quarter adjusts of those announced before, account by account, each with its reason."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices import words
from jifen_batch.notices.grid import grid
from jifen_batch.notices.words import printable
from jifen_batch.scheme import states
from jifen_batch.scheme.causes import CHANGE_CAUSES, CIRCUMSTANCES, EDITED, LATER
from jifen_batch.tables import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import polars as pl
    from rich.console import RenderableType

ACCOUNT = ("town_id", "village_id", "household_id", "scoring_year", "category")
FIGURES = ("announced", "now", "difference")
BEHIND = ("cause", "what", "item", "name", "clause", "rule", "events", "because", "points")
EVENTS_SHOWN = 6
RENAMED_SHOWN = 50
CAUSES = {cause.name: cause.zh_notice for cause in (*CHANGE_CAUSES, LATER)}
# What became of the rows behind a line, and how a rule came to another result.
ROWS = {
    **{one.name: one.zh_notice for one in CIRCUMSTANCES if one.zh_notice},
    **{one.name: one.zh_notice for one in states.UNPOSTED if one.zh_notice},
}
HOW = {one.name: f"（{one.zh}）" for one in CIRCUMSTANCES if one.of_rule}
OUTCOMES = {"announced": "已公告", "unchanged": "已公告过，内容相同，无需再公告", "dry_run": "试算，未公告"}


def parts(  # noqa: PLR0913, PLR0917 - all that the page is set from
    outcome: str,
    folder: str | None,
    content: Mapping[str, Any],
    adjustments: pl.DataFrame,
    renamed: pl.DataFrame,
    waiting: Mapping[str, Any],
    names: Mapping[str, str],
) -> Iterator[RenderableType]:
    """A headline, what the quarter comes to, and the correction notice where there is one.

    `content` is the quarter's manifest; `adjustments` has a row per account, cause and item; `renamed` a
    row per id that became another (`successions.renaming`); `names` are village names by id.
    """
    yield _headline(outcome, folder, content)
    yield _sums(content)
    yield from undecided(waiting)
    if renamed.height:
        yield _renamed(renamed)
    if content["adjusted"]["by_reason"]:
        yield _reasons(content["adjusted"])
    # Quarters that were announced before edits were told have none.
    if edits := content["adjusted"].get("edits"):
        yield _edits(edits)
    yield from notice(adjustments, content, names)


def _headline(outcome: str, folder: str | None, content: Mapping[str, Any]) -> Text:
    """Outcome, quarter, run, as-of date and folder."""
    earlier = "、".join(words.quarter(one["quarter"]) for one in content["earlier"])
    lines = (
        f"{words.quarter(content['quarter'])}积分公告  {outcome} {OUTCOMES[outcome]}",
        f"run_id  {content['run_id']}",
        f"as_of   {content['as_of']} 截止日期",
        f"此前已公告  {earlier or '无'}",
        *([f"含以前各季  {held}"] if (held := words.holding(content)) else []),
        *([f"替代原公告  {replaced}"] if (replaced := words.replacing(content)) else []),
        *([f"folder  {printable(folder)}"] if folder else []),
        "",
    )
    return Text("\n".join(lines), overflow="ignore", no_wrap=True)


def _renamed(renamed: pl.DataFrame) -> RenderableType:
    """Households under a new id: what was announced of them stays as it is."""
    rows = renamed.select("old_household_id", "new_household_id", "effective_on").head(RENAMED_SHOWN)
    more = renamed.height - rows.height
    said = [words.renamed(old, new, day) for old, new, day in rows.iter_rows()]
    return Text("\n".join(["户编号变更", *said, *([f"另有 {more:,} 户"] if more else []), ""]))


def _sums(content: Mapping[str, Any]) -> RenderableType:
    """What is announced, and that it adds up to the ledger."""
    own, totals = content["own"], content["control_totals"]
    rows = [
        ("此前各季公告合计", totals["hung_before"]["lines"], totals["hung_before"]["points"]),
        *((f"本季{words.COLUMNS[name]}", None, own[name]) for name in SUMS),
        ("本季记分合计", own["lines"], sum(own[name] for name in SUMS)),
        (
            "调整以前各季",
            content["adjusted"]["lines_added"] - content["adjusted"]["lines_removed"],
            content["adjusted"]["points"],
        ),
        ("台账至本季合计", totals["ledger"]["lines"], totals["ledger"]["points"]),
    ]
    note = f"涉及 {content['households']:,} 户" if content["rows"] else "本季没有记分，也没有调整"
    return grid("公告合计", ["项目", "笔数", "分数"], rows, note=note)


def _reasons(adjusted: Mapping[str, Any]) -> RenderableType:
    """Corrections by reason."""
    rows = [
        (reason_words(reason), reason, sums["lines_added"], sums["lines_removed"], sums["points"])
        for reason, sums in adjusted["by_reason"].items()
    ]
    rows.append(("合计", "", adjusted["lines_added"], adjusted["lines_removed"], adjusted["points"]))
    return grid("调整原因", ["原因", "reason", "增加笔数", "减少笔数", "分数"], rows)


def _edits(edits: Sequence[str]) -> Text:
    """What was edited in the rule books: what it was, and what it is now."""
    return Text("\n".join(["上次公告以来的细则修改", *(f"  {printable(edit)}" for edit in edits), ""]))


def notice(
    adjustments: pl.DataFrame, content: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[RenderableType]:
    """The notice 更正公告, a table a village: household, category, announced, now, difference, why."""
    accounts = by_account(adjustments)
    for (_, village), rows in groupby(accounts, key=itemgetter("town_id", "village_id")):
        where = f"{names[village]}（{village}）" if village in names else village
        yield grid(
            f"{where} {words.quarter(content['quarter'])}更正公告",
            ["户编号", "积分年度", "类别", "原公告", "现为", "差额", "原因"],
            (
                (
                    one["household_id"],
                    str(one["scoring_year"]),
                    one["category"],
                    *(one[figure] for figure in FIGURES),
                    "；".join(_why(one["reasons"])),
                )
                for one in rows
            ),
        )
    left = content["adjusted"]["accounts"] - len(accounts)
    if left > 0:
        yield Text(f"另有 {left:,} 项调整未列出；用 --top 列出更多，全部见 corrections.parquet")


def by_account(adjustments: pl.DataFrame) -> list[dict[str, Any]]:
    """One document per account: its keys and figures, and its `reasons`, each with what is behind it."""
    keys = (*ACCOUNT, *FIGURES)
    return [
        dict(zip(keys, account, strict=True))
        | {"reasons": [{name: row[name] for name in BEHIND} for row in rows]}
        for account, rows in groupby(adjustments.iter_rows(named=True), key=itemgetter(*keys))
    ]


def _why(reasons: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A phrase per cause: its words, the item, clause and events as far as they may be named, the points."""
    for one in reasons:
        clause = f"「{printable(one['clause'])}」" if one["clause"] and one["what"] == EDITED else ""
        named = f"：{printable(one['name'])}{clause}" if one["name"] else ""
        behind = f"，因 {_listed(one['because'])}" if one["because"] else ""
        events = f"（{_listed(one['events'])}{behind}）" if one["events"] else ""
        yield f"{cause(one['cause'], one['what'])}{named}{events} {one['points']:+,}"


def _listed(events: Sequence[str]) -> str:
    """The first few events by id, and how many there are."""
    shown = "、".join(printable(event) for event in events[:EVENTS_SHOWN])
    return f"{shown} 等 {len(events)} 件" if len(events) > EVENTS_SHOWN else shown


def cause(name: str, what: str) -> str:
    """The Chinese words for a cause and what became of it."""
    if name == "rows":
        return ROWS.get(what) or f"记录被退回（{words.REJECT_REASONS.get(what, what)}）"
    return f"{CAUSES.get(name, name)}{HOW.get(what, '')}"


def reason_words(reason: str) -> str:
    """The same for the reason of a line, `cause.what`, several joined by +."""
    return "，".join(cause(*one.split(".")) for one in reason.split("+"))


def undecided(figures: Mapping[str, Any]) -> Iterator[RenderableType]:
    """What asks for a decision: announced events that are rejected, or a quarter that would be another."""
    if skipped := figures.get("passed_over"):
        yield grid(
            "以前有记分的季度没有公告过，请先依次公告，或用 --with-earlier 连同本季一起公告（分季列出）",
            ["季度", "笔数", "分数"],
            [(words.quarter(one["quarter"]), one["lines"], one["points"]) for one in skipped["quarters"]],
        )
    if rejected := figures.get("rejected"):
        yield _rejected(rejected)
    if disputed := figures.get("disputed"):
        yield _disputed(disputed)
    if differs := figures.get("differs"):
        yield from _differs(words.quarter(figures["quarter"]), differs)
    yield from printed(figures.get("notices"))


def _rejected(found: Mapping[str, Any]) -> RenderableType:
    """Announced events that are rejected now."""
    rows = (
        (
            one["village_id"],
            one["household_id"],
            one["event_id"],
            "、".join(words.REJECT_REASONS.get(reason, reason) for reason in one["reasons"]),
            one["points"],
        )
        for one in found["named"]
    )
    return grid(
        "已公告的事项现被退回，请先更正，或用 --accept-rejects 收回其积分",
        ["村", "户编号", "事项编号", "退回原因", "已公告分数"],
        rows,
        note=f"共 {found['events']:,} 件",
    )


def _disputed(found: Mapping[str, Any]) -> RenderableType:
    """Open objections to what would be announced."""
    names = ("objection_id", "household_id", "event_id", "raised_on")
    return grid(
        "复核中：本季要公告的积分有异议尚未了结，请先了结，或用 --accept-open 照样公告",
        ["异议编号", "户编号", "事项编号", "提出日期"],
        ([one[name] for name in names] for one in found["named"]),
        note=f"共 {found['objections']:,} 件，{found['lines']:,} 笔 {found['points']:+,} 分",
    )


def _differs(quarter: str, found: Mapping[str, Any]) -> Iterator[RenderableType]:
    """An announced quarter that would be another now: how much, and whose."""
    yield grid(
        f"{quarter}已公告，现算与之不同（公告保持不变，差额由以后各季的公告调整）",
        ["涉及户数", "增加笔数", "减少笔数", "分数"],
        [tuple(found[name] for name in ("households", "lines_added", "lines_removed", "points"))],
    )
    rows = (
        (
            one["village_id"],
            one["household_id"],
            str(one["scoring_year"]),
            one["category"],
            *(one[figure] for figure in FIGURES),
        )
        for one in found["rows"]
    )
    headers = ["村", "户编号", "积分年度", "类别", "已公告", "现算", "差额"]
    yield grid("", headers, rows, note=f"共 {found['accounts']:,} 项")


def printed(notices: Mapping[str, Any] | None) -> Iterator[RenderableType]:
    """Where the printed notices are, and how many; nothing where none were wanted."""
    if notices:
        unnamed = f"，其中 {notices['unnamed']:,} 户没有户主姓名" if notices["unnamed"] else ""
        said = f"notices  {printable(notices['folder'])}  {notices['villages']:,} 个村的公告已写好{unnamed}"
        yield Text(said, overflow="ignore", no_wrap=True)
