"""Parts of a rule in a few words, from its plain data: caps, forfeitures, grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import words
from jifen_batch.scheme import choices
from jifen_batch.scheme.choices import said
from jifen_batch.sentence import AND, COMMA, Sentence, joined

if TYPE_CHECKING:
    from collections.abc import Mapping

    Data = Mapping[str, Any]

BASES = said(choices.BASES)
UNIT = Sentence(" points", "分")
ALL_THAT_BRING = Sentence("all items that bring points", "全部得分事项")


def dated(points: int | list[Data] | None, unit: Sentence = UNIT) -> Sentence:
    """Points, or each step with the day from which it holds; `不封顶` without any."""
    if points is None:
        return Sentence("no upper bound", "不封顶")
    if isinstance(points, int):
        return Sentence(f"{points}{unit.en}", f"{points}{unit.zh}")
    return joined((_step(step, unit) for step in points), COMMA)


def _step(step: Data, unit: Sentence) -> Sentence:
    """What holds from a day on."""
    points, day = step["points"], step["from"]
    return Sentence(f"{points}{unit.en} from {day} on", f"{points}{unit.zh}（{day}起）")


def cap(data: Data) -> Sentence:
    """`每月最多 20分（只限得分），所得再计入上限 civil`."""
    period, most = words.CAP_PERIODS[data["period"]], dated(data["points"])
    basis = BASES[data["basis"]]
    bound = most.en if data["points"] is None else f"at most {most.en}"
    parts = [Sentence(f"{period.en} {bound} ({basis.en})", f"{period.zh}最多 {most.zh}（{basis.zh}）")]
    if data["floor"] is not None:
        parts.append(Sentence(f"not below {data['floor']} points", f"最低扣到 {data['floor']}分"))
    if data["within"] is not None:
        parts.append(
            Sentence(
                f"what it leaves counts towards cap {data['within']}", f"所得再计入上限 {data['within']}"
            )
        )
    return joined(parts, COMMA)


def held(data: Data) -> Sentence:
    """`每户每月最多 20 分，扣分后可再得，扣完为止`: what a cap means for a household, as one says it."""
    period = {"year": Sentence("each year", "每年")}.get(data["period"], words.CAP_PERIODS[data["period"]])
    bounded = data["points"] is not None
    most = dated(data["points"], Sentence(" points", " 分"))
    parts = [
        Sentence(
            f"{'at most ' if bounded else ''}{most.en} a household {period.en}",
            f"每户{period.zh}{'最多 ' if bounded else ''}{most.zh}",
        )
    ]
    if data["basis"] == "net":
        parts.append(Sentence("deductions make room again", "扣分后可再得"))
    if data["floor"] is not None:
        least = Sentence(f"deductions stop at {data['floor']}", f"最低扣到 {data['floor']} 分")
        parts.append(least if data["floor"] else Sentence("deductions stop when nothing is left", "扣完为止"))
    return joined(parts, COMMA)


def forfeits(data: Data) -> Sentence:
    """`全年：a、b`, and that only what came before is taken back, where it is so."""
    scope, items = words.SCOPES[data["scope"]], taken(data)
    return Sentence(f"{scope.en}: {items.en}", f"{scope.zh}：{items.zh}")


def taken(data: Data) -> Sentence:
    """What is taken: items, or all that bring points; whether only what came before."""
    items = ALL_THAT_BRING if data["items"] == "all" else joined(data["items"], AND)
    if data.get("reach") != "before":
        return items
    return Sentence(f"{items.en} (only what was posted before)", f"{items.zh}（只收回此前已记的）")


def grade(data: Data) -> Sentence:
    """`五星户：净积分不少于 300 分，村内前 10 名，无 a、b 的记录`."""
    parts = []
    if data.get("at_least") is not None:
        parts.append(
            Sentence(f"net points at least {data['at_least']}", f"净积分不少于 {data['at_least']} 分")
        )
    if data.get("top") is not None:
        parts.append(Sentence(f"among the first {data['top']} of the village", f"村内前 {data['top']} 名"))
    if data.get("top_percent") is not None:
        parts.append(
            Sentence(
                f"among the first {data['top_percent']}% of the village", f"村内前 {data['top_percent']}%"
            )
        )
    if data.get("bars"):
        bars = joined(data["bars"], AND)
        parts.append(Sentence(f"no line of {bars.en}", f"无 {bars.zh} 的记录"))
    said = joined(parts, COMMA)
    return Sentence(f"{data['name']}: {said.en}", f"{data['name']}：{said.zh}")
