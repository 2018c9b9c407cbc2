"""What a field of a rule says, as people read it: a value in a few words, by what kind of field it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import rule_words, words
from jifen_batch.scheme.choices import said
from jifen_batch.scheme.rule_field import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jifen_batch.scheme.rule_field import RuleField

NONE = "无"
NOT_GIVEN = {
    Shown.SCOPE: "全部",
    Shown.OPEN: "不限",
    Shown.FLAG: "否",
    Shown.CAP_POINTS: rule_words.dated(None),
}


def shown(field: RuleField, value: Any, whole: Mapping[str, Any]) -> str:  # noqa: ANN401 - as the field is
    """The value of a field of an item, cap or book, of which `whole` is all."""
    if value is None:
        return NOT_GIVEN.get(field.shown, NONE)
    if field.shown is Shown.CHOICE:
        return said(field.choices)[value]
    if field.shown is Shown.POINTS:
        return points(value, whole)
    return _SHOWN.get(field.shown, str)(value)


def brief(field: RuleField, value: Any) -> str | None:  # noqa: ANN401 - as the field is
    """What a field adds to how a rule is told in few words; null where it adds nothing."""
    if not field.brief or value in (None, field.meant, ""):
        return None
    if field.shown is Shown.FORFEITS:
        return field.brief.format(scope=words.SCOPES[value["scope"]], items=rule_words.taken(value))
    return field.brief.format("、".join(value) if field.shown is Shown.LIST else value)


def points(value: int | list[Mapping[str, Any]], item: Mapping[str, Any]) -> str:
    """Points per period; where they change, with the date from which each holds."""
    per = words.PERIODS[item["per"]]
    if isinstance(value, int):
        return f"{value}分/{per}"
    return "，".join(f"{step['points']}分/{per}（{step['from']}起）" for step in value)


def scope(value: Mapping[str, Sequence[str]]) -> str:
    """Where a local book applies."""
    level, places = next(iter(value.items()))
    return f"{'镇' if level == 'towns' else '村'} {'、'.join(places)}"


_SHOWN: dict[Shown, Callable[[Any], str]] = {
    Shown.SCOPE: scope,
    Shown.FLAG: lambda value: "是" if value else "否",
    Shown.FORFEITS: rule_words.forfeits,
    Shown.LIMIT: lambda value: f"{value}分",
    Shown.CAP_POINTS: rule_words.dated,
    Shown.LIST: "、".join,
    Shown.GRADES: lambda value: "；".join(map(rule_words.grade, value)) or NONE,
}
