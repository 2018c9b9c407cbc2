"""Who is who now: the successions that a published run or quarter stands on (specification 2.2).

What was announced is never rewritten: it names households by the ids that they had then. Whoever holds it
against a run reads it by the ids that this run knows them by.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.kernels.successions import NEW, OLD, renaming
from jifen_batch.published import read, runs
from jifen_batch.tables import SUCCESSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = f"{SUCCESSIONS.name}.parquet"


def renamed_by_run(run: Path, content: Mapping[str, Any]) -> pl.DataFrame:
    """The ids that have become others by a run (`successions.renaming`); `content` is its manifest."""
    return renaming(runs.read(run, SUCCESSIONS), date.fromisoformat(content["as_of"]))


def renamed_by_quarter(folder: Path, content: Mapping[str, Any]) -> pl.DataFrame:
    """The same of an announced quarter, by its folder and its manifest."""
    files = [folder / FILE] if (folder / FILE).is_file() else []
    return renaming(read.scan(files, SUCCESSIONS).collect(), date.fromisoformat(content["as_of"]))


def that_count(run: Path, as_of: date) -> pl.DataFrame:
    """The successions (`SUCCESSIONS`) that a run stands on, for the quarter that is announced as of it."""
    return runs.read(run, SUCCESSIONS).filter(pl.col("effective_on") <= as_of)


def of_now(rows: pl.LazyFrame, renamed: pl.DataFrame) -> pl.LazyFrame:
    """Rows that name households, by the ids that these have now; their order by id is lost."""
    if renamed.height == 0:
        return rows
    return rows.with_columns(pl.col("household_id").replace(renamed[OLD], renamed[NEW]))


def ids_of(household: str, renamed: pl.DataFrame) -> list[str]:
    """Every id that a household has or had: the one of now first, by any of them."""
    own = renamed.filter(pl.col(OLD) == household)
    now = str(own[NEW][0]) if own.height else household
    return [now, *renamed.filter(pl.col(NEW) == now)[OLD].to_list()]
