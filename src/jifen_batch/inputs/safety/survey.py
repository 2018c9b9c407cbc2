"""What a file says of itself, asked before anything in it is read, and held to the limits.

PyArrow answers, because it survives files that are not what they say.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.files import IPC, PARQUET
from jifen_batch.inputs.formats.arrow_rows import INT96_UNIT, int96_instants
from jifen_batch.inputs.phrases import PERMISSIONS
from jifen_batch.inputs.safety import ipc_headers, limits, page_headers
from jifen_batch.storage import reasons

if TYPE_CHECKING:
    from collections.abc import Container

    from jifen_batch.inputs.files import InputFile
    from jifen_batch.inputs.safety.limits import FileClaims

FOOTER_TAIL_BYTES, FOOTER_LENGTH_BYTES = 8, 4
MAGICS = (b"PAR1", b"PARE")
INSTANT = pa.timestamp(INT96_UNIT, "UTC")


@dataclass(frozen=True)
class Described:
    """A typed file's columns, `names` and `types`, in order, and its `rows`; null where only reading tells.

    `footer` is what Parquet has beyond that; null for other formats.
    """

    names: list[str]
    types: list[pa.DataType]
    rows: int | None
    footer: pq.FileMetaData | None = None


def describe(file: InputFile) -> Described:
    """Columns and rows of a file.

    Raises `InputRefusedError`: it cannot be read, or describes itself beyond the limits.
    """
    try:
        described = _asked(file)
    except InputRefusedError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise file.refuse(reasons.cannot_be_read(error), PERMISSIONS) from error
        raise file.unreadable(error) from error
    limits.check_columns(file, len(described.names))
    for name, kind in zip(described.names, described.types, strict=True):
        limits.check_nesting(file, name, kind)
    return described


def weigh(file: InputFile, described: Described, columns: Container[str], claims: FileClaims) -> None:
    """Hold what these columns of a file claim to the limits of its input.

    Raises `InputRefusedError`.
    """
    try:
        if described.footer is not None:
            weight = page_headers.weigh(file, described.footer, columns)
            claims.add(file, rows=described.rows or 0, unpacked=weight.unpacked, text=weight.text)
        elif file.format == IPC:
            batch = ipc_headers.weigh(file)
            claims.add(file, rows=batch.rows, unpacked=batch.unpacked)
    except InputRefusedError:
        raise
    except Exception as error:
        # A footer may claim anything, row groups with fewer columns than there are among it.
        raise file.unreadable(error) from error


def _asked(file: InputFile) -> Described:
    """What a file says of itself, in whichever way it fails to."""
    if file.format == PARQUET:
        limits.check_metadata(file, _footer_bytes(file))
        with pq.ParquetFile(file.path, coerce_int96_timestamp_unit=INT96_UNIT) as parquet:
            schema, footer = parquet.schema_arrow, parquet.metadata
        limits.check_row_groups(file, footer.num_row_groups)
        if footer.num_rows != sum(footer.row_group(at).num_rows for at in range(footer.num_row_groups)):
            raise file.unreadable()
        instants = int96_instants(footer)
        types = [INSTANT if field.name in instants else field.type for field in schema]
        return Described(schema.names, types, footer.num_rows, footer)
    ipc_headers.check_footer(file)
    with pa.OSFile(str(file.path)) as source:
        schema = pa.ipc.open_file(source).schema
    return Described(schema.names, schema.types, None)


def _footer_bytes(file: InputFile) -> int:
    """The length of a Parquet file's footer, as its end has it; 0 where there is no such footer."""
    with file.path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - FOOTER_TAIL_BYTES))
        tail = stream.read(FOOTER_TAIL_BYTES)
    footer = int.from_bytes(tail[:FOOTER_LENGTH_BYTES], "little")
    return footer if tail[FOOTER_LENGTH_BYTES:] in MAGICS and footer < size else 0
