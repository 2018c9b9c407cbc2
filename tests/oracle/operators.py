"""The seven operators in their sequence, each one a walk over the lines in posting order (3.3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from oracle.calendar_days import period_name

if TYPE_CHECKING:
    from oracle.book import Cap
    from oracle.line import Line
    from oracle.register import Register


def enrol(lines: list[Line], register: Register) -> None:
    """1: a household earns and loses points only while it is enrolled, and as a kind that the item is for."""
    for line in lines:
        kinds = line.item.kinds
        if not register.enrolled(line.household, line.accrued_on):
            line.points, line.disposition = 0, "not_enrolled"
        elif kinds is not None and register.spell_on(line.household, line.accrued_on).kind not in kinds:
            line.points, line.disposition = 0, "not_eligible"


def period_of(line: Line) -> tuple[Any, ...] | None:
    """What one line may stand for; none for a per-event item, which has no limit."""
    per = line.item.per
    if per == "event":
        return None
    period: Any = (line.year, line.matter) if per == "matter" else period_name(line.accrued_on, per)
    member = line.event.row["member_id"] if line.item.by_member else None
    return (line.household, line.item.code, period, member)


def once(lines: list[Line]) -> None:
    """2: the first line of a period stands."""
    first: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        period = period_of(line)
        if not line.in_play or period is None:
            continue
        stands = first.setdefault(period, line)
        if stands is not line:
            line.points, line.disposition, line.cause = 0, "duplicate", stands.event.event_id


def tier(lines: list[Line]) -> None:
    """3: of one honour only what exceeds the highest so far counts, across scoring years."""
    highest: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        if not line.in_play or line.item.exclusive is None:
            continue
        about = (line.household, line.item.exclusive, line.matter)
        before = highest.get(about)
        if before is None:
            highest[about] = line
            continue
        line.points = max(0, line.gross - before.gross)
        if line.points < line.gross:
            line.disposition = "topped_up" if line.points else "superseded"
            line.cause = before.event.event_id
        if line.gross > before.gross:
            highest[about] = line


def _capped(line: Line, points: int) -> None:
    if points < line.points:
        line.disposition, line.cause = "capped", None
    line.points = points


def cap_matter(lines: list[Line]) -> None:
    """4: one matter brings at most so much."""
    brought: dict[tuple[Any, ...], int] = defaultdict(int)
    for line in lines:
        if not line.in_play or line.item.matter_cap is None:
            continue
        about = (line.household, line.item.code, line.year, line.matter)
        _capped(line, min(line.points, line.item.matter_cap - brought[about]))
        brought[about] += line.points


def _moved(line: Line, cap: Cap, so_far: int, brought: int) -> int:
    """What a cap grants of what is brought to it."""
    if cap.net:
        return min(cap.points_on(line.accrued_on), max(cap.floor, so_far + brought)) - so_far
    held_on = min(line.posted_on, date(line.year, 12, 31))
    return min(brought, max(0, cap.points_on(held_on) - so_far))


def cap_periods(lines: list[Line]) -> None:
    """5: each cap, the item's own first and outwards, keeps a sum of what it has granted in its period."""
    granted: dict[tuple[Any, ...], int] = defaultdict(int)
    for line in lines:
        if not line.in_play or not line.item.caps:
            continue
        left = line.points
        for cap in line.item.caps:
            about = (line.household, line.year, cap.name, period_name(line.accrued_on, cap.period))
            left = _moved(line, cap, granted[about], left)
            granted[about] += left
            if cap is line.item.caps[0]:
                line.cap_used = granted[about]
        _capped(line, left)


def _forfeits(trigger: Line, line: Line) -> bool:
    """Whether the trigger takes the line, wherever it stands in the posting order."""
    if line.item.code not in trigger.item.forfeited or line.gross <= 0:
        return False
    if (line.household, line.year) != (trigger.household, trigger.year):
        return False
    if trigger.item.forfeits_before and line.posted_on >= trigger.posted_on:
        return False
    scope = trigger.item.forfeits_scope or ""
    if scope == "matter":
        return line.event.row["matter_id"] == trigger.event.row["matter_id"]
    return period_name(line.accrued_on, scope) == period_name(trigger.accrued_on, scope)


def _reversal(line: Line, trigger: Line) -> Line:
    back = -line.points
    quarter = max(line.quarter, trigger.quarter)
    return replace(
        line,
        posted_on=trigger.posted_on,
        disposition="reversed",
        cause=trigger.event.event_id,
        quarter=quarter,
        gross=back,
        points=back,
        cap_used=None,
    )


def forfeit(lines: list[Line]) -> list[Line]:
    """6: an incident takes what its items bring; gives the lines that take back earlier awards."""
    triggers = [line for line in lines if line.in_play and line.item.forfeits_scope]
    reversals = []
    for line in lines:
        trigger = next((trigger for trigger in triggers if _forfeits(trigger, line)), None)
        if not line.in_play or trigger is None:
            continue
        if line.posted_on >= trigger.posted_on:
            line.points, line.disposition, line.cap_used = 0, "forfeited", None
            line.cause = trigger.event.event_id
        elif line.points:
            reversals.append(_reversal(line, trigger))
    return reversals


def deduct(lines: list[Line]) -> None:
    """7: what is below 0 is posted in full or as far as a floor lets it, and what is 0 is noted."""
    for line in lines:
        if line.in_play and line.gross <= 0:
            lost = "deducted" if line.points == line.gross else "floored"
            line.disposition = lost if line.gross < 0 else "noted"
            line.cause = None


def operate(candidates: list[Line], register: Register) -> list[Line]:
    """All lines of the ledger, from candidates that are posted by now, in any order."""
    lines = sorted(candidates, key=lambda line: line.posting_order)
    enrol(lines, register)
    once(lines)
    tier(lines)
    cap_matter(lines)
    cap_periods(lines)
    reversals = forfeit(lines)
    deduct(lines)
    return lines + reversals
