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
    registers = [
        _register(folder).select("household_id", county=pl.lit(county)).unique()
        for county, folder in sorted(folders.items())
    ]
    if not registers:
        return SHARED.to_frame()
    found = (
        pl.concat(registers)
        .group_by("household_id")
        .agg(pl.col("county").sort())
        .filter(pl.col("county").list.len() > 1)
        .select("household_id", counties=pl.col("county").list.join(BETWEEN))
        .collect(engine="streaming")
    )
    return found.sort("household_id").cast(SHARED)


def _register(folder: str) -> pl.LazyFrame:
    """The register of a published run."""
    if address.is_address(folder):
        return pl.scan_parquet(f"{folder}/{REGISTER.name}/*.parquet")
    return runs.scan(Path(folder), REGISTER)
