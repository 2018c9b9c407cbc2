"""Announced quarters, hung up as the store expects to find them."""

from __future__ import annotations

import json
from datetime import date, timedelta

import polars as pl

from jifen_batch.published import runs
from jifen_batch.tables import ANNOUNCEMENTS, SCHEMA_VERSION
from jifen_batch.tables.announced import ANNOUNCEMENT

GRACE = timedelta(20)


def hang(out, quarter, as_of, rows):
    """One quarter with these rows of `ANNOUNCEMENT`; what a row does not say is 0 or `x`."""
    filled = [
        dict.fromkeys(("town_id", "village_id", "category"), "x")
        | dict.fromkeys(("awarded", "deducted", "reversed", "adjusted", "year_to_date"), 0)
        | row
        for row in rows
    ]
    schema = {name: ANNOUNCEMENT.schema[name] for name in ANNOUNCEMENT.file_names}
    folder = out / "announced" / f"quarter={quarter}"
    folder.mkdir(parents=True)
    pl.DataFrame(filled, schema=schema).write_parquet(
        folder / "announcement.parquet", metadata={"schema_version": SCHEMA_VERSION}
    )
    said = {"quarter": quarter, "as_of": as_of.isoformat()}
    (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")


def hang_all(out, run):
    """Every quarter that a run can announce, each on the twentieth day after its end."""
    own = runs.read(run, ANNOUNCEMENTS)
    for quarter in own["quarter"].unique().sort().to_list()[:-1]:
        year, number = int(quarter[:4]), int(quarter[5:])
        as_of = date(year + number // 4, number % 4 * 3 + 1, 1) - timedelta(1) + GRACE
        hang(out, quarter, as_of, own.filter(pl.col("quarter") == quarter).drop("quarter").to_dicts())
