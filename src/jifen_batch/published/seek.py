"""A few rows out of tables of any size, by what sorts them (specification 4, Types).

The files of a table are disjoint, ascending ranges of its sort keys, so the file that can hold a key is
found by halving, looking at the first row of a few. Inside it, row groups whose statistics leave the key
out are never read. Nothing here grows with the table but the logarithm.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.published import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from jifen_batch.tables import Table

# A null is lower than any text, as the tables are sorted; texts compare by code point as their UTF-8 does.
Comparable = tuple[tuple[bool, str], ...]


def values(folder: Path, table: Table) -> list[str]:
    """The values of the column that the path of a partitioned table carries, ascending."""
    return sorted(path.name.partition("=")[2] for path in (folder / table.name).glob(f"{table.partition}=*"))


def rows(folder: Path, table: Table, key: Mapping[str, str | None], value: str | None = None) -> pl.LazyFrame:
    """Rows of a run's table whose first sort keys are `key`, in the table's order, all its columns.

    `key` gives text columns in the order of the sort keys; null means null. `value` names the part of a
    partitioned table to look in (`values`). A part that is not there has no rows.
    """
    inside = folder / table.name
    if table.partition is not None:
        inside /= f"{table.partition}={value}"
    files = _files_with(sorted(inside.glob("*.parquet")), key)
    return read.scan(files, table, value).filter(matching(key))


def matching(key: Mapping[str, str | None]) -> list[pl.Expr]:
    """Whether a row has these values; comparisons that readers hold against footer statistics."""
    return [pl.col(name).is_null() if value is None else pl.col(name) == value for name, value in key.items()]


def _files_with(files: list[Path], key: Mapping[str, str | None]) -> list[Path]:
    """The files, ascending, that can hold rows of a key: the last to begin before it, and those on it."""
    wanted = _comparable(key.values())

    def first(file: Path) -> Comparable:
        """Key of a file's first row; lower than any where it has none."""
        head = pl.scan_parquet(file, glob=False, hive_partitioning=False).select(*key).head(1).collect()
        return _comparable(head.row(0)) if head.height else ()

    begin = end = bisect_left(files, wanted, key=first)
    while end < len(files) and first(files[end]) == wanted:
        end += 1
    return files[max(begin - 1, 0) : end]


def _comparable(values: Iterable[str | None]) -> Comparable:
    """Values of sort keys as Python compares them in the tables' order."""
    return tuple((value is not None, value or "") for value in values)
