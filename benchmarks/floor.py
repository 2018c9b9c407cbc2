"""The floor: the least that any program must do that takes these events and leaves these tables.

It reads the events, and writes the tables of a published run again, as plainly as polars can: nothing
is checked, scored, sorted, digested or synced. The clock runs for that reading and writing alone, not
for starting Python or for fetching the finished tables. Run in a process of its own:
`python floor.py EVENTS RUN OUT` prints one line of JSON.
"""

# ruff: noqa: E402 - polars is imported after the allocator is told what to do, as `run` does it

from __future__ import annotations

from jifen_batch.cli import allocation

allocation.keep_what_is_let_go()

import json
import sys
import time
from pathlib import Path

import polars as pl

from jifen_batch.store.outputs import ROW_GROUP_ROWS
from jifen_batch.tables import EVENTS


def read_events(events: Path) -> tuple[float, int]:
    """Seconds to read the contract's columns of all events, and how many rows they are."""
    began = time.perf_counter()
    rows = pl.scan_parquet(events, hive_partitioning=False).select(EVENTS.names).collect()
    return time.perf_counter() - began, rows.height


def write_again(file: Path, target: Path) -> tuple[float, int]:
    """Seconds to write a finished file once more, and how many rows it has; reading it is free."""
    finished = pl.read_parquet(file, hive_partitioning=False)
    began = time.perf_counter()
    finished.write_parquet(target, compression="zstd", row_group_size=ROW_GROUP_ROWS)
    return time.perf_counter() - began, finished.height


def main(events: Path, run: Path, out: Path) -> None:
    """Measure both, a table's file at a time, so that the floor needs no more memory than a run."""
    read_seconds, read_rows = read_events(events)
    files = sorted(run.rglob("*.parquet"))
    written = [write_again(file, out / f"{number}.parquet") for number, file in enumerate(files)]
    report = {
        "seconds": read_seconds + sum(seconds for seconds, _ in written),
        "read_rows": read_rows,
        "written_rows": sum(rows for _, rows in written),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
