"""Parts of a rule in a few Chinese words, from its plain data: caps, forfeitures, grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.scheme import choices
from jifen_batch.scheme.choices import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    Data = Mapping[str, Any]

BASES = said(choices.BASES)


def dated(points: int | list[Data] | None, unit: str = "分") -> str:
    """Points, or each step with the day from which it holds; `不封顶` without any."""
    if points is None:
        return "不封顶"
    if isinstance(points, int):
        return f"{points}{unit}"
    return "，".join(f"{step['points']}{unit}（{step['from']}起）" for step in points)


def cap(data: Data) -> str:
    """`每月最多 20分（只限得分），所得再计入上限 civil`."""
    parts = [f"{words.CAP_PERIODS[data['period']]}最多 {dated(data['points'])}（{BASES[data['basis']]}）"]
    if data["floor"] is not None:
        parts.append(f"最低扣到 {data['floor']}分")
    if data["within"] is not None:
        parts.append(f"所得再计入上限 {data['within']}")
    return "，".join(parts)


def held(data: Data) -> str:
    """`每户每月最多 20 分，扣分后可再得，扣完为止`: what a cap means for a household, as one says it."""
    period = {"year": "每年"}.get(data["period"], words.CAP_PERIODS[data["period"]])
    most = "最多 " if data["points"] is not None else ""
    parts = [f"每户{period}{most}{dated(data['points'], ' 分')}"]
    if data["basis"] == "net":
        parts.append("扣分后可再得")
    if data["floor"] is not None:
        parts.append("扣完为止" if data["floor"] == 0 else f"最低扣到 {data['floor']} 分")
    return "，".join(parts)


def forfeits(data: Data) -> str:
    """`全年：a、b`, and that only what came before is taken back, where it is so."""
    return f"{words.SCOPES[data['scope']]}：{taken(data)}"


def taken(data: Data) -> str:
    """What is taken: items, or all that bring points; whether only what came before."""
    items = "全部得分事项" if data["items"] == "all" else "、".join(data["items"])
    return f"{items}（只收回此前已记的）" if data.get("reach") == "before" else items


def grade(data: Data) -> str:
    """`五星户：净积分不少于 300 分，村内前 10 名，无 a、b 的记录`."""
    parts = []
    if data.get("at_least") is not None:
        parts.append(f"净积分不少于 {data['at_least']} 分")
    if data.get("top") is not None:
        parts.append(f"村内前 {data['top']} 名")
    if data.get("top_percent") is not None:
        parts.append(f"村内前 {data['top_percent']}%")
    if data.get("bars"):
        parts.append(f"无 {'、'.join(data['bars'])} 的记录")
    return f"{data['name']}：{'，'.join(parts)}"
