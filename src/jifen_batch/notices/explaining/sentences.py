"""How a line came about, as a clerk says it at the counter: its arithmetic, and who took what of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.notices.explaining.cap_sentence import of_caps
from jifen_batch.notices.explaining.days import day, span
from jifen_batch.scheme import choices
from jifen_batch.scheme.word import by_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Row = Mapping[str, Any]

PERIODS = by_name(choices.PERIODS)
MATTERS = by_name(choices.MATTERS)


def of_line(line: Row, spells: Sequence[Row]) -> str:
    """What a line of the story (`story.told`) came from and to, without a full stop.

    `spells` are the household's, for a line on a day when it was not enrolled.
    """
    return "；".join(_parts(line, spells))


def _parts(line: Row, spells: Sequence[Row]) -> Iterator[str]:
    """The arithmetic, then a part for each operator that had a say."""
    if line["disposition"] == "reversed":
        yield f"{_incident(line)}，收回 {-line['points']} 分"
        return
    if line["disposition"] == "noted":
        # Of an item without points there is nothing to add up.
        yield "仅登记，不计分"
        return
    yield _arithmetic(line)
    if line["disposition"] == "not_enrolled":
        yield f"{day(line['accrued_on'], line)}未参加积分，不计分（参加时间：{_enrolled(spells)}）"
    elif line["disposition"] == "not_eligible":
        yield f"本户类别不适用（本事项适用于{line['kinds'] or '其他类别的户'}），不计分"
    elif line["disposition"] == "duplicate":
        period = (line["per"] in PERIODS and PERIODS[line["per"]].same) or "同期"
        yield f"{_whose(line)}{period}已有{_cause(line)}，只计一次，本笔不计"
    elif line["disposition"] == "forfeited":
        yield f"{_incident(line)}，本笔不计"
    else:
        yield from _holds(line)


def _arithmetic(line: Row) -> str:
    """`5 × 2 次 = 10 分`; for what counts once in a period, `3 月份 5 分` or `20 分/年`."""
    if line["per"] == "month":
        return f"{line['accrued_on'].month} 月份 {line['gross']} 分"
    if line["per"] in {"quarter", "half", "year", "matter"}:
        return f"{line['gross']} 分/{words.PERIODS[line['per']]}"
    unit = line["gross"] // line["quantity"]
    return f"{unit} × {line['quantity']} 次 = {line['gross']} 分"


def _holds(line: Row) -> Iterator[str]:
    """What tier, matter cap and caps made of a line that was posted."""
    if line["highest"] and line["gross"] > 0:
        yield _tier(line)
    if line["after_matter"] < line["after_tier"]:
        yield (
            f"本活动最高 {line['matter_cap']} 分，此前已用 {line['matter_before']}，"
            f"记 {line['after_matter']} 分"
        )
    if line["cap_used"] is not None:
        yield of_caps(line)


def _tier(line: Row) -> str:
    """就高不就低: what stood before, and what is left to bring."""
    before = f"先有{_cause(line)}" if line["cause"] is not None else "此前最高 "
    rule = f"就高不就低：同一事项{before}{line['highest']} 分"
    if line["after_tier"] == 0:
        return f"{rule}，不低于本件，不重复计分"
    return f"{rule}，只补差 {line['gross']} − {line['highest']} = {line['after_tier']} 分"


def _whose(line: Row) -> str:
    """Whose acts count as one, where that is each member's; who is not named is a member as well."""
    if not line["by_member"]:
        return ""
    return "同一成员" if line["member_id"] is not None else "均未填成员，"


def _incident(line: Row) -> str:
    """因 8 月 3 日“…”（编号 …）全年不得分."""
    scope = words.SCOPES.get(line["cause_scope"], "")
    if line["cause_before"]:
        return f"因{_cause(line)}{scope}此前积分收回"
    began, counted = line["cause_occurred_on"], line["accrued_on"]
    if line["cause_scope"] == "month" and began and began.month != counted.month:
        # A pledge forfeits month by month.
        scope = f" {counted.month} 月份"
    return f"因{_cause(line)}{scope}不得分"


def _cause(line: Row) -> str:
    """The event behind it: day, name, id."""
    if line["cause_occurred_on"] is None:
        return f"事项 {line['cause']}"
    name = f"“{line['cause_name']}”" if line["cause_name"] is not None else "的事项"
    return f" {day(line['cause_occurred_on'], line)}{name}（编号 {line['cause']}）"


def _enrolled(spells: Sequence[Row]) -> str:
    """When the household was enrolled; the last day of a spell is the one before `left_on`."""
    return "，".join(
        span(spell["enrolled_on"], spell["left_on"] and spell["left_on"] - timedelta(days=1))
        for spell in spells
    )


def of_matter(line: Row) -> str | None:
    """What a null matter was taken to mean, where that decides anything; else the matter, else null."""
    if line["matter_taken"] is not None:
        return f"未填事由，{MATTERS[line['matter_taken']].taken}"
    return f"事由 {line['matter_id']}" if line["matter_id"] is not None else None
