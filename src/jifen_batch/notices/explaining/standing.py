"""Where a household stands in a year: its net points and ranks, who is next, and which grade it missed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.sentence import AND, THEN, Sentence, alike, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Row = Mapping[str, Any]

# Of the next above and the next below: that there is none, and how far away it is.
ABOVE = (
    Sentence("nobody is above", "前面没有别的户"),
    Sentence(
        "{points} points behind the next above (rank {rank}, {net} points)",
        "离上一名（第 {rank} 名，{net} 分）差 {points} 分",
    ),
)
BELOW = (
    Sentence("nobody is below", "后面没有别的户"),
    Sentence(
        "{points} points ahead of the next below (rank {rank}, {net} points)",
        "比下一名（第 {rank} 名，{net} 分）多 {points} 分",
    ),
)


def standing(year: Row, spells: list[Row]) -> Iterator[Sentence]:
    """Place, net, ranks, and the next above and below."""
    at, of = year["standing"], year["scoring_year"]
    if at is None:
        yield Sentence(f"{of}  not in the standings", f"{of}年度  不在积分榜上")
        return
    where = next((place(spell) for spell in spells if spell["village_id"] == at["village_id"]), alike(""))
    ahead = Sentence(f"{of}  {where.en}  net {at['net']:,}", f"{of}年度  {where.zh}  净积分 {at['net']:,} 分")
    if at["rank"] is None:
        yield Sentence(
            f"{ahead.en}  no longer enrolled at the end, not ranked",
            f"{ahead.zh}  到期末已不参加积分，不排名次",
        )
        return
    level, count = at["level"], at["households"]
    yield Sentence(
        f"{ahead.en}  rank {at['rank']} in the village (of {count} households"
        f"{f', {level} more with as many points' if level else ''})  rank {at['rank_in_town']} in the town",
        f"{ahead.zh}  村内第 {at['rank']} 名（共 {count} 户{f'，另有 {level} 户同分' if level else ''}）"
        f"  镇内第 {at['rank_in_town']} 名",
    )
    yield joined([_apart(year["above"], *ABOVE), _apart(year["below"], *BELOW)], THEN)
    yield from _grades(year)
    if hung := year["announced_standing"]:
        quarter, net, ranked = hung["quarter"], f"{hung['net']:,}", hung["households"]
        rank = Sentence("not ranked", "不排名次")
        if hung["rank"]:
            rank = Sentence(
                f"rank {hung['rank']} in the village (of {ranked} households)",
                f"村内第 {hung['rank']} 名（共 {ranked} 户）",
            )
        yield Sentence(
            f"When {quarter} was announced: net {net}, {rank.en}",
            f"{words.quarter(quarter).zh}公告时：净积分 {net} 分，{rank.zh}",
        )
    yield from moved(of, at["village_id"], spells)


def _apart(other: Row | None, nobody: Sentence, apart: Sentence) -> Sentence:
    """What separates it from the next household, if there is one."""
    if other is None:
        return nobody
    figures = {"rank": other["rank"], "net": f"{other['net']:,}", "points": f"{other['points']:,}"}
    return Sentence(apart.en.format(**figures), apart.zh.format(**figures))


def _grades(year: Row) -> Iterator[Sentence]:
    """The grade, and of each before it why the household has not that one."""
    at = year["standing"]
    if at["grade"]:
        yield Sentence(f"Grade: {at['grade']}", f"等级：{at['grade']}")
    for missed in year["grades_missed"]:
        lacks = joined(_lacks(missed, at["rank"]), THEN)
        yield Sentence(f"Why not {missed['name']}: {lacks.en}", f"为什么不是{missed['name']}：{lacks.zh}")


def _lacks(missed: Row, rank: int) -> Iterator[Sentence]:
    """What a household lacks for a grade."""
    if missed["missing"]:
        points = f"{missed['missing']:,}"
        yield Sentence(f"{points} points are missing", f"差 {points} 分")
    if missed["worst_rank"] is not None:
        last = missed["worst_rank"]
        if last:
            yield Sentence(
                f"it is for the first {last} of the village, and this is rank {rank}",
                f"须在村内前 {last} 名，现第 {rank} 名",
            )
        else:
            yield Sentence(
                "the village ranks too few households for anybody to have it", "本村排名的户太少，无此名额"
            )
    if missed["barred_by"]:
        item, event = missed["barred_item"], missed["barred_by"]
        yield Sentence(f"it has “{item}” in that year ({event})", f"当年有“{item}”的记录（{event}）")


def moved(year: int, village: str, spells: list[Row]) -> Iterator[Sentence]:
    """The rule of one village a year, for a household that was enrolled in several of them in that year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    lived = [
        spell
        for spell in spells
        if spell["enrolled_on"] <= last and (spell["left_on"] is None or spell["left_on"] > first)
    ]
    others = {place(spell): None for spell in lived if spell["village_id"] != village}
    if others:
        named = joined(others, AND)
        yield Sentence(
            f"It moved in this year (it was enrolled in {named.en}, too): a year counts in one village, "
            "the first of the year, with all its points and the rank; from the next year on in the new one",
            f"本年度内迁移过（还在{named.zh}参加过）：一年只算一个村，全年积分和名次都计在年内最先参加的村，"
            "次年起计入新的村",
        )


def place(spell: Row) -> Sentence:
    """Village and town by their names, where they have one, and the village's id."""
    town, village, id_ = spell["town_name"] or spell["town_id"], spell["village_name"], spell["village_id"]
    if not village:
        return Sentence(f"{town} {id_}", f"{town}{id_}")
    return Sentence(f"{town} {village} ({id_})", f"{town}{village}（{id_}）")
