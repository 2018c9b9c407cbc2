"""The page for the counter: a headline, then year by year the standing, the lines, and what has none.

Set from the plain data of `document` alone, so that it can say nothing that `--json` does not.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rich.text import Text

from jifen_batch.notices import words
from jifen_batch.notices.explaining.days import span
from jifen_batch.notices.grid import grid
from jifen_batch.notices.wallet import TERMS
from jifen_batch.tables import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    Row = Mapping[str, Any]

LINES = ("发生日", "积分事项", "事项编号", "入账日", "怎么算的", "得分", "公告")
ROWS = ("发生日", "积分事项", "事项编号", "结果")
CORRECTIONS = ("公告季度", "积分事项", "事项编号", "分数", "原因")
BALANCES = ("category", *SUMS, "net")
HUNG = ("quarter", "category", *SUMS, "adjusted", "net")
EVENTS_SHOWN = 3
NUMBER = re.compile(r"[0-9]+")
WHOLE = ("发生日", "入账日", "公告季度")


def parts(said: Row) -> Iterator[RenderableType]:
    """The page for a `document`."""
    yield headline(said)
    if said["wallet"]:
        yield Text("\n".join([*wallet(said["wallet"]), ""]))
    for year in said["years"]:
        yield from of_year(year, said)
    undated = said["undated"]
    if undated["unposted"] or undated["rejects"]:
        yield leftovers("日期缺失或超出范围，归不进任何年度的", undated)


def headline(said: Row) -> Text:
    """Household, run, where and since when it is enrolled, what has been announced."""
    lines = [f"农户 {said['household_id']}（截至 {said['as_of']}，运行 {said['run_id']}）"]
    lines += [
        words.renamed(one["old_household_id"], one["new_household_id"], one["effective_on"])
        for one in said["former_ids"]
    ]
    for one in said["objections"]:
        about = f"事项 {one['event_id']}" if one["event_id"] else "本户积分"
        lines.append(f"复核中：{one['raised_on']} 对{about}提出异议（{one['objection_id']}），尚未了结")
    for spell in said["enrolled"]:
        last = spell["left_on"] and spell["left_on"] - timedelta(days=1)
        lines.append(f"参加积分：{_place(spell)}，{span(spell['enrolled_on'], last)}")
    hung = "、".join(f"{each['quarter']}（截至 {each['as_of']}）" for each in said["announced"])
    lines.append(f"已公告季度：{hung or '还没有'}")
    return Text("\n".join(words.printable(line) for line in lines) + "\n")


def wallet(of: Row) -> Iterator[str]:
    """What can be spent, what it is made of, and what of it lapses when."""
    parts = [f"{TERMS[name]} {of[name]:,}" for name in TERMS if name != "available" and of[name]]
    made_of = f"（{'，'.join(parts)}）" if parts else ""
    yield f"可用积分：{of['available']:,} 分{made_of}"
    for one in of["lapses"]:
        if one["day"] is not None:
            yield f"  其中 {one['points']:,} 分可用到 {one['day']}，过后失效"


def of_year(year: Row, said: Row) -> Iterator[RenderableType]:
    """One scoring year: standing, balances, lines, what has no line, what hung and was corrected."""
    yield Text("\n".join(words.printable(line) for line in standing(year, said["enrolled"])), style="bold")
    if year["balances"]:
        headers = [words.COLUMNS[name] for name in BALANCES]
        yield grid("各类别积分", headers, ([row[name] for name in BALANCES] for row in year["balances"]))
    if year["lines"]:
        yield lines(year["lines"], [each["quarter"] for each in said["announced"]])
        yield clauses(year["lines"])
    else:
        yield Text("本年度没有记分。\n")
    if year["unposted"] or year["rejects"]:
        yield leftovers("没有记分的申报", year)
    if year["hung"]:
        headers = [*(words.COLUMNS.get(name, "") for name in HUNG[:-2]), "调整", "公告净积分"]
        yield grid("历次公告", headers, ([row[name] for name in HUNG] for row in year["hung"]))
    if year["corrections"]:
        yield corrections(year["corrections"])
    if year["taken_down_next"]:
        yield taken_down_next(year["taken_down_next"])


def standing(year: Row, spells: list[Row]) -> Iterator[str]:
    """Place, net, ranks, and the next above and below."""
    at = year["standing"]
    if at is None:
        yield f"{year['scoring_year']}年度  不在积分榜上"
        return
    where = next((_place(spell) for spell in spells if spell["village_id"] == at["village_id"]), "")
    ahead = f"{year['scoring_year']}年度  {where}  净积分 {at['net']:,} 分"
    if at["rank"] is None:
        yield f"{ahead}  到期末已不参加积分，不排名次"
        return
    equal = f"，另有 {at['level']} 户同分" if at["level"] else ""
    yield (
        f"{ahead}  村内第 {at['rank']} 名（共 {at['households']} 户{equal}）  镇内第 {at['rank_in_town']} 名"
    )
    above, below = year["above"], year["below"]
    ups = f"离上一名（第 {above['rank']} 名，{above['net']:,} 分）差 {above['points']:,} 分" if above else ""
    downs = (
        f"比下一名（第 {below['rank']} 名，{below['net']:,} 分）多 {below['points']:,} 分" if below else ""
    )
    yield f"{ups or '前面没有别的户'}；{downs or '后面没有别的户'}"
    yield from _grades(year)
    if hung := year["announced_standing"]:
        rank = f"村内第 {hung['rank']} 名（共 {hung['households']} 户）" if hung["rank"] else "不排名次"
        yield f"{hung['quarter']} 公告时：净积分 {hung['net']:,} 分，{rank}"
    yield from moved(year["scoring_year"], at["village_id"], spells)


def _grades(year: Row) -> Iterator[str]:
    """The grade, and of each before it why the household has not that one."""
    at = year["standing"]
    if at["grade"]:
        yield f"等级：{at['grade']}"
    for missed in year["grades_missed"]:
        lacks = []
        if missed["missing"]:
            lacks.append(f"差 {missed['missing']:,} 分")
        if missed["worst_rank"] is not None:
            last = missed["worst_rank"]
            lacks.append(
                f"须在村内前 {last} 名，现第 {at['rank']} 名" if last else "本村排名的户太少，无此名额"
            )
        if missed["barred_by"]:
            lacks.append(f"当年有“{missed['barred_item']}”的记录（{missed['barred_by']}）")
        yield f"为什么不是{missed['name']}：{'；'.join(lacks)}"


def moved(year: int, village: str, spells: list[Row]) -> Iterator[str]:
    """The rule of one village a year, for a household that was enrolled in several of them in that year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    lived = [
        spell
        for spell in spells
        if spell["enrolled_on"] <= last and (spell["left_on"] is None or spell["left_on"] > first)
    ]
    others = {_place(spell): None for spell in lived if spell["village_id"] != village}
    if others:
        yield (
            f"本年度内迁移过（还在{'、'.join(others)}参加过）：一年只算一个村，全年积分和名次都计在年内最先参加的村，"
            "次年起计入新的村"
        )


