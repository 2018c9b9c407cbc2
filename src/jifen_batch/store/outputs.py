"""Tables written as Parquet that any reader takes in (contract 4, Types).

The same rows give the same bytes: the row groups have a fixed size, the columns the declared order and
types, and nothing of the machine or the hour goes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jifen_batch.errors import LawBrokenError
from jifen_batch.store import disk
from jifen_batch.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from jifen_batch.tables import Table

ROW_GROUP_ROWS = 1 << 18


@dataclass(frozen=True)
class WrittenFile:
    """A file of a table: its `path`, and how many `rows` it holds."""

    path: Path
    rows: int


def write_table(frame: pl.DataFrame, table: Table, folder: Path, part: int) -> list[WrittenFile]:
    """Write the rows of one part of a table below `folder`, as `table/[key=value/]part-00000.parquet`.

    The rows are sorted already. A partitioned table gets a file for each value it has here; its
    column stands in the path only. Raises `DiskError`, and `LawBrokenError` for a frame that is not
    what the table says.
    """
    if frame.schema != table.schema:
        raise LawBrokenError(f"{table.name}: the columns are not as declared; this is a fault of the program")
    for name in table.required:
        if frame[name].null_count():
            raise LawBrokenError(f"{table.name}: {name} is empty in places; this is a fault of the program")
    if table.partition is None:
        return [_write_file(frame, folder / table.name, part)]
    values = frame[table.partition].unique().sort()
    return [
        _write_file(
            frame.filter(frame[table.partition] == value).select(table.file_names),
            folder / table.name / f"{table.partition}={value}",
            part,
        )
        for value in values
    ]


def write_empty(table: Table, folder: Path) -> None:
    """Give a table without rows its folder, and its columns in an empty file where the path has none."""
    if table.partition is None:
        write_table(table.schema.to_frame(), table, folder, 0)
    else:
        disk.make_folder(folder / table.name)


def _write_file(frame: pl.DataFrame, folder: Path, part: int) -> WrittenFile:
    """Write one file."""
    disk.make_folder(folder)
    path = folder / f"part-{part:05}.parquet"
    disk.write_with(
        path,
        lambda: frame.write_parquet(
            path,
            compression="zstd",
            statistics=True,
            row_group_size=ROW_GROUP_ROWS,
            metadata={"schema_version": SCHEMA_VERSION},
        ),
    )
    return WrittenFile(path, frame.height)
