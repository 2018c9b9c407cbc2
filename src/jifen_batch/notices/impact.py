"""细则修改的影响 as a council reads it before it votes: who gains, who loses, what hangs on the board."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from jifen_batch.notices import held_back, rule_changes, words
from jifen_batch.notices.before_after import left_out, village, was_and_is
from jifen_batch.notices.comparison import (
    DIFFERENCE,
    FIRST_TEN,
    GRADE,
    HOUSEHOLD,
    LATEST_RANK,
    MOVES,
    NET,
    RANK,
    VILLAGE,
    YEAR,
    most_affected_title,
)
from jifen_batch.notices.grid import Grid, Lines
from jifen_batch.notices.words import printable
from jifen_batch.sentence import AND, Sentence, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.notices.grid import Part
    from jifen_batch.notices.read_aloud import ReadAloud
    from jifen_batch.rules.diff import Change

MAX_VILLAGES, MAX_FIRST_TEN, MAX_GRADES, MAX_ROWS, MAX_FILES = 40, 60, 60, 40, 5
HOUSEHOLDS, GAINING, LOSING = (
    Sentence("households", "户数"),
    Sentence("gaining", "增分户"),
    Sentence("losing", "减分户"),
)
UP, DOWN = Sentence("up in all", "增加合计"), Sentence("down in all", "减少合计")
SPREAD = Sentence("median/90%/most", "中位/九成/最多")
RANKS_CHANGED, INTO_FIRST_TEN = Sentence("ranks changed", "名次改变"), Sentence("into first ten", "进入前十")
VILLAGES, OF_HOUSEHOLDS, ITEMS = (
    Sentence("village(s)", "个村"),
    Sentence("household(s)", "户"),
    Sentence("item(s)", "项"),
)

Data = Mapping[str, Any]
Names = Mapping[str, str]


def parts(
    found: Data, changes: Sequence[Change], sentences: Sequence[ReadAloud], names: Names
) -> Iterator[Part]:
    """The whole of `what-if` from its plain data: changes, households, announced quarters, fingerprint.

    `sentences` say what the edited rules do; `names` are village names by id. The run that would accept the
    books is to follow, on a line of its own.
    """
    run_id, as_of, grace = found["run_id"], found["as_of"], found["grace_days"]
    yield Lines(
        Sentence(
            f"Held against run {run_id}, as of {as_of}, with {grace} days of grace for approval",
            f"对照运行 {run_id}，截止日期 {as_of}，审定宽限 {grace} 天",
        )
    )
    yield Lines(Sentence("A trial: nothing was published.\n", "只是试算，没有发布任何内容。\n"))
    if found["other_inputs"]:
        yield Lines(_other_inputs(found["other_inputs"]))
    if found["as_if"]:
        yield Lines(_as_if(found["as_if"]))
    yield from rule_changes.parts(changes)
    yield from rule_changes.aloud(sentences)
    if found["outcome"] == "unchanged":
        yield Lines(
            Sentence(
                "No household's points or rank change, nor what becomes of any row.",
                "没有一户的积分或名次改变，也没有一条记录的去向改变。",
            )
        )
    else:
        yield from _households(found, names)
    if not found["as_if"]:
        yield _announced(found["announced"])
    fingerprint = found["fingerprint"]
    yield Lines(
        Sentence(
            f"Fingerprint of the edited books  {fingerprint}", f"新细则的指纹 fingerprint  {fingerprint}"
        )
    )
    yield Lines(Sentence("To accept them, run:", "确认采用时执行："))


def _other_inputs(files: Sequence[str]) -> Sentence:
    """A warning that this was tried on data which the run that it is held against had not."""
    named, count = joined(map(printable, files[:MAX_FILES]), AND), len(files)
    more = count > MAX_FILES
    return Sentence(
        f"Beware: the run that this is held against had not these inputs ({count}): "
        f"{named.en}{' …' if more else ''}. This was tried on them, not on what is published; if that is not "
        "meant, look at --events, --households, --mapping (or --config).\n",
        f"注意：对照运行没有用过这些输入（{count} 个）：{named.zh}{'……' if more else ''}。"
        "试算的是这份数据，不是已发布的那份；若非有意，"
        "请核对 --events、--households、--mapping（或 --config）。\n",
    )


def _as_if(tried: Data) -> Sentence:
    """Which past year is scored as which."""
    year, begins = tried["year"], tried["from_year"]
    if begins is None:
        return Sentence(
            f"Only {year}: no edit begins in a later year, both sets of books are tried as they stand.\n",
            f"只看 {year} 年：没有自以后年度起用的修改，两套细则都按原年度试算。\n",
        )
    earlier = tried["years_earlier"]
    return Sentence(
        f"The edits that begin in {begins}, tried on the events of {year}: both sets of books are moved "
        f"{earlier} year(s) earlier, and only {year} is looked at.\n",
        f"按 {year} 年的申报试算 {begins} 年起用的修改：两套细则整体提前 {earlier} 年，只看 {year} 年。\n",
    )


def _households(found: Data, names: Names) -> Iterator[Part]:
    """Tables of years, villages, first tens, most affected households and rows, where there is something."""
    totals = found["totals"]
    up, down = f"{totals['points_up']:,}", f"{totals['points_down']:,}"
    ranks, grades = f"{totals['ranks_changed']:,}", f"{totals['grades_changed']:,}"
    yield Lines(
        Sentence(
            f"{totals['households']:,} household(s) have other points: up {up} in all, down {down} in all; "
            f"{ranks} rank(s) and {grades} grade(s) change.\n",
            f"共 {totals['households']:,} 户积分改变：增加合计 {up} 分，减少合计 {down} 分；"
            f"{ranks} 处名次改变，{grades} 处等级改变。\n",
        )
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


def _years(years: Sequence[Data]) -> Part:
    """One row per scoring year, all villages together."""
    headers = [YEAR, HOUSEHOLDS, GAINING, LOSING, UP, DOWN, RANKS_CHANGED, INTO_FIRST_TEN]
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
    return Grid(Sentence("By year", "各年度"), headers, rows)


def _villages(villages: Sequence[Data], names: Names, year: int) -> Part:
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
        *(VILLAGE, HOUSEHOLDS, GAINING, UP, SPREAD),
        *(LOSING, DOWN, SPREAD, RANKS_CHANGED, INTO_FIRST_TEN),
    ]
    title = Sentence(f"Villages in {year}", f"{year}年各村")
    return Grid(title, headers, rows, note=left_out(by_size, MAX_VILLAGES, VILLAGES))


def _spread(village: Data, of: str) -> str | None:
    """Median, ninth tenth and largest gain or loss of a village's households; null where there is none."""
    figures = [village[f"{of}_{name}"] for name in ("median", "90th", "max")]
    return None if None in figures else " / ".join(f"{figure:+,}" for figure in figures)


