"""The files of a feed: events by town and month of arrival, the register, the villages."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl
import pyarrow.parquet as pq

from jifen_batch.errors import UsageRefusedError
from jifen_batch.storage import disk
from jifen_batch.tables import EVENTS

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    import pyarrow as pa

# Given outright: left to the library, row groups would follow the threads, and the bytes with them.
ROW_GROUP_ROWS = 1 << 17
COMPRESSION_LEVEL = 3
EVENTS_FOLDER, HOUSEHOLDS_FILE, VILLAGES_FILE = "events", "households.parquet", "villages.parquet"


def claim(out: Path) -> None:
    """Make the folder; one that already holds inputs is refused, for old files would mix with new ones.

    Raises `UsageRefusedError`.
    """
    for name in (EVENTS_FOLDER, HOUSEHOLDS_FILE, VILLAGES_FILE):
        if (out / name).exists():
            raise UsageRefusedError(
                f"{out}: it already holds {name}; give --out another folder, or remove that first",
                f"{out}：已有 {name}；请给 --out 另一个文件夹，或先移走它",
            )
    disk.make_folder(out / EVENTS_FOLDER)


def write_events(rows: pl.DataFrame, out: Path, town_id: str) -> list[Path]:
    """One file per month of arrival, as events/town=310113102/month=2023-01/part-0.parquet.

    `rows` are sorted by `arrived`, and hold whole months.
    """
    month = rows["arrived"].dt.truncate("1mo")
    starts = [*(month != month.shift(1)).fill_null(value=True).arg_true(), rows.height]
    written = []
    for start, end in pairwise(starts):
        name = f"month={month[start]:%Y-%m}"
        file = out / EVENTS_FOLDER / f"town={town_id}" / name / "part-0.parquet"
        disk.make_folder(file.parent)
        month_rows = rows[start:end].select(EVENTS.names)
        disk.write_with(file, partial(_write, month_rows, file))
        written.append(file)
    return written


def _write(rows: pl.DataFrame, file: Path) -> None:
    """Write one file."""
    rows.write_parquet(
        file, compression="zstd", compression_level=COMPRESSION_LEVEL, row_group_size=ROW_GROUP_ROWS
    )


class Growing:
    """A Parquet file that is written a town at a time, so that no county need fit into memory."""

    def __init__(self, file: Path) -> None:
        """Nothing is written before the first rows come."""
        self.file = file
        self._writer: pq.ParquetWriter | None = None

    def append(self, rows: pl.DataFrame) -> None:
        """Add rows; those of every call have the same columns."""
        table = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
        disk.write_with(self.file, lambda: self._begun(table.schema).write_table(table, ROW_GROUP_ROWS))

    def _begun(self, schema: pa.Schema) -> pq.ParquetWriter:
        """The file, begun when its columns are known."""
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self.file, schema, compression="zstd", compression_level=COMPRESSION_LEVEL
            )
        return self._writer

    def __enter__(self) -> Self:
        """The file itself."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Write what closes the file."""
        if self._writer is not None:
            disk.write_with(self.file, self._writer.close)
