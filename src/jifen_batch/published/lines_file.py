"""Changed lines as one Parquet file, where somebody wants it: old or new, never torn."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jifen_batch.published.parquet_writer import Sheets
from jifen_batch.storage import scratch
from jifen_batch.tables.compared import ATTRIBUTED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

BEGUN = ".compare-"


class LinesFile:
    """The file while it is written."""

    def __init__(self, sheets: Sheets) -> None:
        """`sheets` has the one table."""
        self._sheets = sheets

    def add(self, lines: pl.DataFrame) -> None:
        """Write the next lines (`ATTRIBUTED`). Raises `DiskError`."""
        self._sheets.add(lines, ATTRIBUTED)


@contextmanager
def written(path: Path) -> Iterator[LinesFile]:
    """Inside, lines are written; at the end they stand at `path`, over what stood there. Raises `DiskError`.

    Nothing stands there where it ends by an error.
    """
    with (
        scratch.replacing(path, BEGUN, f"{ATTRIBUTED.name}.parquet") as fresh,
        Sheets(fresh.parent, [ATTRIBUTED]) as sheets,
    ):
        yield LinesFile(sheets)
