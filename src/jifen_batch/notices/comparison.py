"""两次结果的比较: what changed between two runs, why, where, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import rule_changes, words
from jifen_batch.notices.before_after import called, left_out, village, was_and_is
from jifen_batch.notices.grid import Grid, Lines
from jifen_batch.scheme.causes import CHANGE_CAUSES, CIRCUMSTANCES
from jifen_batch.scheme.word import spoken
from jifen_batch.sentence import COMMA, Sentence, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jifen_batch.notices.grid import Part
    from jifen_batch.rules.diff import Change

MAX_ROWS = 40
CAUSES = spoken(CHANGE_CAUSES)
WHATS = spoken(CIRCUMSTANCES)
LEDGER_FIGURES = [
    Sentence("lines", "笔数"),
    Sentence("up", "增加"),
    Sentence("down", "减少"),
    Sentence("net", "净差"),
]
YEAR, HOUSEHOLD = map(words.column, ("scoring_year", "household_id"))
VILLAGE = words.VILLAGE
NET, RANK, GRADE = map(words.column, ("net", "rank", "grade"))
FIRST_TEN, CAUSE = Sentence("first ten", "前十"), Sentence("cause", "原因")
MOVES = {"enters": Sentence("enters", "进入"), "leaves": Sentence("leaves", "退出")}
LATEST_RANK = Sentence("rank, latest year", "最近年度名次")
DIFFERENCE = Sentence("difference", "相差")

Data = dict[str, Any]


def parts(told: Data, changes: Sequence[Change], names: Mapping[str, str]) -> Iterator[Part]:
    """The whole of `compare` from its plain data; `names` are those of villages by id, of items by code."""
    before, after = told["before"], told["after"]
    yield Lines(
        Sentence(
            f"{before['run_id']} (as of {before['as_of']}) against "
            f"{after['run_id']} (as of {after['as_of']})",
            f"比较 {before['run_id']}（截至 {before['as_of']}）与 {after['run_id']}（截至 {after['as_of']}）",
        )
    )
    if told["outcome"] == "identical":
        yield Lines(Sentence("Both results are the same in everything.", "两次结果完全相同。"))
        return
    points = f"{before['points']:,} → {after['points']:,}"
    known, unknown = f"{told['attributed']:+,}", f"{told['unattributed']:+,}"
    yield Lines(
        Sentence(
            f"Points in all {points}, a difference of {told['difference']:+,}: with a known cause {known}, "
            f"without {unknown} ({told['lines_unattributed']:,} line(s)).\n",
            f"总分 {points}，相差 {told['difference']:+,}；已查明原因 {known}，原因不明 {unknown}"
            f"（{told['lines_unattributed']:,} 笔）。\n",
        )
    )
    yield from _side_by_side(before, after)
    yield from rule_changes.parts(changes)
    if told["causes"]:
        yield _causes(told["causes"], names)
        yield _villages(told["villages"], names)
        yield _items(told["items"], names)
    yield from _households(told, names)


def _side_by_side(before: Data, after: Data) -> Iterator[Part]:
    """Row accounting, events and control totals of both runs; of equal ones nothing is shown."""
    accounts: list[tuple[Sentence, str | None, int, int]] = [
        (word, name, before["accounting"].get(name, 0), after["accounting"].get(name, 0))
        for name, word in words.ACCOUNTING.items()
    ]
    years = sorted({*before["events"], *after["events"]})
    accounts += [
        (
            Sentence(f"events of {year}", f"{year}年事项"),
            None,
            before["events"].get(year, 0),
            after["events"].get(year, 0),
        )
        for year in years
    ]
    yield _unequal(
        Sentence("Where the rows went, and events", "行数去向与事项数"), Sentence("rows", "去向"), accounts
    )
    totals = [side["dispositions"] for side in (before, after)]
    figures = [
        (
            Sentence(f"{word.en}: {what.en}", f"{word.zh}{what.zh}"),
            name,
            *(side.get(name, {}).get(figure, 0) for side in totals),
        )
        for name, word in words.DISPOSITIONS.items()
        for figure, what in (("lines", Sentence("lines", "笔数")), ("points", Sentence("points", "分数")))
    ]
    yield _unequal(Sentence("The ledger", "台账记分"), Sentence("disposition", "处理"), figures)


def _unequal(
    title: Sentence, header: Sentence, rows: Sequence[tuple[Sentence, str | None, int, int]]
) -> Part:
    """The figures in which two runs differ."""
    shown = [(*row, f"{row[3] - row[2]:+,}") for row in rows if row[2] != row[3]]
    if not shown:
        return Lines(Sentence(f"{title.en}: the same.\n", f"{title.zh}：相同。\n"))
    headers = [header, Sentence("", "term"), Sentence("before", "前"), Sentence("after", "后"), DIFFERENCE]
    return Grid(title, headers, shown, note=Sentence("what is the same is not listed", "相同的不列"))


def _figures(one: Data) -> tuple[int, int, int, str]:
    """Lines, points up and down, and what they come to."""
    up, down = one["points_up"], one["points_down"]
    return one["lines"], up, down, f"{up + down:+,}"


def _causes(causes: Sequence[Data], names: Mapping[str, str]) -> Part:
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
    headers = [
        CAUSE,
        Sentence("what became of it", "情形"),
        Sentence("item, cap or book", "事项、上限或细则"),
    ]
    title = Sentence("Why they differ", "差异原因")
    return Grid(title, [*headers, *LEDGER_FIGURES], rows, note=left_out(causes, MAX_ROWS))


def _villages(villages: Sequence[Data], names: Mapping[str, str]) -> Part:
    """Changed lines by village."""
    rows = [(village(one, names), *_figures(one)) for one in villages[:MAX_ROWS]]
    title = Sentence("By village", "各村差异")
    return Grid(title, [VILLAGE, *LEDGER_FIGURES], rows, note=left_out(villages, MAX_ROWS))


def _items(items: Sequence[Data], names: Mapping[str, str]) -> Part:
    """Changed lines by item."""
    rows = [(called(one["item"], names), *_figures(one)) for one in items[:MAX_ROWS]]
    headers = [Sentence("item", "积分事项"), *LEDGER_FIGURES]
    return Grid(Sentence("By item", "各积分事项差异"), headers, rows, note=left_out(items, MAX_ROWS))


def _households(told: Data, names: Mapping[str, str]) -> Iterator[Part]:
    """How many households and ranks differ, who enters and leaves the first ten, who is affected most."""
    totals = told["totals"]
    yield Lines(
        Sentence(
            f"{totals['households']:,} household(s) have other points, {totals['ranks_changed']:,} rank(s) "
            f"changed, {totals['first_ten_changed']:,} time(s) a household entered its village's first ten, "
            f"{totals['grades_changed']:,} grade(s) changed.\n",
            f"{totals['households']:,} 户积分改变，{totals['ranks_changed']:,} 处名次改变，"
            f"{totals['first_ten_changed']:,} 户次进入本村前十名，"
            f"{totals['grades_changed']:,} 处等级改变。\n",
        )
    )
    if told["first_ten"]:
        rows = [
            (
                year(one),
                village(one, names),
                MOVES[one["change"]],
                one["household_id"],
                was_and_is(one, "rank"),
                was_and_is(one, "net"),
            )
            for one in told["first_ten"][:MAX_ROWS]
        ]
        title = Sentence("Into and out of the first ten of each village", "各村前十名的进出")
        headers = [YEAR, VILLAGE, FIRST_TEN, HOUSEHOLD, RANK, NET]
        yield Grid(title, headers, rows, note=left_out(told["first_ten"], MAX_ROWS))
    if told["grades"]:
        yield _grades(told["grades"], names)
    if told["households"]:
        yield _most_affected(told["households"], names)


def _most_affected(households: Sequence[Data], names: Mapping[str, str]) -> Part:
    """The households whose points moved most, and why."""
    rows = [
        (
            one["household_id"],
            village(one, names),
            was_and_is(one, "net"),
            f"{one['difference']:+,}",
            was_and_is(one, "rank"),
            joined((_moved_by(why) for why in one["causes"]), COMMA),
        )
        for one in households
    ]
    return Grid(
        most_affected_title(len(rows)), [HOUSEHOLD, VILLAGE, NET, DIFFERENCE, LATEST_RANK, CAUSE], rows
    )


def _moved_by(why: Data) -> Sentence:
    """A cause with its points."""
    said, points = CAUSES[why["cause"]], f"{why['points']:+,}"
    return Sentence(f"{said.en} {points}", f"{said.zh} {points}")


def most_affected_title(households: int) -> Sentence:
    """What stands above the households most affected."""
    return Sentence(
        f"The {households} household(s) most affected (all years)",
        f"影响最大的 {households} 户（各年度合计）",
    )


def year(one: Mapping[str, Any]) -> Sentence:
    """The scoring year of a row."""
    return Sentence(str(one["scoring_year"]), f"{one['scoring_year']}年")


def _grades(moved: Sequence[Data], names: Mapping[str, str]) -> Part:
    """Who gains, loses or changes a grade."""
    rows = [
        (
            year(one),
            village(one, names),
            one["household_id"],
            was_and_is(one, "grade"),
            was_and_is(one, "net"),
        )
        for one in moved[:MAX_ROWS]
    ]
    headers = [YEAR, VILLAGE, HOUSEHOLD, GRADE, NET]
    return Grid(Sentence("Grades changed", "等级的变动"), headers, rows, note=left_out(moved, MAX_ROWS))
