"""What the tables of a folder say, cell by cell, in a digest that no order of rows or files changes.

A row's digest is a hash of its cells in the order of the columns, a null unlike any text; rows are added
up, twice with different seeds, modulo 2^64. `detail`, the source of a reject and columns beyond the annex are
left out, for peers do not tell them. `python digest.py FOLDER` prints one line of JSON: table, rows, digest.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from annex import COLUMNS_BEYOND
from jifen_batch import tables

if TYPE_CHECKING:
    from jifen_batch.tables import Table

TABLES = (
    tables.LEDGER,
    tables.BALANCES,
    tables.STANDINGS,
    tables.ANNOUNCEMENTS,
    tables.PARTICIPATION,
    tables.UNPOSTED,
    tables.REJECTS,
)
NOT_TOLD = {"detail", "source_file", "source_row", *COLUMNS_BEYOND}
SEEDS = (1, 2)
FULL = 1 << 64


def digest(folder: Path) -> dict[str, str]:
    """By table: how many rows, and the digest of their cells."""
    return {table.name: digest_table(folder, table) for table in TABLES}


def digest_table(folder: Path, table: Table) -> str:
    """Rows and digest of one table; raises `AssertionError` where a file's columns are not the table's."""
    rows, sums = 0, [0, 0]
    for path in sorted((folder / table.name).rglob("*.parquet")):
        frame = pl.read_parquet(path, hive_partitioning=False)
        if table.partition:
            value = pl.lit(path.parent.name.partition("=")[2]).cast(table.schema[table.partition])
            frame = frame.with_columns(value.alias(table.partition))
        told = {name: kind for name, kind in table.schema.items() if name not in NOT_TOLD}
        found = frame.select(name for name in told)
        assert dict(found.schema) == told, f"{path}: {found.schema}"
        rows += frame.height
        sums = [(total + _sum(found, seed)) % FULL for total, seed in zip(sums, SEEDS, strict=True)]
    return f"{rows}:{sums[0]:016x}{sums[1]:016x}"


def _sum(frame: pl.DataFrame, seed: int) -> int:
    """The rows' hashes added up: cells are hashed by column and seed, mixed, and hashed again."""
    key = pl.lit(0, dtype=pl.UInt64)
    for column in frame.columns:
        key = (key * 31 + pl.col(column).hash(seed)).hash(seed)
    return int(frame.select(key.reinterpret(signed=False).alias("key"))["key"].cast(pl.Int128).sum()) % FULL


if __name__ == "__main__":
    print(json.dumps(digest(Path(sys.argv[1]))))
