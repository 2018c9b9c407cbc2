"""Builders of pencil cases: days as text, one household `h` in village `v`, ids in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from oracle.scored import Scored, score_inputs
from villages.toml import text_of

DAYS = ("occurred_on", "decided_on", "until", "enrolled_on", "left_on")


def day(text: str) -> date:
    return date.fromisoformat(text)


def dated(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with days and times read from text."""
    read = {name: day(value) if name in DAYS and value else value for name, value in fields.items()}
    if isinstance(read.get("recorded_at"), str):
        read["recorded_at"] = datetime.fromisoformat(read["recorded_at"])
    return read


def spell(
    household: str = "h", village: str = "v", enrolled_on: str = "2020-01-01", **more: Any
) -> dict[str, Any]:
    fields = {"household_id": household, "village_id": village, "town_id": "t", "left_on": None}
    return dated(fields | {"enrolled_on": enrolled_on} | more)


def event(event_id: str | None, item: str, occurred_on: str = "2023-05-01", **more: Any) -> dict[str, Any]:
    fields = {"event_id": event_id, "household_id": "h", "item": item, "occurred_on": occurred_on}
    return dated(fields | {"status": "approved"} | more)


def item(code: str, points: Any = 10, per: str = "event", **more: Any) -> dict[str, Any]:
    return {"code": code, "category": "类", "task": "任务", "name": code, "points": points, "per": per} | more


def book(*items: dict[str, Any], caps: dict[str, Any] | None = None, **header: Any) -> str:
    """A book of these items; `grades` are a table of their own, all else stands in `[book]`."""
    named = {"id": "base", "title": "细则", "source": "文", "first_year": 2023}
    grades = {"grades": header.pop("grades")} if "grades" in header else {}
    own = header if "extends" in header else named | header
    return text_of({"book": own, "caps": caps or {}, "items": items} | grades)


def run(events: list[dict[str, Any]], *books: str, as_of: str = "2025-12-31", **more: Any) -> Scored:
    """Everything about these events; rows count up in one file."""
    read = [{"source_file": "a", "source_row": row} | fields for row, fields in enumerate(events, start=1)]
    households = more.pop("households", [spell()])
    return score_inputs(read, households, books, as_of=day(as_of), **more)


def told(scored: Scored) -> list[tuple[Any, ...]]:
    """The ledger, shortened: event, disposition, points, cause."""
    return [
        (line["event_id"], line["disposition"], line["points"], line["cause"])
        for line in scored.tables["ledger"]
    ]


def reversed_last(lines: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Lines that tell their disposition, those that take something back after all others."""
    return sorted(lines, key=lambda line: "reversed" in line)


def seen(scored: Scored, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in scored.tables[table]]
