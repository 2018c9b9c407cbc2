"""Rule books as TOML text: just the shapes that a rule book has."""

from __future__ import annotations

import json
from datetime import date
from typing import Any


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_value(key)} = {_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _lines(fields: dict[str, Any]) -> list[str]:
    return [f"{_value(key)} = {_value(value)}" for key, value in fields.items()]


def text_of(book: dict[str, Any]) -> str:
    lines = ["grades = []", ""] if book.get("grades") == [] else []
    lines += ["[book]", *_lines(book["book"])]
    if book["caps"]:
        lines += ["", "[caps]", *_lines(book["caps"])]
    for table in ("items", "grades"):
        for row in book.get(table, []):
            lines += ["", f"[[{table}]]", *_lines(row)]
    return "\n".join(lines) + "\n"
