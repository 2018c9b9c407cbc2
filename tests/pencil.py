"""Small cases for a pencil: a few items, a few events, one village; what the ledger says of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

import memory
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.scoring import Scored, Terms
from jifen_batch.tables import EVENTS, HOUSEHOLDS
from jifen_batch.tables.rule_tables import RuleTables

ITEM = {
    "row": None,
    "category": "类别",
    "task": "任务",
    "content": None,
    "clause": None,
    "points": 5,
    "per": "event",
    "pledge": False,
    "by_member": False,
    "matter": "event",
    "exclusive": None,
    "matter_cap": None,
    "cap": None,
    "cap_points": None,
    "cap_net": False,
    "forfeits_scope": None,
    "notice": "item",
}
ITEM_TYPES = {
    "row": pl.Int32,
    "content": pl.String,
    "clause": pl.String,
    "exclusive": pl.String,
    "matter_cap": pl.Int64,
    "cap": pl.String,
    "cap_points": pl.Int64,
    "forfeits_scope": pl.String,
}


def rules(*items: dict[str, Any], first_year: int = 2000, last_year: int = 2099) -> RuleTables:
    """One base book of these items: `code`, what differs from `ITEM`, `forfeits = (scope, [codes])`."""
    items = tuple(sorted(items, key=lambda item: item["code"].encode()))
    codes = [item["code"] for item in items]
    rows, steps, forfeits = [], [], []
    for rule, item in enumerate(items):
        row = {"rule": rule, "book": 0, "name": item["code"], **ITEM, **item}
        scope, victims = row.pop("forfeits", (None, []))
        points = row.pop("points")
        dated = points if isinstance(points, list) else [(date(2000, 1, 1), points)]
        steps += [{"rule": rule, "from_date": day, "points": value} for day, value in dated]
        forfeits += [{"trigger": rule, "forfeited": codes.index(code), "scope": scope} for code in victims]
        rows.append(row | {"forfeits_scope": scope})
    years = range(first_year, last_year + 1)
    return RuleTables(
        books=pl.DataFrame(
            {"book": [0], "id": ["book"], "title": ["细则"], "source": ["文件"], "first_year": [first_year]},
            schema_overrides={"book": pl.Int32, "first_year": pl.Int32},
        ).with_columns(last_year=pl.lit(None, pl.Int32), fingerprint=pl.lit("0")),
        scopes=pl.DataFrame(
            {"level": [0], "place_id": [None], "book": [0]},
            schema={"level": pl.Int8, "place_id": pl.String, "book": pl.Int32},
        ).join(pl.DataFrame({"scoring_year": pl.Series(years, dtype=pl.Int32)}), how="cross"),
        items=pl.DataFrame(rows, schema_overrides=ITEM_TYPES | {"rule": pl.Int32, "book": pl.Int32}),
        points=pl.DataFrame(steps, schema={"rule": pl.Int32, "from_date": pl.Date, "points": pl.Int64}),
        forfeits=pl.DataFrame(
            forfeits, schema={"trigger": pl.Int32, "forfeited": pl.Int32, "scope": pl.String}
        ),
    )


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
