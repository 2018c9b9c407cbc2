"""Households that stand in the registers of several counties: one id, and perhaps two households."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.published import runs
from jifen_batch.storage import address
from jifen_batch.tables import REGISTER

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARED = pl.Schema({"household_id": pl.String(), "counties": pl.String()})
BETWEEN = " "


def find(folders: Mapping[str, str]) -> pl.DataFrame:
    """Ids that the published registers of several counties have (`SHARED`), by id, the counties by name.

    `folders` are the published runs by county, paths or addresses.
    """
    if not folders:
        return SHARED.to_frame()
    names = sorted(folders)
    registers = [
        _register(folders[name]).select("household_id", at=pl.lit(place, pl.UInt32))
        for place, name in enumerate(names)
    ]
    rows = pl.concat(registers)
    # Two sums for each id of a province; only of the few that are shared are the counties put together.
    first, last = pl.col("at").min().alias("first"), pl.col("at").max().alias("last")
    spread = rows.group_by("household_id").agg(first, last).filter(pl.col("first") != pl.col("last"))
    several = spread.select("household_id").collect(engine="streaming")
    found = rows.join(several.lazy(), on="household_id", how="semi").unique().collect(engine="streaming")
    named = pl.Series(names, dtype=pl.String)
    found = found.sort("household_id", "at")
    return (
        found.select("household_id", counties=named.gather(found["at"]))
        .group_by("household_id", maintain_order=True)
        .agg(pl.col("counties").str.join(BETWEEN))
    )


def _register(folder: str) -> pl.LazyFrame:
    """The register of a published run."""
    if address.is_address(folder):
        return pl.scan_parquet(f"{folder}/{REGISTER.name}/*.parquet")
    return runs.scan(Path(folder), REGISTER)
