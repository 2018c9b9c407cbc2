"""What caps made of a line, as a clerk says it: the item's own cap, and those around it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.sentence import AND, COMMA, Sentence, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Row = Mapping[str, Any]


def of_caps(line: Row) -> Sentence:
    """How full the item's own cap is now, or what it and those around it left of the line.

    What is taken back later has used a cap, too. A line without the terms of its cap is one whose rule book
    is gone.
    """
    if line["cap_terms"] is None:
        return Sentence(f"{line['cap_used']} of its cap are used", f"上限已用 {line['cap_used']}")
    own, *around = json.loads(line["cap_terms"])
    return joined(_parts(line, own, around), COMMA)


def _parts(line: Row, own: Row, around: list[Row]) -> Iterator[Sentence]:
    points, brought = _in_force(own, line), line["points"]
    used, before = line["cap_used"], line["cap_before"]
    granted = used - before
    yield _named(own, points)
    if brought == line["after_matter"]:
        open_end = Sentence(f"{used} points so far", f"已有 {used} 分")
        yield open_end if points is None else Sentence(f"{used} of {points} used", f"已用 {used}/{points}")
        return
    if line["gross"] < 0:
        yield Sentence(f"{before} points before", f"此前 {before} 分")
        floor = Sentence(f"deductions stop at {own['floor']}", f"最低扣到 {own['floor']} 分")
        yield floor if granted != line["after_matter"] else _outer(around)
        yield Sentence(f"{-brought} points deducted, {used} points now", f"扣 {-brought} 分，现 {used} 分")
        return
    yield Sentence(f"{before} used before", f"此前已用 {before}")
    if points is not None and before > points:
        yield Sentence(f"the {before} points gained are not taken back", f"已得 {before} 分的不收回")
    if granted != brought:
        outer = _outer(around)
        yield Sentence(f"{granted} left, {outer.en}", f"余 {granted} 分，{outer.zh}")
    yield Sentence(f"{brought} points count", f"记 {brought} 分")


def _named(own: Row, points: int | None) -> Sentence:
    """`年度上限 240 分`; with the day from which it holds, and that deductions make room."""
    period, begun, net = words.CAP_PERIODS[own["period"]], _begun(own, points), own["basis"] == "net"
    most = Sentence(f"no upper bound {period.en}", f"{period.zh}不封顶")
    if points is not None:
        most = Sentence(f"cap of {points} {period.en}", f"{period.zh}上限 {points} 分")
    return Sentence(
        f"{most.en}{f' (from {begun} on)' if begun else ''}{' (deductions make room again)' if net else ''}",
        f"{most.zh}{f'（{begun} 起）' if begun else ''}{'（扣分后可再得）' if net else ''}",
    )


def _begun(own: Row, points: int | None) -> str | None:
    """The day from which a figure holds, where it changed; that of the first step says nothing."""
    if not isinstance(own["points"], list):
        return None
    return next((step["from"] for step in own["points"][1:] if step["points"] == points), None)


def _in_force(own: Row, line: Row) -> int | None:
    """The figure on the day of posting, or at the scoring year's end if that is earlier."""
    if not isinstance(own["points"], list):
        return _last(own)
    day = min(str(line["posted_on"]), f"{line['scoring_year']}-12-31")
    return int([step["points"] for step in own["points"] if step["from"] <= day][-1])


def _outer(around: list[Row]) -> Sentence:
    """The caps around, which left less of it."""
    named = joined((_named(cap, _last(cap)) for cap in around), AND)
    return Sentence(f"then held by {named.en}", f"再受{named.zh}所限")


def _last(cap: Row) -> int | None:
    """The last figure of a cap."""
    points = cap["points"][-1]["points"] if isinstance(cap["points"], list) else cap["points"]
    return None if points is None else int(points)
