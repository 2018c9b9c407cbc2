"""两次结果的比较: what changed between two runs, why, where, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices import rule_changes, words
from jifen_batch.notices.before_after import called, left_out, village, was_and_is
from jifen_batch.notices.grid import grid
from jifen_batch.scheme.causes import CHANGE_CAUSES, CIRCUMSTANCES
from jifen_batch.scheme.word import chinese

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from jifen_batch.rules.diff import Change

MAX_ROWS = 40
CAUSES = chinese(CHANGE_CAUSES)
WHATS = chinese(CIRCUMSTANCES)
LEDGER_FIGURES = ["笔数", "增加", "减少", "净差"]

Data = dict[str, Any]


def parts(told: Data, changes: Sequence[Change], names: Mapping[str, str]) -> Iterator[RenderableType]:
    """The whole of `compare` from its plain data; `names` are those of villages by id, of items by code."""
    before, after = told["before"], told["after"]
    yield Text(
        f"比较 {before['run_id']}（截至 {before['as_of']}）与 {after['run_id']}（截至 {after['as_of']}）"
    )
    if told["outcome"] == "identical":
        yield Text("两次结果完全相同。")
        return
    yield Text(
        f"总分 {before['points']:,} → {after['points']:,}，相差 {told['difference']:+,}；"
        f"已查明原因 {told['attributed']:+,}，原因不明 {told['unattributed']:+,}"
        f"（{told['lines_unattributed']:,} 笔）。\n"
    )
    yield from _side_by_side(before, after)
    yield from rule_changes.parts(changes)
    if told["causes"]:
        yield _causes(told["causes"], names)
        yield _villages(told["villages"], names)
        yield _items(told["items"], names)
    yield from _households(told, names)


def _side_by_side(before: Data, after: Data) -> Iterator[RenderableType]:
    """Row accounting, events and control totals of both runs; of equal ones nothing is shown."""
    accounts: list[tuple[str, str | None, int, int]] = [
        (word, name, before["accounting"].get(name, 0), after["accounting"].get(name, 0))
        for name, word in words.ACCOUNTING.items()
    ]
    years = sorted({*before["events"], *after["events"]})
    accounts += [
        (f"{year}年事项", None, before["events"].get(year, 0), after["events"].get(year, 0)) for year in years
    ]
    yield _unequal("行数去向与事项数", "去向", accounts)
    totals = [side["dispositions"] for side in (before, after)]
    figures = [
        (f"{word}{what}", name, *(side.get(name, {}).get(figure, 0) for side in totals))
        for name, word in words.DISPOSITIONS.items()
        for figure, what in (("lines", "笔数"), ("points", "分数"))
    ]
    yield _unequal("台账记分", "处理", figures)


def _unequal(title: str, header: str, rows: Sequence[tuple[str, str | None, int, int]]) -> RenderableType:
    """The figures in which two runs differ."""
    shown = [(*row, f"{row[3] - row[2]:+,}") for row in rows if row[2] != row[3]]
    if not shown:
        return Text(f"{title}：相同。\n")
    return grid(title, [header, "term", "前", "后", "相差"], shown, note="相同的不列")


def _figures(one: Data) -> tuple[int, int, int, str]:
    """Lines, points up and down, and what they come to."""
    up, down = one["points_up"], one["points_down"]
    return one["lines"], up, down, f"{up + down:+,}"


def _causes(causes: Sequence[Data], names: Mapping[str, str]) -> RenderableType:
    """Changed lines by what they are put down to."""
    said = words.STATES | words.REJECT_REASONS | WHATS
    rows = [
        (
            CAUSES[one["cause"]],
            said.get(one["what"], one["what"]),
            called(one["rule"], names),
            *_figures(one),
        )
        for one in causes[:MAX_ROWS]
    ]
    headers = ["原因", "情形", "事项、上限或细则", *LEDGER_FIGURES]
    return grid("差异原因", headers, rows, note=left_out(causes, MAX_ROWS))


def _villages(villages: Sequence[Data], names: Mapping[str, str]) -> RenderableType:
    """Changed lines by village."""
    rows = [(village(one, names), *_figures(one)) for one in villages[:MAX_ROWS]]
    return grid("各村差异", ["村", *LEDGER_FIGURES], rows, note=left_out(villages, MAX_ROWS))


def _items(items: Sequence[Data], names: Mapping[str, str]) -> RenderableType:
    """Changed lines by item."""
    rows = [(called(one["item"], names), *_figures(one)) for one in items[:MAX_ROWS]]
    return grid("各积分事项差异", ["积分事项", *LEDGER_FIGURES], rows, note=left_out(items, MAX_ROWS))


def _households(told: Data, names: Mapping[str, str]) -> Iterator[RenderableType]:
    """How many households and ranks differ, who enters and leaves the first ten, who is affected most."""
    totals = told["totals"]
    yield Text(
        f"{totals['households']:,} 户积分改变，{totals['ranks_changed']:,} 处名次改变，"
        f"{totals['first_ten_changed']:,} 户次进入本村前十名，{totals['grades_changed']:,} 处等级改变。\n"
    )
    if told["first_ten"]:
        rows = [
            (
                f"{one['scoring_year']}年",
                village(one, names),
                "进入" if one["change"] == "enters" else "退出",
                one["household_id"],
                was_and_is(one, "rank"),
                was_and_is(one, "net"),
            )
            for one in told["first_ten"][:MAX_ROWS]
        ]
        headers = ["积分年度", "村", "前十", "户编号", "名次", "净积分"]
        yield grid("各村前十名的进出", headers, rows, note=left_out(told["first_ten"], MAX_ROWS))
    if told["grades"]:
        yield _grades(told["grades"], names)
    if told["households"]:
        rows = [
            (
                one["household_id"],
                village(one, names),
                was_and_is(one, "net"),
                f"{one['difference']:+,}",
                was_and_is(one, "rank"),
                "，".join(f"{CAUSES[why['cause']]} {why['points']:+,}" for why in one["causes"]),
            )
            for one in told["households"]
        ]
        headers = ["户编号", "村", "净积分", "相差", "最近年度名次", "原因"]
        yield grid(f"影响最大的 {len(rows)} 户（各年度合计）", headers, rows)


def _grades(moved: Sequence[Data], names: Mapping[str, str]) -> RenderableType:
    """Who gains, loses or changes a grade."""
    rows = [
        (
            f"{one['scoring_year']}年",
            village(one, names),
            one["household_id"],
            was_and_is(one, "grade"),
            was_and_is(one, "net"),
        )
        for one in moved[:MAX_ROWS]
    ]
    headers = ["积分年度", "村", "户编号", "等级", "净积分"]
    return grid("等级的变动", headers, rows, note=left_out(moved, MAX_ROWS))
