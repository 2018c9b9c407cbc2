"""The page that is being written: its language, and Markdown put into it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

MEANINGS = Path(__file__).with_name("meanings.toml")


def language() -> str:
    """`zh` or `en`, by the name of the page."""
    import cog  # noqa: PLC0415 - it is there while cog runs over a page, and at no other time

    return "zh" if ".zh" in Path(cog.inFile).name else "en"


def in_language(en: str, zh: str) -> str:
    """That of the two that the page speaks."""
    return zh if language() == "zh" else en


def put(lines: str | Iterable[str]) -> None:
    """Write lines into the page, with a blank line before and after, as Markdown wants it."""
    import cog  # noqa: PLC0415 - as above

    text = lines if isinstance(lines, str) else "\n".join(lines)
    cog.outl(f"\n{text}\n")


def put_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A table; a pipe inside a cell is escaped."""
    head = list(head)
    cells = [head, ["---"] * len(head), *rows]
    put(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in cells)


@cache
def _meanings() -> dict[str, Any]:
    return tomllib.loads(MEANINGS.read_text(encoding="utf-8"))


def meanings(group: str, names: Iterable[str]) -> list[str | list[str]]:
    """What each of these means, in the page's language; raises where the code has others."""
    told: dict[str, Any] = _meanings()
    for part in group.split("."):
        told = told[part]
    names = list(names)
    if set(names) != set(told):
        raise ValueError(
            f"{MEANINGS.name} [{group}]: {sorted(set(names) ^ set(told))} stand on one side only"
        )
    return [told[name][language()] for name in names]


def meaning_of_column(table: str, column: str) -> str:
    """A column's Chinese meaning."""
    told = _meanings()["columns"]
    found = told.get(f"{table}.{column}", told.get(column))
    if found is None:
        raise ValueError(f"{MEANINGS.name} [columns]: {table}.{column} is missing")
    return str(found)


def meaning_of_argument(name: str) -> tuple[str, str]:
    """What an argument means, which click has no help for, in English and in Chinese."""
    told = _meanings()["arguments"][name]
    return told["en"], told["zh"]
