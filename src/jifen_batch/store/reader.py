"""Strangers' files read as one table of the contract: any format, any readable type, any split.

Files whose columns have the same types are read in one scan. Nothing but the columns asked for is
ever read, so that names and phone numbers stay where they are.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

from jifen_batch.store import columns
from jifen_batch.store.files import CSV, IPC, InputFile, duplicated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.tables import Table

UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException, OSError, ValueError)


@dataclass(frozen=True)
class Look:
    """What a file says of itself before its rows are read: the types of the table's columns, its rows."""

    file: InputFile
    kinds: dict[str, pa.DataType]
    rows: int


def read_table(files: Sequence[InputFile], table: Table) -> tuple[pl.DataFrame, list[int]]:
    """The rows of all files in the table's columns and types, and how many each file had.

    Rows stand in the order of the files and of their rows. A column that a file lacks is null, or
    what its Hive folder says. Empty texts are null. Integers are Int64. Raises `InputRefusedError`.
    """
    looks = [_look(file, table) for file in files]
    frames = []
    for _, group in groupby(
        looks, key=lambda look: (look.file.format, look.kinds, _hive_of(look.file, table))
    ):
        frames.append(_read(list(group), table))
    return pl.concat(frames), [look.rows for look in looks]


def _hive_of(file: InputFile, table: Table) -> dict[str, str]:
    """What a file's folders say of the table's columns."""
    return {name: value for name, value in file.hive.items() if name in table.names}


@contextmanager
def _one_sentence(file: InputFile) -> Iterator[None]:
    """Whatever a library makes of a broken file becomes one sentence, without its cells."""
    try:
        yield
    except UNREADABLE as error:
        raise file.refuse(
            f"cannot be read as {file.format} ({type(error).__name__})", "write or fetch the file again"
        ) from None


def _look(file: InputFile, table: Table) -> Look:
    """Types and rows of a file, refused where they cannot be read as stated."""
    with _one_sentence(file):
        schema, rows = _schema(file)
    twice = duplicated(name for name in schema.names if name in table.names)
    if twice:
        raise file.refuse(f"column {twice[0]} stands twice", "keep one of them")
    found = {field.name: field.type for field in schema if field.name in table.names}
    columns.check_types(file, found, table)
    return Look(file, found, rows)


def _schema(file: InputFile) -> tuple[pa.Schema, int]:
    """Arrow schema and number of rows of a file; all columns of a CSV are text."""
    if file.format == CSV:
        texts = pl.read_csv(file.path, infer_schema=False)
        return pa.schema([(name, pa.large_string()) for name in texts.columns]), texts.height
    if file.format == IPC:
        with ipc.open_file(file.path) as reader:
            rows = sum(reader.get_batch(n).num_rows for n in range(reader.num_record_batches))
            return reader.schema, rows
    with pq.ParquetFile(file.path) as parquet:
        return parquet.schema_arrow, parquet.metadata.num_rows


def _read(looks: list[Look], table: Table) -> pl.DataFrame:
    """Rows of files alike, in the table's columns and types."""
    file, kinds = looks[0].file, looks[0].kinds
    paths = [look.file.path for look in looks]
    with _one_sentence(file):
        if file.format == CSV:
            frame = pl.concat(pl.read_csv(path, columns=list(kinds), infer_schema=False) for path in paths)
        elif file.format == IPC:
            frame = pl.concat(pl.read_ipc(path, columns=list(kinds)) for path in paths)
        else:
            frame = pl.scan_parquet(paths, hive_partitioning=False).select(list(kinds)).collect()
    absent = [column for column in table if column.name not in kinds]
    frame = frame.with_columns(
        pl.lit(file.hive.get(column.name), pl.String).alias(column.name) for column in absent
    )
    texts = list(table) if file.format == CSV else absent
    frame = columns.from_text(file, frame.select(table.names), texts)
    return columns.without_empty_texts(columns.as_stated(file, frame, table))
