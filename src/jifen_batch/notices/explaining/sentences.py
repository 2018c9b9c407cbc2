"""How a line came about, as a clerk says it at the counter: its arithmetic, and who took what of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.notices.explaining.cap_sentence import of_caps
from jifen_batch.notices.explaining.days import day, month, span
from jifen_batch.notices.grid import NOTHING
from jifen_batch.scheme import choices
from jifen_batch.scheme.word import by_name
from jifen_batch.sentence import COMMA, THEN, Sentence, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Row = Mapping[str, Any]

PERIODS = by_name(choices.PERIODS)
MATTERS = by_name(choices.MATTERS)
SAME_PERIOD = Sentence("the same period", "同期")
OTHER_KINDS = Sentence("households of other kinds", "其他类别的户")


def of_line(line: Row, spells: Sequence[Row]) -> Sentence:
    """What a line of the story (`story.told`) came from and to, without a full stop.

    `spells` are the household's, for a line on a day when it was not enrolled.
    """
    return joined(_parts(line, spells), THEN)


def _parts(line: Row, spells: Sequence[Row]) -> Iterator[Sentence]:
    """The arithmetic, then a part for each operator that had a say."""
    if line["disposition"] == "reversed":
        why, points = _incident(line), -line["points"]
        yield Sentence(f"{why.en}, {points} points taken back", f"{why.zh}，收回 {points} 分")
        return
    if line["disposition"] == "noted":
        # Of an item without points there is nothing to add up.
        yield Sentence("noted only, without points", "仅登记，不计分")
        return
    yield _arithmetic(line)
    if line["disposition"] == "not_enrolled":
        on, enrolled = day(line["accrued_on"], line), _enrolled(spells)
        yield Sentence(
            f"not enrolled on {on.en}, so it does not count (enrolled: {enrolled.en})",
            f"{on.zh}未参加积分，不计分（参加时间：{enrolled.zh}）",
        )
    elif line["disposition"] == "not_eligible":
        kinds = Sentence(line["kinds"], line["kinds"]) if line["kinds"] else OTHER_KINDS
        yield Sentence(
            f"not for households of this kind (it is for {kinds.en}), so it does not count",
            f"本户类别不适用（本事项适用于{kinds.zh}），不计分",
        )
    elif line["disposition"] == "duplicate":
        yield _duplicate(line)
    elif line["disposition"] == "forfeited":
        why = _incident(line)
        yield Sentence(f"{why.en}, so it does not count", f"{why.zh}，本笔不计")
    else:
        yield from _holds(line)


def _duplicate(line: Row) -> Sentence:
    """What came first in the period, where only one counts."""
    period = (line["per"] in PERIODS and PERIODS[line["per"]].same) or SAME_PERIOD
    whose, first = _whose(line), _cause(line)
    return Sentence(
        f"{whose.en}{period.en} has{first.en} already, and only one counts: this one does not",
        f"{whose.zh}{period.zh}已有{first.zh}，只计一次，本笔不计",
    )


def _arithmetic(line: Row) -> Sentence:
    """`5 × 2 次 = 10 分`; for what counts once in a period, `3 月份 5 分` or `20 分/年`."""
    gross = line["gross"]
    if line["per"] == "month":
        of = month(line["accrued_on"].month)
        return Sentence(f"{of.en}: {gross} points", f"{of.zh} {gross} 分")
    if line["per"] in {"quarter", "half", "year", "matter"}:
        per = words.PERIODS[line["per"]]
        return Sentence(f"{gross} points a {per.en}", f"{gross} 分/{per.zh}")
    times = line["quantity"]
    unit = gross // times
    return Sentence(f"{unit} × {times} = {gross} points", f"{unit} × {times} 次 = {gross} 分")


def _holds(line: Row) -> Iterator[Sentence]:
    """What tier, matter cap and caps made of a line that was posted."""
    if line["highest"] and line["gross"] > 0:
        yield _tier(line)
    if line["after_matter"] < line["after_tier"]:
        most, before, counts = line["matter_cap"], line["matter_before"], line["after_matter"]
        yield Sentence(
            f"at most {most} points for this matter, {before} used before, {counts} points count",
            f"本活动最高 {most} 分，此前已用 {before}，记 {counts} 分",
        )
    if line["cap_used"] is not None:
        yield of_caps(line)


def _tier(line: Row) -> Sentence:
    """就高不就低: what stood before, and what is left to bring."""
    before = Sentence("the highest before is ", "此前最高 ")
    if line["cause"] is not None:
        first = _cause(line)
        before = Sentence(f"first there is{first.en} with ", f"先有{first.zh}")
    gross, highest, left = line["gross"], line["highest"], line["after_tier"]
    rule = Sentence(
        f"of one matter only the highest tier counts: {before.en}{highest} points",
        f"就高不就低：同一事项{before.zh}{highest} 分",
    )
    if left == 0:
        return Sentence(
            f"{rule.en}, no less than this one, which counts nothing more",
            f"{rule.zh}，不低于本件，不重复计分",
        )
    return Sentence(
        f"{rule.en}, and only the difference counts: {gross} − {highest} = {left} points",
        f"{rule.zh}，只补差 {gross} − {highest} = {left} 分",
    )


def _whose(line: Row) -> Sentence:
    """Whose acts count as one, where that is each member's; who is not named is a member as well."""
    if not line["by_member"]:
        return NOTHING
    if line["member_id"] is not None:
        return Sentence("of one member, ", "同一成员")
    return Sentence("of members not named, ", "均未填成员，")


def _incident(line: Row) -> Sentence:
    """因 8 月 3 日“…”（编号 …）全年不得分."""
    scope, incident = words.SCOPES.get(line["cause_scope"], NOTHING), _cause(line)
    if line["cause_before"]:
        return Sentence(
            f"because of{incident.en} ({scope.en}) the points from before it are taken back",
            f"因{incident.zh}{scope.zh}此前积分收回",
        )
    began, counted = line["cause_occurred_on"], line["accrued_on"]
    if line["cause_scope"] == "month" and began and began.month != counted.month:
        # A pledge forfeits month by month.
        of = month(counted.month)
        scope = Sentence(of.en, f" {of.zh}")
    return Sentence(
        f"because of{incident.en} nothing counts ({scope.en})", f"因{incident.zh}{scope.zh}不得分"
    )


def _cause(line: Row) -> Sentence:
    """The event behind it: day, name, id."""
    event, name = line["cause"], line["cause_name"]
    if line["cause_occurred_on"] is None:
        return Sentence(f" event {event}", f"事项 {event}")
    on = day(line["cause_occurred_on"], line)
    return Sentence(
        f" {f'“{name}”' if name is not None else 'an event'} of {on.en} ({event})",
        f" {on.zh}{f'“{name}”' if name is not None else '的事项'}（编号 {event}）",
    )


def _enrolled(spells: Sequence[Row]) -> Sentence:
    """When the household was enrolled; the last day of a spell is the one before `left_on`."""
    return joined(
        (
            span(spell["enrolled_on"], spell["left_on"] and spell["left_on"] - timedelta(days=1))
            for spell in spells
        ),
        COMMA,
    )


def of_matter(line: Row) -> Sentence | None:
    """What a null matter was taken to mean, where that decides anything; else the matter, else null."""
    if line["matter_taken"] is not None:
        taken = MATTERS[line["matter_taken"]].taken or NOTHING
        return Sentence(f"no matter given: {taken.en}", f"未填事由，{taken.zh}")
    matter = line["matter_id"]
    return Sentence(f"matter {matter}", f"事由 {matter}") if matter is not None else None
