"""What caps made of a line, as a clerk says it: the item's own cap, and those around it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Row = Mapping[str, Any]


def of_caps(line: Row) -> str:
    """How full the item's own cap is now, or what it and those around it left of the line.

    What is taken back later has used a cap, too. A line without the terms of its cap is one whose rule book
    is gone.
    """
    if line["cap_terms"] is None:
        return f"上限已用 {line['cap_used']}"
    own, *around = json.loads(line["cap_terms"])
    return "，".join(_parts(line, own, around))


def _parts(line: Row, own: Row, around: list[Row]) -> Iterator[str]:
    points = _in_force(own, line)
    lost = line["points"] != line["after_matter"]
    granted = line["cap_used"] - line["cap_before"]
    yield _named(own, points)
    if not lost:
        yield f"已用 {line['cap_used']}/{points}" if points is not None else f"已有 {line['cap_used']} 分"
        return
    if line["gross"] < 0:
        yield f"此前 {line['cap_before']} 分"
        yield f"最低扣到 {own['floor']} 分" if granted != line["after_matter"] else _outer(around)
        yield f"扣 {-line['points']} 分，现 {line['cap_used']} 分"
        return
    yield f"此前已用 {line['cap_before']}"
    if points is not None and line["cap_before"] > points:
        yield f"已得 {line['cap_before']} 分的不收回"
    if granted != line["points"]:
        yield f"余 {granted} 分，{_outer(around)}"
    yield f"记 {line['points']} 分"


def _named(own: Row, points: int | None) -> str:
    """`年度上限 240 分`; with the day from which it holds, and that deductions make room."""
    period = words.CAP_PERIODS[own["period"]]
    named = f"{period}上限 {points} 分" if points is not None else f"{period}不封顶"
    begun = _begun(own, points)
    since = f"（{begun} 起）" if begun else ""
    return f"{named}{since}{'（扣分后可再得）' if own['basis'] == 'net' else ''}"


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


def _outer(around: list[Row]) -> str:
    """The caps around, which left less of it."""
    return "再受" + "、".join(_named(cap, _last(cap)) for cap in around) + "所限"


def _last(cap: Row) -> int | None:
    """The last figure of a cap."""
    points = cap["points"][-1]["points"] if isinstance(cap["points"], list) else cap["points"]
    return None if points is None else int(points)
