"""The floor: the least that any program must do that takes these events and leaves these tables.

It reads the events, and writes the tables of a published run again, already made, in the same kind of
file; nothing is checked, scored, sorted, digested or synced. Each step is done by each of the ways below,
on both cores, and the fastest counts. The clock runs for the reading and the writing alone, not for starting
Python or fetching the finished tables. Run in a process of its own: `python floor.py EVENTS RUN OUT`
prints one line of JSON.
"""

# ruff: noqa: E402 - polars is imported after the allocator is told what to do, as `run` does it

from __future__ import annotations

from jifen_batch.engine import allocation

allocation.keep_what_is_let_go()

import json
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow.parquet as pq

from jifen_batch.published.parquet_form import ROW_GROUP_ROWS
from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THREADS = 2
ZSTD_LEVEL = 1  # what the run's own files are packed with, and PyArrow's default; that of polars is 3
# Finished tables are fetched so many rows at a time, so that the floor needs no more memory than a run.
BATCH_ROWS = 1 << 23
REPEATS = 3  # of the reading; the first warms the files


def read_by_polars(events: Path) -> int:
    """The specification's columns of all events by polars; how many rows they are."""
    rows = pl.scan_parquet(events, hive_partitioning=False).select(EVENTS.names).collect()
    return int(rows.height)


def read_by_pyarrow(events: Path) -> int:
    """The same by PyArrow."""
    rows = pq.read_table(events, columns=EVENTS.names, partitioning=None, use_threads=True)
    return int(rows.num_rows)


def write_by_polars(frame: pl.DataFrame, target: Path) -> None:
    """A finished file by polars, which works on several columns at once."""
    frame.write_parquet(
        target,
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        statistics=True,
        row_group_size=ROW_GROUP_ROWS,
    )


def write_by_pyarrow(table: Any, target: Path) -> None:  # noqa: ANN401 - PyArrow ships no types
    """The same by PyArrow, which works on one column at a time."""
    pq.write_table(
        table, target, compression="zstd", compression_level=ZSTD_LEVEL, row_group_size=ROW_GROUP_ROWS
    )


def one_by_one(write: Callable[[Any, Path], None], tables: list[Any], out: Path) -> None:
    """Files one after another."""
    for number, table in enumerate(tables):
        write(table, out / f"{number}.parquet")


def side_by_side(write: Callable[[Any, Path], None], tables: list[Any], out: Path) -> None:
    """Two files at a time."""
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, tables, (out / f"{number}.parquet" for number in range(len(tables)))))


def timed(work: Callable[..., Any], *given: object) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    began = time.perf_counter()
    result = work(*given)
    return time.perf_counter() - began, result


def batches(files: list[Path]) -> Iterator[list[Path]]:
    """Files of so many rows together."""
    batch: list[Path] = []
    rows = 0
    for file in files:
        batch.append(file)
        rows += pq.read_metadata(file).num_rows
        if rows >= BATCH_ROWS:
            yield batch
            batch, rows = [], 0
    yield batch


def write_all(run: Path, out: Path) -> tuple[dict[str, float], int]:
    """Seconds of each way to write all finished files, and how many rows they have."""
    ways = {
        "polars": (pl.read_parquet, write_by_polars, one_by_one),
        "polars, two files at a time": (pl.read_parquet, write_by_polars, side_by_side),
        "pyarrow, two files at a time": (pq.read_table, write_by_pyarrow, side_by_side),
    }
    seconds, rows = dict.fromkeys(ways, 0.0), 0
    for batch in batches(sorted(run.rglob("*.parquet"))):
        for way, (fetch, write, files) in ways.items():
            hive = {"hive_partitioning": False} if fetch is pl.read_parquet else {"partitioning": None}
            finished = [fetch(file, **hive) for file in batch]
            folder = out / "again"
            folder.mkdir()
            seconds[way] += timed(files, write, finished, folder)[0]
            shutil.rmtree(folder)
        rows += sum(pq.read_metadata(file).num_rows for file in batch)
    return seconds, rows


def main(events: Path, run: Path, out: Path) -> None:
    """Measure both steps in every way, and add up the fastest of each."""
    ways = {"polars": read_by_polars, "pyarrow": read_by_pyarrow}
    reads = {way: [timed(read, events) for _ in range(REPEATS)] for way, read in ways.items()}
    read = {way: min(seconds for seconds, _ in done) for way, done in reads.items()}
    (read_rows,) = {rows for done in reads.values() for _, rows in done}
    written, written_rows = write_all(run, out)
    report = {
        "seconds": min(read.values()) + min(written.values()),
        "read": read,
        "write": written,
        "read_rows": read_rows,
        "written_rows": written_rows,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
