"""A village whose every cell is a canary: a word that names its column, and stands nowhere else."""

from __future__ import annotations

import re
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import polars as pl

from announce.village import BOOK, ITEM, ITEMS
from jifen_batch.tables import EVENTS
from jifen_batch.tables.wallets import REDEMPTIONS

if TYPE_CHECKING:
    from pathlib import Path

CANARY = re.compile(r"CNRY([a-z]+)X[0-9]+Z")
HOMES = 6
_numbers = count(1)


def canary(kind: str) -> str:
    """A word of a column that no other cell holds."""
    return f"CNRY{kind}X{next(_numbers)}Z"


def sung(text: str) -> set[str]:
    """Of which columns a text holds cells."""
    return set(CANARY.findall(text))


def register() -> pl.DataFrame:
    """Six households of two villages; all that a register may hold beside what the specification knows."""
    villages = [(canary("village"), canary("villagename")) for _ in range(2)]
    town = {"town_id": canary("town"), "town_name": canary("townname")}
    return pl.DataFrame(
        [
            {
                "household_id": canary("household"),
                "village_id": villages[home % 2][0],
                "village_name": villages[home % 2][1],
                **town,
                "enrolled_on": date(2023, 1, 1),
                "left_on": None,
                "householder": canary("householder"),
                "phone": canary("phone"),
                "id_number": canary("personalnumber"),
            }
            for home in range(HOMES)
        ],
        schema_overrides={"left_on": pl.Date},
    )


def events(homes: pl.DataFrame) -> pl.DataFrame:
    """Events of every resolution: posted, forfeited, waiting, superseded, and sent back for each reason."""
    rows = []

    def event(home: int, item: str, **more: object) -> None:
        ids = {name: canary(name.removesuffix("_id")) for name in ("event_id", "matter_id", "decision_id")}
        row = {"household_id": homes["household_id"][home], "member_id": canary("member"), "item": item}
        days = {"occurred_on": date(2023, 5, 1), "status": "approved"}
        rows.append(dict.fromkeys(EVENTS.names) | ids | row | days | more | {"phone": canary("phone")})

    for home in range(HOMES):
        for item in ("help", "fire", "quiet", "kind", "help"):
            event(home, item)
    event(0, "accident")
    for status in ("declared", "assessed", "declined", "withdrawn"):
        event(1, "help", status=status)
    event(2, "help", occurred_on=date(2023, 8, 1))
    event(3, canary("item"))
    event(3, "help", status=canary("status"))
    event(3, "help", household_id=canary("stranger"))
    event(3, "help", quantity=0)
    event(3, "help", member_id=f"{canary('membernumber')}13900000000")
    event(3, "help", occurred_on=date(2099, 12, 31))
    return pl.DataFrame(rows, schema={**EVENTS.schema, "phone": pl.String})


def redemptions(homes: pl.DataFrame) -> pl.DataFrame:
    """A household that spent what it had."""
    row = {"redemption_id": canary("redemption"), "household_id": homes["household_id"][1]}
    told = {"redeemed_on": date(2023, 9, 1), "points": 5, "status": "done", "goods": canary("goods")}
    return pl.DataFrame([row | told], schema=REDEMPTIONS.schema)


def laid_out(folder: Path) -> Path:
    """All inputs of a run in a folder."""
    homes = register()
    homes.write_csv(folder / "households.csv")
    events(homes).write_csv(folder / "events.csv")
    redemptions(homes).write_csv(folder / "redemptions.csv")
    text = BOOK + "".join(ITEM.format(**item) + item.get("more", "") + "\n" for item in ITEMS)
    (folder / "book.toml").write_text(text, encoding="utf-8")
    return folder
