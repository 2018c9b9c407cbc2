"""细则修改的影响 as a council reads it before it votes: who gains, who loses, what hangs on the board."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices import rule_changes, words
from jifen_batch.notices.before_after import left_out, village, was_and_is
from jifen_batch.notices.grid import grid
from jifen_batch.notices.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from jifen_batch.notices.read_aloud import ReadAloud
    from jifen_batch.rules.diff import Change

MAX_VILLAGES, MAX_FIRST_TEN, MAX_GRADES, MAX_ROWS, MAX_FILES = 40, 60, 60, 40, 5
MOVES = {"enters": "进入", "leaves": "退出"}

Data = Mapping[str, Any]
Names = Mapping[str, str]


def parts(
    found: Data, changes: Sequence[Change], sentences: Sequence[ReadAloud], names: Names
) -> Iterator[RenderableType]:
    """The whole of `what-if` from its plain data: changes, households, announced quarters, fingerprint.

    `sentences` say what the edited rules do; `names` are village names by id. The run that would accept the
    books is to follow, on a line of its own.
    """
    yield Text(f"对照运行 {found['run_id']}，截止日期 {found['as_of']}，审定宽限 {found['grace_days']} 天")
    yield Text("只是试算，没有发布任何内容。\n")
    if found["other_inputs"]:
        yield Text(_other_inputs(found["other_inputs"]))
    if found["as_if"]:
        yield Text(_as_if(found["as_if"]))
    yield from rule_changes.parts(changes)
    yield from rule_changes.aloud(sentences)
    if found["outcome"] == "unchanged":
        yield Text("没有一户的积分或名次改变，也没有一条记录的去向改变。")
    else:
        yield from _households(found, names)
    if not found["as_if"]:
        yield _announced(found["announced"])
    yield Text(f"新细则的指纹 fingerprint  {found['fingerprint']}")
    yield Text("确认采用时执行：")


def _other_inputs(files: Sequence[str]) -> str:
    """A warning that this was tried on data which the run that it is held against had not."""
    named = "、".join(map(printable, files[:MAX_FILES])) + ("……" if len(files) > MAX_FILES else "")
    return (
        f"注意：对照运行没有用过这些输入（{len(files)} 个）：{named}。试算的是这份数据，不是已发布的那份；"
        "若非有意，请核对 --events、--households、--mapping（或 --config）。\n"
    )


def _as_if(tried: Data) -> str:
    """Which past year is scored as which."""
    if tried["from_year"] is None:
        return f"只看 {tried['year']} 年：没有自以后年度起用的修改，两套细则都按原年度试算。\n"
    return (
        f"按 {tried['year']} 年的申报试算 {tried['from_year']} 年起用的修改："
        f"两套细则整体提前 {tried['years_earlier']} 年，只看 {tried['year']} 年。\n"
    )


def _households(found: Data, names: Names) -> Iterator[RenderableType]:
    """Tables of years, villages, first tens, most affected households and rows, where there is something."""
    totals = found["totals"]
    yield Text(
        f"共 {totals['households']:,} 户积分改变：增加合计 {totals['points_up']:,} 分，"
        f"减少合计 {totals['points_down']:,} 分；{totals['ranks_changed']:,} 处名次改变，"
        f"{totals['grades_changed']:,} 处等级改变。\n"
    )
    yield _years(found["years"])
    changed = [one for one in found["villages"] if one["gaining"] or one["losing"] or one["ranks_changed"]]
    by_year = itemgetter("scoring_year")
    for year, villages in groupby(sorted(changed, key=by_year), key=by_year):
        yield _villages(list(villages), names, year)
    for year, moved in groupby(found["first_ten"], key=by_year):
        yield _first_ten(list(moved), names, year)
    for year, moved in groupby(found["grades"], key=by_year):
        yield _grades(list(moved), names, year)
    if found["households"]:
        yield _most_affected(found["households"], names)
    if found["rows"]:
        yield _rows(found["rows"])


def _years(years: Sequence[Data]) -> RenderableType:
    """One row per scoring year, all villages together."""
    headers = ["积分年度", "户数", "增分户", "减分户", "增加合计", "减少合计", "名次改变", "进入前十"]
    columns = (
        "households",
        "gaining",
        "losing",
        "points_up",
        "points_down",
        "ranks_changed",
        "first_ten_changed",
    )
    rows = [(str(one["scoring_year"]), *(one[column] for column in columns)) for one in years]
    return grid("各年度", headers, rows)


def _villages(villages: Sequence[Data], names: Names, year: int) -> RenderableType:
    """One row per village that changes in a year, most points moved first."""
    by_size = sorted(
        villages, key=lambda one: (one["points_down"] - one["points_up"], one["town_id"], one["village_id"])
    )
    rows = [
        (
            village(one, names),
            one["households"],
            one["gaining"],
            one["points_up"],
            _spread(one, "gain"),
            one["losing"],
            one["points_down"],
            _spread(one, "loss"),
            one["ranks_changed"],
            one["first_ten_changed"],
        )
        for one in by_size[:MAX_VILLAGES]
    ]
    headers = [
        *("村", "户数", "增分户", "增加合计", "中位/九成/最多"),
        *("减分户", "减少合计", "中位/九成/最多", "名次改变", "进入前十"),
    ]
    return grid(f"{year}年各村", headers, rows, note=left_out(by_size, MAX_VILLAGES, "个村"))


def _spread(village: Data, of: str) -> str | None:
    """Median, ninth tenth and largest gain or loss of a village's households; null where there is none."""
    figures = [village[f"{of}_{name}"] for name in ("median", "90th", "max")]
    return None if None in figures else " / ".join(f"{figure:+,}" for figure in figures)