def _place(spell: Row) -> str:
    """Village and town by their names, where they have one, and the village's id."""
    village = spell["village_name"]
    named = f"{village}（{spell['village_id']}）" if village else spell["village_id"]
    return f"{spell['town_name'] or spell['town_id']}{named}"


def lines(of: list[Row], quarters: list[str]) -> RenderableType:
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
    total = sum(line["points"] for line in of)
    return grid("记分明细", LINES, rows, note=f"合计 {total:,} 分", whole=WHOLE)


def _event(row: Row) -> tuple[str, str, str]:
    """Day, item and id of an event; an item that no rule book knows is not repeated here."""
    name = row["name"] or "（细则中没有的代码）"
    matter = row.get("matter")
    return str(row["occurred_on"] or "—"), f"{name}（{matter}）" if matter else name, row["event_id"] or "—"


def _item(row: Row) -> str:
    """An item by its name; by its code where the rule book that named it is gone."""
    return str(row["name"] or row["item"])


def _board(line: Row, quarters: list[str]) -> str:
    """The quarter that announces a line, and whether it hangs there."""
    quarter, hung = line["quarter"], line["announced_in"]
    if hung == quarter:
        return f"{quarter} 已公告"
    if hung is not None:
        return f"{quarter}，随 {hung} 公告"
    late = bool(quarters) and quarter <= quarters[-1]
    return f"{quarter}，随下次公告更正" if late else f"{quarter} 未公告"