def _first_ten(moved: Sequence[Data], names: Names, year: int) -> Part:
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
    title = Sentence(f"Into and out of the first ten of each village in {year}", f"{year}年各村前十名的进出")
    note = left_out(moved, MAX_FIRST_TEN, OF_HOUSEHOLDS)
    return Grid(title, [VILLAGE, FIRST_TEN, HOUSEHOLD, RANK, NET], rows, note=note)


def _grades(moved: Sequence[Data], names: Names, year: int) -> Part:
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
    title = Sentence(f"Grades changed in {year}", f"{year}年等级的变动")
    note = left_out(moved, MAX_GRADES, OF_HOUSEHOLDS)
    return Grid(title, [VILLAGE, HOUSEHOLD, GRADE, NET, RANK], rows, note=note)


def _most_affected(households: Sequence[Data], names: Names) -> Part:
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
    nets = (Sentence("net before", "原净积分"), Sentence("net after", "新净积分"))
    headers = [HOUSEHOLD, VILLAGE, *nets, DIFFERENCE, LATEST_RANK]
    return Grid(most_affected_title(len(rows)), headers, rows)


def _rows(moved: Sequence[Data]) -> Part:
    """Rows that come to another outcome than a line, or no longer do."""
    said = words.REJECT_REASONS | words.STATES
    rows = [
        (one["item"], said.get(one["outcome"], one["outcome"]), one["newly"], one["no_longer"])
        for one in moved[:MAX_ROWS]
    ]
    headers = [
        Sentence("item code", "事项代码"),
        Sentence("what becomes of them", "去向"),
        Sentence("newly", "新增行数"),
        Sentence("no longer", "不再如此的行数"),
    ]
    title = Sentence("Rows without a line", "未记分的申报认定记录")
    return Grid(title, headers, rows, note=left_out(moved, MAX_ROWS, ITEMS))


def _announced(quarters: Sequence[Data]) -> Part:
    """Announced quarters that would need corrections."""
    if not quarters:
        return Lines(
            Sentence("No announced quarter would need a correction.\n", "已公告的季度都不需要更正。\n")
        )
    note = Sentence(
        "as long as the edited books are not accepted, run does not use them and ends with 8",
        "不接受新细则时，run 暂缓采用它，以 8 结束",
    )
    title = Sentence("Announced quarters that would need corrections", "已公告、需要更正的季度")
    return Grid(title, held_back.HEADERS, held_back.rows(quarters), note=note)


def readings(told: Sequence[Data], fingerprint: str) -> Iterator[Part]:
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
            " ".join(one["quarters"]) or Sentence("none", "无"),
        )
        for one in told
        if one["refusal"] is None
    ]
    headers = [
        Sentence("file", "文件"),
        Sentence("reading", "理解"),
        Sentence("words that are open", "有待明确的原文"),
        Sentence("households", "涉及户"),
        *(held_back.POINTS_UP, held_back.POINTS_DOWN, RANKS_CHANGED),
        Sentence("grades changed", "等级改变"),
        Sentence("announced quarters", "已公告季度"),
    ]
    note = Sentence(
        f"each tried by itself against the books {fingerprint}; nothing was published",
        f"逐一试算，对照细则 {fingerprint}，没有发布任何内容",
    )
    yield Grid(Sentence("What other readings would change", "其他理解的影响"), headers, rows, note=note)
    for one in told:
        if one["refusal"]:
            why, name = Sentence(**one["refusal"]), one["reading"]
            yield Lines(
                Sentence(
                    printable(f"{name}: cannot be used beside the present books: {why.en}"),
                    printable(f"{name}：不能与现有细则同用：{why.zh}"),
                )
            )
