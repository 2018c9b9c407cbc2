"""A village scored twice: by the worker, from its files, and by the oracle; where the two differ."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import structlog

import oracle
import villages
from jifen_batch.tables import OUTPUTS, Table
from jifen_batch.worker import RunOptions, RunReport, run

QUIET = structlog.wrap_logger(
    structlog.PrintLogger(), wrapper_class=structlog.make_filtering_bound_logger("critical")
)
# Some in a row, and those that show what few others do: each planted fault shows in one of them.
SEEDS = (*range(31), 53, 55, 62, 72, 118, 119, 164, 255, 399)
# A detail is a sentence for people; the oracle has none.
NOT_COMPARED = {"detail"}


def published(village: villages.Village, folder: Path) -> RunReport:
    """The village's inputs written below `folder` and scored by the worker."""
    paths = villages.write(village, folder / "in")
    options = RunOptions(
        events=str(paths.events),
        households=str(paths.households),
        villages=str(paths.villages) if paths.villages else None,
        successions=str(paths.successions) if paths.successions else None,
        rules=(str(paths.rules),),
        out=folder / "out",
        as_of=village.as_of,
        grace_days=village.grace_days,
        max_reject_rate=1.0,
    )
    return run(options, QUIET)


def table_rows(folder: Path, table: Table) -> list[dict[str, Any]]:
    """Rows of a published table as they stand in its files, one file after another."""
    frames = []
    for path in sorted((folder / table.name).rglob("*.parquet")):
        frame = pl.read_parquet(path, hive_partitioning=False)
        if table.partition:
            value = pl.lit(path.parent.name.partition("=")[2]).cast(table.schema[table.partition])
            frame = frame.with_columns(value.alias(table.partition))
        frames.append(frame.select(table.names).cast(table.schema))
    return pl.concat(frames).to_dicts() if frames else []


def _in_order(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Rows as sorted texts, that two tables may be held side by side."""
    return sorted(tuple(repr(row[name]) for name in sorted(row) if name not in NOT_COMPARED) for row in rows)


def differences(village: villages.Village) -> list[str]:
    """Where worker and oracle disagree on a village: a line for each table, or for the accounting."""
    expected = oracle.score_whole(village)
    with tempfile.TemporaryDirectory() as name:
        report = published(village, Path(name))
        tables = {table: table_rows(report.folder, table) for table in OUTPUTS}
    found = []
    for table, rows in tables.items():
        ours, theirs = _in_order(rows), _in_order(expected.tables[table.name])
        if ours != theirs:
            extra = [row for row in ours if row not in theirs][:2]
            missing = [row for row in theirs if row not in ours][:2]
            found.append(
                f"seed {village.seed}: {table.name}: only the worker {extra}, only the oracle {missing}"
            )
    if report.manifest["accounting"] != expected.accounting:
        found.append(
            f"seed {village.seed}: accounting: {report.manifest['accounting']} is not {expected.accounting}"
        )
    return found
