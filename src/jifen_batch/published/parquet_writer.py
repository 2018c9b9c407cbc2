"""Tables written part after part, each into one Parquet file that any reader takes in."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_batch.errors import InvariantBrokenError
from jifen_batch.published.parquet_form import ROW_GROUP_ROWS, arrow_schema, not_as_declared
from jifen_batch.storage import disk
from jifen_batch.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from jifen_batch.tables import Table


class Sheets:
    """Some tables while they are written, part after part, each a file of its own; whole at the end.

    The same rows in the same parts give the same bytes.
    """

    def __init__(self, folder: Path, tables: Iterable[Table]) -> None:
        """Every table gets its file, also one that no row will come to. Raises `DiskError`."""
        self.folder, self.rows = folder, {}
        self._writers: dict[str, pq.ParquetWriter] = {}
        try:
            for table in tables:
                self.rows[_file(table)] = 0
                self._open(table)
        except BaseException:
            self._abandon()
            raise

    def __enter__(self) -> Self:
        """The tables."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Finish all files; after an error they are let go. Raises `DiskError`."""
        try:
            if kind is None:
                for name, writer in self._writers.items():
                    disk.write_with(self.folder / name, writer.close)
        finally:
            self._abandon()

    def _abandon(self) -> None:
        """Let go of files that will not be finished; what they still would write fails as the rest did."""
        for writer in self._writers.values():
            with suppress(OSError, pa.ArrowException):
                writer.close()
            # Else it would try once more when it is collected, and say so on stderr.
            writer.is_open = False

    def add(self, frame: pl.DataFrame, table: Table) -> None:
        """Write the next rows of a table, sorted already. Raises `DiskError`.

        Raises `InvariantBrokenError` for a frame that is not what the table says.
        """
        empty = [name for name in table.required if frame[name].null_count()]
        if frame.schema != table.schema or empty:
            raise InvariantBrokenError(*not_as_declared(table.name))
        name = _file(table)
        rows = frame.select(table.file_names).to_arrow(compat_level=pl.CompatLevel.oldest())
        rows, writer = rows.cast(_arrow_schema(table)), self._writers[name]
        if frame.height:
            disk.write_with(self.folder / name, lambda: writer.write_table(rows, ROW_GROUP_ROWS))
        self.rows[name] += frame.height

    def _open(self, table: Table) -> None:
        path = self.folder / _file(table)

        def begin() -> None:
            self._writers[path.name] = pq.ParquetWriter(path, _arrow_schema(table), compression="zstd")

        disk.write_with(path, begin)


def _file(table: Table) -> str:
    """Name of a table's file."""
    return f"{table.name}.parquet"


def _arrow_schema(table: Table) -> pa.Schema:
    """The table's columns as they stand in the file, and the version of the tables."""
    return arrow_schema(table).with_metadata({"schema_version": SCHEMA_VERSION})