def _first_ten(moved: Sequence[Data], names: Names, year: int) -> RenderableType:
    """Who enters and leaves the first ten of each village in a year."""
    rows = [
        (
            village(one, names),
            MOVES[one["change"]],
            one["household_id"],
            was_and_is(one, "rank"),
            was_and_is(one, "net"),
        )
        for one in moved[:MAX_FIRST_TEN]
    ]
    note = left_out(moved, MAX_FIRST_TEN, "户")
    return grid(f"{year}年各村前十名的进出", ["村", "前十", "户编号", "名次", "净积分"], rows, note=note)


def _grades(moved: Sequence[Data], names: Names, year: int) -> RenderableType:
    """Who gains, loses or changes a grade in a year."""
    rows = [
        (
            village(one, names),
            one["household_id"],
            was_and_is(one, "grade"),
            was_and_is(one, "net"),
            was_and_is(one, "rank"),
        )
        for one in moved[:MAX_GRADES]
    ]
    note = left_out(moved, MAX_GRADES, "户")
    return grid(f"{year}年等级的变动", ["村", "户编号", "等级", "净积分", "名次"], rows, note=note)


def _most_affected(households: Sequence[Data], names: Names) -> RenderableType:
    """The households whose points move most."""
    rows = [
        (
            one["household_id"],
            village(one, names),
            one["net_before"],
            one["net_after"],
            f"{one['difference']:+,}",
            was_and_is(one, "rank"),
        )
        for one in households
    ]
    headers = ["户编号", "村", "原净积分", "新净积分", "相差", "最近年度名次"]
    return grid(f"影响最大的 {len(rows)} 户（各年度合计）", headers, rows)


def _rows(moved: Sequence[Data]) -> RenderableType:
    """Rows that come to another outcome than a line, or no longer do."""
    said = words.REJECT_REASONS | words.STATES
    rows = [
        (one["item"], said.get(one["outcome"], one["outcome"]), one["newly"], one["no_longer"])
        for one in moved[:MAX_ROWS]
    ]
    note = left_out(moved, MAX_ROWS, "项")
    return grid("未记分的申报认定记录", ["事项代码", "去向", "新增行数", "不再如此的行数"], rows, note=note)


def _announced(quarters: Sequence[Data]) -> RenderableType:
    """Announced quarters that would need corrections."""
    if not quarters:
        return Text("已公告的季度都不需要更正。\n")
    rows = [
        (
            words.quarter(one["quarter"]),
            one["households"],
            one["lines_added"],
            one["lines_removed"],
            one["points_up"],
            one["points_down"],
        )
        for one in quarters
    ]
    headers = ["季度", "涉及户数", "增加笔数", "减少笔数", "分数增加", "分数减少"]
    return grid("已公告、需要更正的季度", headers, rows, note="不接受新细则时，run 暂缓采用它，以 8 结束")


def readings(told: Sequence[Data], fingerprint: str) -> Iterator[RenderableType]:
    """One row per reading of the annex, and the complaints about those that are refused."""
    rows = [
        (
            one["reading"],
            one["title"],
            one["sentence"],
            one["households"],
            one["points_up"],
            one["points_down"],
            one["ranks_changed"],
            one["grades_changed"],
            " ".join(one["quarters"]) or "无",
        )
        for one in told
        if one["complaint"] is None
    ]
    headers = ["文件", "理解", "有待明确的原文", "涉及户", "分数增加", "分数减少", "名次改变"]
    headers += ["等级改变", "已公告季度"]
    yield grid("其他理解的影响", headers, rows, note=f"逐一试算，对照细则 {fingerprint}，没有发布任何内容")
    for one in told:
        if one["complaint"]:
            yield Text(printable(f"{one['reading']}：不能与现有细则同用：{one['complaint']}"))
