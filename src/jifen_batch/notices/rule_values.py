"""What a field of a rule says, as people read it: a value in a few words, by what kind of field it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jifen_batch.notices import rule_words, words
from jifen_batch.scheme.choices import said
from jifen_batch.scheme.rule_field import Shown
from jifen_batch.sentence import AND, COMMA, THEN, Sentence, alike, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jifen_batch.scheme.rule_field import RuleField

NONE = Sentence("none", "无")
YES, NO = Sentence("yes", "是"), Sentence("no", "否")
EVERYWHERE = Sentence("everywhere", "全部")
NOT_GIVEN = {
    Shown.SCOPE: EVERYWHERE,
    Shown.OPEN: Sentence("open", "不限"),
    Shown.FLAG: NO,
    Shown.CAP_POINTS: rule_words.dated(None),
}


def shown(field: RuleField, value: Any, whole: Mapping[str, Any]) -> Sentence:  # noqa: ANN401 - as the field is
    """The value of a field of an item, cap or book, of which `whole` is all."""
    if value is None:
        return NOT_GIVEN.get(field.shown, NONE)
    if field.shown is Shown.CHOICE:
        return said(field.choices)[value]
    if field.shown is Shown.POINTS:
        return points(value, whole)
    return _SHOWN[field.shown](value) if field.shown in _SHOWN else alike(str(value))


def brief(field: RuleField, value: Any) -> Sentence | None:  # noqa: ANN401 - as the field is
    """What a field adds to how a rule is told in few words; null where it adds nothing."""
    if not field.brief or value in (None, field.meant, ""):
        return None
    if field.shown is Shown.FORFEITS:
        scope, items = words.SCOPES[value["scope"]], rule_words.taken(value)
        return Sentence(
            field.brief.en.format(scope=scope.en, items=items.en),
            field.brief.zh.format(scope=scope.zh, items=items.zh),
        )
    told = joined(value, AND) if field.shown is Shown.LIST else alike(str(value))
    return Sentence(field.brief.en.format(told.en), field.brief.zh.format(told.zh))


def points(value: int | list[Mapping[str, Any]], item: Mapping[str, Any]) -> Sentence:
    """Points per period; where they change, with the date from which each holds."""
    per = words.PERIODS[item["per"]]
    if isinstance(value, int):
        return Sentence(f"{value} a {per.en}", f"{value}分/{per.zh}")
    steps = (
        Sentence(
            f"{step['points']} a {per.en} from {step['from']} on",
            f"{step['points']}分/{per.zh}（{step['from']}起）",
        )
        for step in value
    )
    return joined(steps, COMMA)


def scope(value: Mapping[str, Sequence[str]]) -> Sentence:
    """Where a local book applies."""
    level, places = next(iter(value.items()))
    named = joined(places, AND)
    of = Sentence("town", "镇") if level == "towns" else Sentence("village", "村")
    return Sentence(f"{of.en} {named.en}", f"{of.zh} {named.zh}")


def _grades(value: Sequence[Mapping[str, Any]]) -> Sentence:
    return joined(map(rule_words.grade, value), THEN) if value else NONE


_SHOWN: dict[Shown, Callable[[Any], Sentence]] = {
    Shown.SCOPE: scope,
    Shown.FLAG: lambda value: YES if value else NO,
    Shown.FORFEITS: rule_words.forfeits,
    Shown.LIMIT: lambda value: Sentence(f"{value} points", f"{value}分"),
    Shown.CAP_POINTS: rule_words.dated,
    Shown.LIST: lambda value: joined(value, AND),
    Shown.GRADES: _grades,
}
