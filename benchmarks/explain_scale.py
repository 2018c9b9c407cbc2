"""`explain` on a ledger of any size: a published run laid out many times over, as so many counties.

`python explain_scale.py OUT COPIES SCRATCH` lays the current run of OUT out COPIES times below SCRATCH
(unless it stands there), each copy with towns, villages and households of its own, in the files and row
groups that a run writes. It then times the whole command, process start included, for households from
all over the ledger, and prints one line of JSON.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import polars as pl

from jifen_batch.published import publish, runs
from jifen_batch.published.parquet_form import write_table
from jifen_batch.tables import BALANCES, ITEMS, LEDGER, REGISTER, REJECTS, STANDINGS, UNPOSTED, Table

RUN_ID = "0" * 16
ROUNDS = 3
ASKED = 5
WHOLE = (REGISTER, STANDINGS)
IN_PARTS = (LEDGER, BALANCES, UNPOSTED, REJECTS)


def another(rows: pl.DataFrame, copy: int) -> pl.DataFrame:
    """Rows of another county: the same, under ids of its own; those without a place stay in the first."""
    ids = ("town_id", "village_id", "household_id")
    placed = rows.filter(pl.col("town_id").is_not_null()) if copy else rows
    return placed.with_columns((pl.lit(f"{copy:04}-") + pl.col(name)).alias(name) for name in ids)


def lay_out(run: Path, copies: int, folder: Path) -> None:
    """Write the run's tables `copies` times over into a folder."""
    for table in WHOLE:
        rows = runs.read(run, table)
        write_table(pl.concat([another(rows, copy) for copy in range(copies)]), table, folder, 0)
    write_table(runs.read(run, ITEMS), ITEMS, folder, 0)
    for table in IN_PARTS:
        files = sorted({path.name for path in (run / table.name).rglob("*.parquet")})
        for number, name in enumerate(files):
            rows = part(run, table, name)
            for copy in range(copies):
                write_table(another(rows, copy), table, folder, copy * len(files) + number)
    shutil.copytree(run / "rules", folder / "rules")


def part(run: Path, table: Table, name: str) -> pl.DataFrame:
    """Rows of the files of that name, with the column that their path carries."""
    pattern = f"*/{name}" if table.partition else name
    rows = pl.read_parquet(run / table.name / pattern, hive_partitioning=table.partition is not None)
    return rows.select(table.names).cast(dict(table.schema))


def asked(out: Path, household: str) -> float:
    """Seconds of the whole command."""
    command = [sys.executable, "-m", "jifen_batch", "explain", "--out", str(out), household]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def main(out: Path, copies: int, scratch: Path) -> None:
    """Lay out, then ask for households from the first to the last."""
    if publish.find_run(scratch, RUN_ID) is None:
        source = runs.find(out, "current")
        folder = publish.begin(scratch, RUN_ID)
        lay_out(source, copies, folder)
        publish.commit(scratch, folder, RUN_ID, publish.read_manifest(source))
    run = runs.find(scratch, RUN_ID)
    ids = runs.scan(run, REGISTER).select("household_id").unique(maintain_order=True).collect().to_series()
    chosen = [ids[ids.len() * at // ASKED + ids.len() // (2 * ASKED)] for at in range(ASKED)]
    seconds = sorted(asked(scratch, household) for household in chosen for _ in range(ROUNDS))
    report = {
        "lines": runs.scan(run, LEDGER).select(pl.len()).collect().item(),
        "files": sum(1 for _ in run.rglob("*.parquet")),
        "households": ids.len(),
        "median_seconds": round(statistics.median(seconds), 3),
        "fastest_seconds": round(seconds[0], 3),
        "slowest_seconds": round(seconds[-1], 3),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
