"""The format as a JSON Schema, so that editors complete, explain and check a rule file as it is typed."""

from __future__ import annotations

from typing import Any

from jifen_batch.rules import modelled
from jifen_batch.rules.model import REQUIRED_OF_BOOK, REQUIRED_OF_ITEM, RuleFileForm

_TITLES = {
    "Head": "[book]：细则本身",
    "Scope": "适用范围：镇或村，只写一种",
    "CapTable": "上限，写明口径、周期、下限或所属的上限",
    "DatedCap": "自某日起的上限",
    "Grade": "[[grades]]：一个等级，如 五星户",
    "Item": "[[items]]：一个积分事项，即附件一行，或备注所生后果",
    "DatedPoints": "自某日起的分值",
    "Forfeits": "发生后哪些事项不得分",
    "Wallet": "[wallet]：积分换物",
}


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a rule file, titles and descriptions in Chinese.

    A book that extends none must give every required field itself; one that extends may inherit them.
    """
    schema = _without_null(modelled.json_schema(RuleFileForm))
    tables = schema["$defs"]
    for name, title in _TITLES.items():
        tables[name] |= {"title": title}
        del tables[name]["description"]  # the model's docstring, which is for developers
    tables["Head"]["required"] = ["id"]
    tables["Item"]["required"] = ["code"]
    tables["Scope"] |= {"minProperties": 1, "maxProperties": 1}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "乡村治理积分细则",
        "description": "[book] 细则、[caps] 上限、[[items]] 积分事项、[[grades]] 评定等级、[wallet] 积分换物",
        "if": {"properties": {"book": {"required": ["extends"]}}},
        "else": {
            "properties": {
                "book": {"required": list(REQUIRED_OF_BOOK)},
                "items": {"items": {"required": list(REQUIRED_OF_ITEM)}},
            }
        },
    }


def _without_null(part: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The schema without pydantic's null alternatives and English titles: TOML has no null."""
    if isinstance(part, list):
        return [_without_null(each) for each in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _without_null(value) for key, value in part.items() if not _is_noise(key, value)}
    choices = [choice for choice in kept.pop("anyOf", []) if choice != {"type": "null"}]
    return {**(choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {}), **kept}


def _is_noise(key: str, value: object) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)
