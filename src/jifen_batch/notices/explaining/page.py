"""The page for the counter: a headline, then year by year the standing, the lines, and what has none.

Set from the plain data of `document` alone, so that it can say nothing that `--json` does not.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.notices.explaining import standing
from jifen_batch.notices.explaining.days import span
from jifen_batch.notices.grid import Grid, Lines
from jifen_batch.notices.wallet import TERMS
from jifen_batch.sentence import AND, COMMA, Sentence, alike, joined
from jifen_batch.sentence import lines as below_each_other
from jifen_batch.tables import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jifen_batch.notices.grid import Part

    Row = Mapping[str, Any]

DAY, ITEM, EVENT = (
    Sentence("day", "发生日"),
    Sentence("item", "积分事项"),
    Sentence("event", "事项编号"),
)
POSTED, QUARTER = Sentence("posted", "入账日"), Sentence("announced in", "公告季度")
LINES = (
    *(DAY, ITEM, EVENT, POSTED),
    Sentence("how it came about", "怎么算的"),
    Sentence("points", "得分"),
    Sentence("announced", "公告"),
)
ROWS = (DAY, ITEM, EVENT, Sentence("what became of it", "结果"))
CORRECTIONS = (QUARTER, ITEM, EVENT, Sentence("points", "分数"), Sentence("why", "原因"))
BALANCES = ("category", *SUMS, "net")
HUNG = ("quarter", "category", *SUMS, "adjusted", "net")
EVENTS_SHOWN = 3
NUMBER = re.compile(r"[0-9]+")
WHOLE = (DAY, POSTED, QUARTER)
NO_SUCH_ITEM = Sentence("(a code that no rule book has)", "（细则中没有的代码）")


def parts(said: Row) -> Iterator[Part]:
    """The page for a `document`."""
    yield Lines(below_each_other([*headline(said), ""]))
    if said["wallet"]:
        yield Lines(below_each_other([*wallet(said["wallet"]), ""]))
    for year in said["years"]:
        yield from of_year(year, said)
    undated = said["undated"]
    if undated["unposted"] or undated["rejects"]:
        title = Sentence(
            "Of no year, for their date is missing or out of range", "日期缺失或超出范围，归不进任何年度的"
        )
        yield leftovers(title, undated)


def printable(said: Sentence) -> Sentence:
    """A sentence without what could hurt where it is shown."""
    return Sentence(*map(words.printable, said))


def headline(said: Row) -> list[Sentence]:
    """Household, run, where and since when it is enrolled, what has been announced."""
    household, as_of, run = said["household_id"], said["as_of"], said["run_id"]
    told = [
        Sentence(
            f"Household {household} (as of {as_of}, run {run})",
            f"农户 {household}（截至 {as_of}，运行 {run}）",
        )
    ]
    told += [
        words.renamed(one["old_household_id"], one["new_household_id"], one["effective_on"])
        for one in said["former_ids"]
    ]
    for one in said["objections"]:
        event, raised, named = one["event_id"], one["raised_on"], one["objection_id"]
        about = Sentence(f"event {event}", f"事项 {event}") if event else Sentence("its points", "本户积分")
        told.append(
            Sentence(
                f"Under review: an objection of {raised} to {about.en} ({named}) is open",
                f"复核中：{raised} 对{about.zh}提出异议（{named}），尚未了结",
            )
        )
    for spell in said["enrolled"]:
        last = spell["left_on"] and spell["left_on"] - timedelta(days=1)
        place, days = standing.place(spell), span(spell["enrolled_on"], last)
        told.append(Sentence(f"Enrolled: {place.en}, {days.en}", f"参加积分：{place.zh}，{days.zh}"))
    hung = [
        Sentence(
            f"{each['quarter']} (as of {each['as_of']})",
            f"{words.quarter(each['quarter']).zh}（截至 {each['as_of']}）",
        )
        for each in said["announced"]
    ]
    quarters = joined(hung, AND) if hung else Sentence("none yet", "还没有")
    told.append(Sentence(f"Announced quarters: {quarters.en}", f"已公告季度：{quarters.zh}"))
    return [*map(printable, told)]


def wallet(of: Row) -> Iterator[Sentence]:
    """What can be spent, what it is made of, and what of it lapses when."""
    made = [
        Sentence(f"{word.en} {of[name]:,}", f"{word.zh} {of[name]:,}")
        for name, word in TERMS.items()
        if name != "available" and of[name]
    ]
    made_of, available = joined(made, COMMA), f"{of['available']:,}"
    yield Sentence(
        f"Can be spent: {available} points{f' ({made_of.en})' if made else ''}",
        f"可用积分：{available} 分{f'（{made_of.zh}）' if made else ''}",
    )
    for one in of["lapses"]:
        if one["day"] is not None:
            points, last = f"{one['points']:,}", one["day"]
            yield Sentence(
                f"  {points} of them until {last}, then they lapse",
                f"  其中 {points} 分可用到 {last}，过后失效",
            )


def of_year(year: Row, said: Row) -> Iterator[Part]:
    """One scoring year: standing, balances, lines, what has no line, what hung and was corrected."""
    yield Lines(below_each_other(map(printable, standing.standing(year, said["enrolled"]))), style="bold")
    if year["balances"]:
        headers = [words.column(name) for name in BALANCES]
        rows = [[row[name] for name in BALANCES] for row in year["balances"]]
        yield Grid(Sentence("Points by category", "各类别积分"), headers, rows)
    if year["lines"]:
        yield lines(year["lines"], [each["quarter"] for each in said["announced"]])
        yield clauses(year["lines"])
    else:
        yield Lines(Sentence("No lines in this year.\n", "本年度没有记分。\n"))
    if year["unposted"] or year["rejects"]:
        yield leftovers(Sentence("Events without a line", "没有记分的申报"), year)
    if year["hung"]:
        headers = [
            *(words.column(name) for name in HUNG[:-2]),
            Sentence("adjusted", "调整"),
            Sentence("net announced", "公告净积分"),
        ]
        rows = [[row[name] for name in HUNG] for row in year["hung"]]
        yield Grid(Sentence("Announcements", "历次公告"), headers, rows)
    if year["corrections"]:
        yield corrections(year["corrections"])
    if year["taken_down_next"]:
        yield taken_down_next(year["taken_down_next"])


def lines(of: list[Row], quarters: list[str]) -> Part:
    """Every line: events in the order of their first line, each with its months below each other."""
    events: dict[str, list[Row]] = {}
    for line in of:
        events.setdefault(line["event_id"], []).append(line)
    rows = [
        (
            *(_event(line) if number == 0 else ("", "", "")),
            str(line["posted_on"]),
            line["explained"],
            line["points"],
            _board(line, quarters),
        )
        for event in events.values()
        for number, line in enumerate(event)
    ]
    total = f"{sum(line['points'] for line in of):,}"
    note = Sentence(f"{total} points in all", f"合计 {total} 分")
    return Grid(Sentence("Lines", "记分明细"), LINES, rows, note=note, whole=WHOLE)


def _event(row: Row) -> tuple[str, Sentence, str]:
    """Day, item and id of an event; an item that no rule book knows is not repeated here."""
    name = alike(row["name"]) if row["name"] else NO_SUCH_ITEM
    if matter := row.get("matter"):
        name = Sentence(f"{name.en} ({matter.en})", f"{name.zh}（{matter.zh}）")
    return str(row["occurred_on"] or "—"), name, row["event_id"] or "—"


def _item(row: Row) -> str:
    """An item by its name; by its code where the rule book that named it is gone."""
    return str(row["name"] or row["item"])


def _board(line: Row, quarters: list[str]) -> Sentence:
    """The quarter that announces a line, and whether it hangs there."""
    quarter, hung = line["quarter"], line["announced_in"]
    if hung == quarter:
        return Sentence(f"in {quarter}", f"{quarter} 已公告")
    if hung is not None:
        return Sentence(f"{quarter}, in {hung}", f"{quarter}，随 {hung} 公告")
    if quarters and quarter <= quarters[-1]:
        return Sentence(f"{quarter}, in the next, as a correction", f"{quarter}，随下次公告更正")
    return Sentence(f"{quarter}, not yet", f"{quarter} 未公告")


def clauses(of: list[Row]) -> Part:
    """The annex's own words for each item of these lines, once; and which book set another figure."""
    cited: dict[tuple[str, str, str], set[int]] = {}
    for line in of:
        if line["clause"]:
            figures = cited.setdefault((line["name"], line["clause"], line["book"]), set())
            figures.add(abs(line["gross"]) // line["quantity"])
    said = [_clause(name, clause, book, figures) for (name, clause, book), figures in cited.items()]
    return Lines(below_each_other([Sentence("Clauses", "细则原文"), *map(printable, said), ""]))


def _clause(name: str, clause: str, book: str, figures: set[int]) -> Sentence:
    """A clause with its book; and which book set a figure that is none of the clause's numbers."""
    named = {int(number) for number in NUMBER.findall(clause)}
    other = sorted(figures - named - {0}) if named else []
    english, chinese = f"  {name}: {clause} ({book})", f"  {name}：{clause}（{book}）"
    if not other:
        return Sentence(english, chinese)
    points = joined(map(str, other), AND)
    return Sentence(
        f"{english}; what counts is {points.en} points, as book {book} sets it",
        f"{chinese}；实际按 {points.zh} 分记，分值由细则 {book} 规定",
    )


def leftovers(title: Sentence, of: Row) -> Part:
    """Rows without a line and what came of each, by day."""
    rows = [*of["unposted"], *of["rejects"]]
    rows.sort(key=lambda row: (str(row["occurred_on"] or ""), row["event_id"] or ""))
    return Grid(title, ROWS, [(*_event(row), row["explained"]) for row in rows], whole=WHOLE)


def corrections(of: list[Row]) -> Part:
    """What later announcements put right: a row per announcement, item and reason, with its events."""
    return _by_reason(Sentence("Corrections", "更正公告"), [(row, row["change"]) for row in of])


def taken_down_next(of: list[Row]) -> Part:
    """Lines that hang and that the ledger has no more."""
    title = Sentence(
        "Announced, and no more so: the next announcement corrects it", "已公告、现已不成立，下次公告更正"
    )
    return _by_reason(title, [(row, -1) for row in of])


def _by_reason(title: Sentence, changes: list[tuple[Row, int]]) -> Part:
    """Lines that came (+1) or went (-1), a row per announcement, item and reason."""
    kinds: dict[tuple[str, str, Sentence], list[tuple[Row, int]]] = {}
    for row, change in changes:
        kinds.setdefault((row["announced_in"], _item(row), row["explained"]), []).append((row, change))
    rows = [
        (quarter, item, _events([row for row, _ in own]), _sum(own), explained)
        for (quarter, item, explained), own in kinds.items()
    ]
    total = f"{_sum(changes):+,}"
    note = Sentence(f"{total} points in all", f"合计 {total} 分")
    return Grid(title, CORRECTIONS, rows, note=note, whole=WHOLE)


def _sum(changes: list[tuple[Row, int]]) -> int:
    """The points that came, less those that went."""
    return sum(change * int(row["points"]) for row, change in changes)


def _events(rows: list[Row]) -> Sentence:
    """The first few events of some rows, and of how many lines they are."""
    events = list(dict.fromkeys(row["event_id"] for row in rows))
    said = joined(events[:EVENTS_SHOWN], AND)
    if len(events) > EVENTS_SHOWN:
        said = Sentence(f"{said.en} and others, {len(events)} in all", f"{said.zh} 等 {len(events)} 件")
    if len(rows) == 1:
        return said
    return Sentence(f"{said.en} ({len(rows)} lines)", f"{said.zh}（{len(rows)} 笔）")