def clauses(of: list[Row]) -> Text:
    """The annex's own words for each item of these lines, once; and which book set another figure."""
    cited: dict[tuple[str, str, str], set[int]] = {}
    for line in of:
        if line["clause"]:
            figures = cited.setdefault((line["name"], line["clause"], line["book"]), set())
            figures.add(abs(line["gross"]) // line["quantity"])
    said = (
        f"  {name}：{clause}（{book}）{_otherwise(clause, book, figures)}"
        for (name, clause, book), figures in cited.items()
    )
    return Text("\n".join(["细则原文", *map(words.printable, said), ""]))


def _otherwise(clause: str, book: str, figures: set[int]) -> str:
    """That a figure is none of the clause's numbers, and which book set it; empty where it is one."""
    named = {int(number) for number in NUMBER.findall(clause)}
    other = sorted(figures - named - {0}) if named else []
    return f"；实际按 {'、'.join(map(str, other))} 分记，分值由细则 {book} 规定" if other else ""


def leftovers(title: str, of: Row) -> RenderableType:
    """Rows without a line and what came of each, by day."""
    rows = [*of["unposted"], *of["rejects"]]
    rows.sort(key=lambda row: (str(row["occurred_on"] or ""), row["event_id"] or ""))
    return grid(title, ROWS, ((*_event(row), row["explained"]) for row in rows), whole=WHOLE)


def corrections(of: list[Row]) -> RenderableType:
    """What later announcements put right: a row per announcement, item and reason, with its events."""
    kinds: dict[tuple[str, str, str], list[Row]] = {}
    for row in of:
        kinds.setdefault((row["announced_in"], _item(row), row["explained"]), []).append(row)
    rows = [
        (quarter, item, _events(rows), sum(row["change"] * row["points"] for row in rows), explained)
        for (quarter, item, explained), rows in kinds.items()
    ]
    total = sum(row["change"] * row["points"] for row in of)
    return grid("更正公告", CORRECTIONS, rows, note=f"合计 {total:+,} 分", whole=WHOLE)


def _events(rows: list[Row]) -> str:
    """The first few events of some rows, and of how many lines they are."""
    events = list(dict.fromkeys(row["event_id"] for row in rows))
    shown = "、".join(events[:EVENTS_SHOWN])
    many = f" 等 {len(events)} 件" if len(events) > EVENTS_SHOWN else ""
    return f"{shown}{many}（{len(rows)} 笔）" if len(rows) > 1 else shown


def taken_down_next(of: list[Row]) -> RenderableType:
    """Lines that hang and that the ledger has no more."""
    kinds: dict[tuple[str, str, str], list[Row]] = {}
    for row in of:
        kinds.setdefault((row["announced_in"], _item(row), row["explained"]), []).append(row)
    rows = [
        (quarter, item, _events(rows), -sum(row["points"] for row in rows), explained)
        for (quarter, item, explained), rows in kinds.items()
    ]
    total = -sum(row["points"] for row in of)
    title = "已公告、现已不成立，下次公告更正"
    return grid(title, CORRECTIONS, rows, note=f"合计 {total:+,} 分", whole=WHOLE)
