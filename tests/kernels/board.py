"""Ledger lines for a pencil, as a board holds them: what is not named is the same on all."""

from datetime import date
from types import SimpleNamespace

import polars as pl

from jifen_batch.analysis.correction_causes import CAUSES
from jifen_batch.tables import LEDGER
from jifen_batch.tables.announced import ANNOUNCED_STANDINGS

DAY = date(2023, 2, 1)
LINE = dict.fromkeys(LEDGER.names) | {
    "town_id": "town",
    "village_id": "east",
    "household_id": "wang",
    "scoring_year": 2023,
    "category": "新风",
    "task": "任务",
    "item": "help",
    "event_id": "e1",
    "occurred_on": DAY,
    "accrued_on": DAY,
    "posted_on": DAY,
    "quarter": "2023Q1",
    "quantity": 1,
    "gross": 5,
    "points": 5,
    "disposition": "awarded",
    "book": "base",
}


def lines(*rows):
    """Ledger rows, each a document of what differs."""
    return pl.DataFrame([LINE | row for row in rows], schema=LEDGER.schema)


def changes(*rows):
    """The same with `change`, +1 unless told."""
    schema = {**LEDGER.schema, "change": pl.Int32, "reason": pl.String}
    frame = pl.DataFrame([LINE | {"change": 1, "reason": None} | row for row in rows], schema=schema)
    return frame if frame["reason"].count() else frame.drop("reason")


def causes(*rows):
    """What corrections are put down to (`behind.CAUSES`)."""
    same = {name: LINE.get(name) for name in CAUSES}
    said = {"reversed": False, "cause": "rows", "what": "new"}
    return pl.DataFrame([same | said | row for row in rows], schema=CAUSES)


def books(**items):
    """Rule tables as far as naming reads them, one book `base`: item=(name, notice)."""
    rows = [(0, code, name, f"clause of {name}", notice) for code, (name, notice) in items.items()]
    schema = {"book": pl.Int32, **dict.fromkeys(("code", "name", "clause", "notice"), pl.String)}
    return SimpleNamespace(
        books=pl.DataFrame({"book": [0], "id": ["base"]}, schema={"book": pl.Int32, "id": pl.String}),
        items=pl.DataFrame(rows, schema=schema, orient="row"),
    )


def standings(*rows):
    """Rows of announced standings, (household, year, net, rank), of village east."""
    columns = ("town_id", "village_id", "household_id", "scoring_year", "net", "rank", "households")
    told = [dict(zip(columns, ("town", "east", *row, 1), strict=True)) for row in rows]
    return pl.DataFrame(told, schema=ANNOUNCED_STANDINGS.schema)
