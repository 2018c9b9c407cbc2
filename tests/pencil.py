"""Small cases for a pencil: a few items, a few events, one village; what the ledger says of them."""

from __future__ import annotations

import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import memory
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.rules import load
from jifen_batch.scoring import Scored, Terms
from jifen_batch.tables import EVENTS, HOUSEHOLDS
from villages.toml import text_of

if TYPE_CHECKING:
    from jifen_batch.tables.rule_tables import RuleTables

ITEM = {"category": "类别", "task": "任务", "points": 5, "per": "event"}
CAP = {"cap_points": "points", "cap_net": "basis"}


def rules(*items: dict[str, Any], first_year: int = 2000, last_year: int = 2099) -> RuleTables:
    """One base book of these items: `code`, what differs from `ITEM`, `forfeits = (scope, [codes])`.

    `cap_points` and `cap_net` are those of the item's `cap`; dated points are pairs.
    """
    return compiled(book(*items, first_year=first_year, last_year=last_year))


def book(*items: dict[str, Any], **head: Any) -> str:
    """The book of `rules` as TOML; what is null is not said."""
    head = {"id": "book", "title": "细则", "source": "文件", **head}
    caps: dict[str, Any] = {}
    rows = []
    for item in items:
        given = {name: value for name, value in item.items() if name not in CAP and value is not None}
        row = {"name": item["code"], **ITEM, **given}
        if item.get("cap"):
            caps[item["cap"]] = {"points": item["cap_points"]}
            caps[item["cap"]] |= {"basis": "net"} if item.get("cap_net") else {}
        scope, victims = row.pop("forfeits", (None, []))
        if scope:
            row["forfeits"] = {"scope": scope, "items": victims}
        if isinstance(row["points"], list):
            row["points"] = [{"from": day, "points": points} for day, points in row["points"]]
        rows.append(row)
    return text_of({"book": head, "caps": caps, "items": rows})


@cache
def compiled(*texts: str) -> RuleTables:
    """Rule books as TOML, layered, checked and compiled; the same texts once."""
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            (Path(folder) / f"{number}.toml").write_text(text, encoding="utf-8")
        return load([Path(folder)]).tables


def register(**households: Any) -> pl.DataFrame:
    """Households by name, each a list of spells (village, town, enrolled_on, left_on)."""
    rows = []
    for name, spells in (households or {"wang": None}).items():
        for village, town, enrolled, left in spells or [("village", "town", date(2020, 1, 1), None)]:
            row = {"household_id": name, "village_id": village, "town_id": town}
            rows.append(row | {"enrolled_on": enrolled, "left_on": left})
    return pl.DataFrame(rows, schema={name: HOUSEHOLDS.schema[name] for name in rows[0]})


def events(*rows: dict[str, Any]) -> pl.DataFrame:
    """Event rows: approved ones of household wang on their day, unless they say otherwise."""
    filled = [
        dict.fromkeys(EVENTS.names) | {"household_id": "wang", "status": "approved"} | row for row in rows
    ]
    frame = pl.DataFrame(filled, schema=EVENTS.schema | {"quantity": pl.Int64})
    return frame.with_row_index("source").with_columns(pl.col("source").cast(pl.Int64))


def scored(
    tables: RuleTables,
    rows: pl.DataFrame,
    people: pl.DataFrame | None = None,
    as_of: date = date(2025, 12, 31),
    grace_days: int = 15,
) -> Scored:
    """What comes of these rows, resolved first."""
    places = number_places(register() if people is None else people)
    terms = Terms(places, rule_book(tables, places), as_of, grace_days)
    (result,) = memory.buffered(rows, terms, memory.ROOM)
    assert result.tally.broken_invariants == []
    return result


def ledger(*args: Any, **kwargs: Any) -> list[tuple[Any, ...]]:
    """The ledger's lines, told as event, month-day posted, points, disposition and cause."""
    lines = scored(*args, **kwargs).ledger
    return [
        (
            line["event_id"],
            line["posted_on"].strftime("%m-%d"),
            line["points"],
            line["disposition"],
            line["cause"],
        )
        for line in lines.iter_rows(named=True)
    ]
