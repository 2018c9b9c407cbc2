"""The rows of Parquet and Arrow IPC files, as they are: read by PyArrow, which survives what they hold.

Only the columns that the specification knows are read. Pages are held to their checksums where they have
them, and every string to UTF-8, for nothing later looks at what strings hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from jifen_batch.inputs.phrases import FETCH_AGAIN
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.inputs.files import InputFile

# A column of a row group is read through a window of so many bytes, however large the row group.
WINDOW_BYTES = 1 << 20
# A file no larger than that is fetched whole: many small reads take longer than its bytes.
WHOLE_BYTES = 1 << 22
ROWS_AT_ONCE = 1 << 18
# How PyArrow says that a page's bytes are not those that its checksum was made of.
WRONG_CHECKSUM = "CRC checksum"
# INT96 counts nanoseconds within a day, and days: read as nanoseconds alone, the year 2300 would be 1715.
INT96, INT96_UNIT = "INT96", "us"
# Whose INT96 is local time; of every other writer it is an instant in UTC, and the file says neither.
LOCAL_WRITER = "impala"
AS_CODES = frozenset({"PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "RLE", "BIT_PACKED"})


def parquet_rows(
    file: InputFile, columns: Sequence[str], coded: Sequence[str] = (), groups: Sequence[int] | None = None
) -> Iterator[pa.Table]:
    """Rows of a Parquet file in their order, at most `ROWS_AT_ONCE` at a time; none for a file without.

    `coded` columns of strings come as codes and names. `groups` are the row groups to read, null = all.
    Raises `InputRefusedError`.
    """
    try:
        small = file.size <= WHOLE_BYTES
        source = pa.BufferReader(file.path.read_bytes()) if small else file.path
        footer = pq.read_metadata(source)
        with pq.ParquetFile(
            source,
            metadata=footer,
            read_dictionary=_in_dictionaries(footer, coded),
            buffer_size=0 if small else WINDOW_BYTES,
            page_checksum_verification=True,
            coerce_int96_timestamp_unit=INT96_UNIT,
        ) as parquet:
            instants = int96_instants(footer)
            chosen = range(footer.num_row_groups) if groups is None else groups
            stated = sum(footer.row_group(group).num_rows for group in chosen)
            for batch in parquet.iter_batches(ROWS_AT_ONCE, list(chosen), list(columns), use_threads=False):
                batch.validate(full=True)
                stated -= batch.num_rows
                yield _in_utc(bare(pa.Table.from_batches([batch])), instants)
    except Exception as error:
        if WRONG_CHECKSUM in str(error):
            raise file.refuse(
                Sentence("its pages are not what their checksums say", "数据页与其校验和不符"), FETCH_AGAIN
            ) from error
        # A damaged length asks for more memory than there is: that is an error of the file, too.
        raise file.unreadable(error) from error
    if stated:
        raise file.unreadable()


def int96_instants(footer: pq.FileMetaData) -> list[str]:
    """Columns of a file that are instants in UTC, and say nothing of it."""
    if LOCAL_WRITER in (footer.created_by or "").lower():
        return []
    columns = map(footer.schema.column, range(footer.num_columns))
    return [column.path for column in columns if column.physical_type == INT96]


def _in_utc(rows: pa.Table, instants: Sequence[str]) -> pa.Table:
    """Rows of which these columns are told to be in UTC; their numbers stay."""
    for name in instants:
        if name in rows.column_names:
            at = rows.column_names.index(name)
            rows = rows.set_column(at, name, rows.column(at).cast(pa.timestamp(INT96_UNIT, "UTC")))
    return rows


def _in_dictionaries(footer: pq.FileMetaData, columns: Sequence[str]) -> list[str]:
    """Those of the columns that a file stores in a way that can be read as codes and names."""
    if not columns:
        return []
    chunks = [
        footer.row_group(group).column(number)
        for group in range(footer.num_row_groups)
        for number in range(footer.num_columns)
    ]
    other = {chunk.path_in_schema for chunk in chunks if not AS_CODES.issuperset(chunk.encodings)}
    return [name for name in columns if name not in other]


def ipc_rows(file: InputFile, columns: Sequence[str]) -> pa.Table:
    """All rows of an Arrow IPC file. Raises `InputRefusedError`."""
    try:
        with pa.OSFile(str(file.path)) as source:
            schema = pa.ipc.open_file(source).schema
            options = pa.ipc.IpcReadOptions(included_fields=[schema.get_field_index(one) for one in columns])
            rows = pa.ipc.open_file(source, options=options).read_all()
        rows.validate(full=True)
    except Exception as error:
        raise file.unreadable(error) from error
    return bare(rows.select(columns))


def bare(rows: pa.Table) -> pa.Table:
    """The rows, without what their file notes of itself and its columns: that may be damaged, too."""
    schema = pa.schema([pa.field(column.name, column.type) for column in rows.schema])
    return pa.table(rows.columns, schema=schema)
