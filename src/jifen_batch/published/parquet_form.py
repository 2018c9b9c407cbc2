"""Tables written as Parquet that any reader takes in (specification 4, Types).

The same rows give the same bytes: the row groups have a fixed size, the columns the declared order and
types, and nothing of the machine or the hour goes in. What repeats is handed over as codes and names,
so that no text is looked at once a row; files carry no type of the library that wrote them, and every
reader sees plain strings.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_batch.columns.groups import distinct_sorted, places_among, without_nulls
from jifen_batch.dataclass import dataclass
from jifen_batch.errors import InvariantBrokenError
from jifen_batch.sentence import Sentence
from jifen_batch.storage import disk
from jifen_batch.tables import OFTEN_SHARED, SCHEMA_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from jifen_batch.tables import Column, Table

ROW_GROUP_ROWS = 1 << 18
# PyArrow makes ready for so many values of a column at a time, and of those few itself: each takes some work.
VALUES_AT_ONCE = 1 << 16
# Of what rows often share, a name that serves so many rows or more is worth being written as a code.
ROWS_PER_NAME = 16
# Nearly every row has another one: a dictionary of them would cost time and room.
RARELY_REPEATED = frozenset({"event_id"})


@dataclass(frozen=True)
class WrittenFile:
    """A file of a table: its `path`, and how many `rows` it holds."""

    path: Path
    rows: int


def not_as_declared(name: str) -> Sentence:
    """The sentence about a table whose frame is not what is declared."""
    return Sentence(
        f"{name}: the columns are not as declared; this is a fault of the program",
        f"{name}：各列与声明的不同；这是程序的错误",
    )


def write_table(frame: pl.DataFrame, table: Table, folder: Path, part: int) -> list[WrittenFile]:
    """Write the rows of one part of a table below `folder`, as `table/[key=value/]part-00000.parquet`.

    The rows are sorted already; a column of strings may be an Enum. The folder is made where the one that it
    lies in is there. A partitioned table gets a file for each value it has here; its column stands in the
    path only. Raises `DiskError`, and `InvariantBrokenError` for a frame that is not what the table says.
    """
    if [(name, _plain(kind)) for name, kind in frame.schema.items()] != list(table.schema.items()):
        raise InvariantBrokenError(*not_as_declared(table.name))
    for name in table.required:
        if frame[name].null_count():
            raise InvariantBrokenError(
                f"{table.name}: {name} is empty in places; this is a fault of the program",
                f"{table.name}：{name} 有空缺；这是程序的错误",
            )
    if table.partition is None:
        return [_write_file(frame, table, folder / file_name(table, part), folder)]
    values = frame[table.partition].unique().sort()
    return [
        _write_file(
            (frame if values.len() == 1 else frame.filter(frame[table.partition] == value))[table.file_names],
            table,
            folder / file_name(table, part, value),
            folder,
        )
        for value in values
    ]


def file_name(table: Table, part: int, value: object = None) -> str:
    """The name in its run of a part's file of a table, or of one `value` of it where it is partitioned."""
    inside = table.name if value is None else f"{table.name}/{table.partition}={value}"
    return f"{inside}/part-{part:05}.parquet"


def write_empty(table: Table, folder: Path) -> None:
    """Give a table without rows its folder, and its columns in an empty file where the path has none."""
    if table.partition is None:
        write_table(table.schema.to_frame(), table, folder, 0)
    else:
        disk.make_folder(folder / table.name)


def _plain(kind: pl.DataType) -> pl.DataType:
    """The type that readers see: names that repeat are strings to them."""
    return pl.String() if isinstance(kind, pl.Enum) else kind


def _write_file(frame: pl.DataFrame, table: Table, path: Path, run: Path) -> WrittenFile:
    """Write one file of a table, or of one value of it, in the folder of a run, which has its own above."""
    disk.make_folder(path.parent, inside=run.parent)
    rows = pa.table({column.name: _arrow(column) for column in frame})
    disk.write_with(path, lambda: _write(rows, path, table))
    disk.hasten(path)
    return WrittenFile(path, frame.height)


def _write(rows: pa.Table, path: Path, table: Table) -> None:
    """Write rows, and what version of the tables they are of.

    Footers hold the least and the greatest of what rows are looked for by: numbers, days, and the ids
    that sort them. What people typed goes into no footer, which is read with less care than the rows.
    """
    names = rows.column_names
    sought = [name for name in names if name in table.sort_keys or table.schema[name] != pl.String]
    with pq.ParquetWriter(
        path,
        rows.schema,
        compression="zstd",
        write_batch_size=VALUES_AT_ONCE,
        store_schema=False,
        use_dictionary=[name for name in names if name not in RARELY_REPEATED],
        write_statistics=[name for name in sought if name not in RARELY_REPEATED],
    ) as writer:
        writer.add_key_value_metadata(_notes(table))
        writer.write_table(rows, row_group_size=ROW_GROUP_ROWS)


@cache
def _notes(table: Table) -> dict[str, str]:
    """What a file says of itself: the version of its tables, and the schema in which columns have meanings.

    The writer would note the types that the rows have in memory, codes among them; readers see plain strings.
    """
    schema = base64.b64encode(arrow_schema(table).serialize()).decode()
    return {"schema_version": SCHEMA_VERSION, "ARROW:schema": schema}


def arrow_schema(table: Table) -> pa.Schema:
    """The table's columns as they stand in its files, each with its `meaning`; texts are plain strings."""
    return pa.schema([_described(one) for one in table if one.name != table.partition])


def _described(column: Column) -> pa.Field:
    """A column's field with its meaning."""
    return pa.field(column.name, _arrow_kind(column.dtype), metadata={"meaning": column.meaning})


@cache
def _arrow_kind(kind: pl.DataType) -> pa.DataType:
    """A type as it stands in files; texts are plain strings."""
    arrow = pl.Series(dtype=kind).to_arrow(compat_level=pl.CompatLevel.oldest()).type
    return pa.string() if pa.types.is_large_string(arrow) else arrow


def _arrow(column: pl.Series) -> pa.Array:
    """A column as the writer takes it best: an Enum as codes and names, which is how polars hands it over."""
    if column.name in OFTEN_SHARED:
        column = _coded_by_its_rows(column)
    return column.to_arrow(compat_level=pl.CompatLevel.oldest())


def _coded_by_its_rows(column: pl.Series) -> pl.Series:
    """Ids that rows may share, as an Enum of those that a row has where they are few, else as texts.

    Whether ids come as codes or as texts is their file's matter, and what else was read with it: bytes follow
    from the ids alone. No name is kept that no row has: all that are handed over stand in the file, and of a
    part's names some are only of rows that were sent back: a person's number may be among them.
    """
    if isinstance(column.dtype, pl.Enum):
        codes, names = column.to_physical(), column.dtype.categories
        occurring = distinct_sorted(without_nulls(codes))
        if len(occurring) * ROWS_PER_NAME > column.len():
            return column.cast(pl.String)
        own = pl.Enum(names[pl.Series(occurring)])
        places = places_among(occurring, names.len())[codes.cast(pl.UInt32)]
        return places.cast(pl.Series(dtype=own).to_physical().dtype).cat.to(own).alias(column.name)
    names = without_nulls(column).unique()
    if names.len() * ROWS_PER_NAME > column.len():
        return column
    return column.cast(pl.Enum(names.sort()))
