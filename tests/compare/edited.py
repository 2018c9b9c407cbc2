"""A random village again, with something else: rows, rules, register, or the hour; for laws of comparison."""

from __future__ import annotations

import tempfile
import tomllib
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import rules
from jifen_batch.errors import RulesRefusedError
from villages.toml import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from jifen_batch.tables.rule_tables import RuleTables
    from memory import Case

Raw = dict[str, Any]
TRIES = 8
YES_NO = (True, False)


def fewer_rows(rng: Random, case: Case) -> Case:
    """Some rows are not there."""
    return case.but(rows=case.rows.sample(fraction=rng.choice((0.5, 0.8, 0.95)), seed=rng.randrange(10**6)))


def revised_rows(rng: Random, case: Case) -> Case:
    """Some cells of some rows are those of other rows."""
    rows = case.rows
    for name in rng.sample([n for n in rows.columns if n not in {"event_id", "household_id", "source"}], 3):
        other = rows[name].shuffle(rng.randrange(10**6))
        chosen = pl.Series([rng.random() < 0.15 for _ in range(rows.height)], dtype=pl.Boolean)
        rows = rows.with_columns(pl.when(chosen).then(other).otherwise(name).alias(name))
    return case.but(rows=rows)


def moved_spells(rng: Random, case: Case) -> Case:
    """Some spells lie in the village of another, or have no end, or begin later."""
    spells = case.register
    n = spells.height
    swap = pl.Series([rng.random() < 0.3 for _ in range(n)], dtype=pl.Boolean)
    places = spells.select("village_id", "town_id").sample(
        n, with_replacement=True, seed=rng.randrange(10**6)
    )
    begin = pl.col("enrolled_on").dt.offset_by(f"{rng.randrange(60)}d")
    spells = spells.with_columns(
        pl.when(swap).then(places["village_id"]).otherwise("village_id").alias("village_id"),
        pl.when(swap).then(places["town_id"]).otherwise("town_id").alias("town_id"),
        enrolled_on=pl.when(swap & (pl.col("left_on").is_null() | (begin < pl.col("left_on"))))
        .then(begin)
        .otherwise("enrolled_on"),
    )
    return case.but(register=spells)


def other_day(rng: Random, case: Case) -> Case:
    """An earlier as-of date."""
    return case.but(as_of=case.as_of - timedelta(days=rng.randrange(1, 300)))


def _points(rng: Random, raw: Raw) -> None:
    for item in rng.sample(raw["items"], min(3, len(raw["items"]))):
        if isinstance(item.get("points"), int) and item["points"]:
            item["points"] += rng.choice((-3, -1, 1, 2, 7)) if item["points"] > 3 else 0


def _cap(rng: Random, raw: Raw) -> None:
    for name in raw.get("caps", {}):
        cap = raw["caps"][name]
        if rng.random() < 0.6:
            if isinstance(cap, int):
                raw["caps"][name] = max(0, cap + rng.choice((-9, -2, 3, 8)))
            else:
                cap["points"] = max(0, cap["points"] + rng.choice((-9, -2, 3, 8)))


def _matter_cap(rng: Random, raw: Raw) -> None:
    for item in raw["items"]:
        if rng.random() < 0.4:
            item["matter_cap"] = rng.choice((0, 3, 7, 11))


def _field(name: str, *values: Any) -> Callable[[Random, Raw], None]:
    def change(rng: Random, raw: Raw) -> None:
        for item in raw["items"]:
            if rng.random() < 0.25:
                item[name] = rng.choice(values)
                if name in item.get("unset", []):
                    item["unset"].remove(name)

    return change


def _without(name: str) -> Callable[[Random, Raw], None]:
    def change(rng: Random, raw: Raw) -> None:
        for item in raw["items"]:
            if name in item and rng.random() < 0.5:
                del item[name]

    return change


def _years(rng: Random, raw: Raw) -> None:
    raw["book"]["first_year"] = raw["book"].get("first_year", 2022) + rng.choice((-1, 1))


EDITS: dict[str, Callable[[Random, Raw], None]] = {
    "points": _points,
    "cap": _cap,
    "matter_cap": _matter_cap,
    "no_matter_cap": _without("matter_cap"),
    "no_cap": _without("cap"),
    "tier": _without("exclusive"),
    "forfeits": _without("forfeits"),
    "scope": lambda rng, raw: [
        item["forfeits"].update(scope=rng.choice(("year", "month")))
        for item in raw["items"]
        if "forfeits" in item
    ],
    "member": _field("by_member", *YES_NO),
    "matter": _field("matter", "event", "day", "year", "required"),
    "per": _field("per", "month", "year", "event", "matter"),
    "pledge": _field("pledge", *YES_NO),
    "disabled": _field("disabled", YES_NO[0]),
    "category": _field("category", "另类"),
    "years": _years,
}


def edited_books(rng: Random, texts: dict[str, str], kind: str) -> RuleTables | None:
    """The village's books with some edits of this kind, compiled; None where none is accepted."""
    for _ in range(TRIES):
        changed = {}
        for name, text in texts.items():
            raw = deepcopy(tomllib.loads(text))
            raw = {"caps": {}, "items": [], **raw}
            EDITS[kind](rng, raw)
            changed[name] = text_of(raw)
        with tempfile.TemporaryDirectory() as folder:
            for name, text in changed.items():
                (Path(folder) / name).write_text(text, encoding="utf-8")
            try:
                return rules.load([Path(folder)]).tables
            except RulesRefusedError:
                continue
    return None


def other_grace(_: Random, case: Case) -> Case:
    """More days of grace."""
    return case.but(grace_days=case.grace_days + 40)


OTHERS: dict[str, Callable[[Random, Case], Case]] = {
    "rows": fewer_rows,
    "revised": revised_rows,
    "register": moved_spells,
    "day": other_day,
    "grace": other_grace,
}


def other(rng: Random, case: Case, texts: dict[str, str], kind: str) -> Case | None:
    """A case, whose books have these texts, with an edit of this kind; null where none such is accepted."""
    if kind in OTHERS:
        return OTHERS[kind](rng, case)
    books = edited_books(rng, texts, kind)
    return case.but(books=books) if books else None
