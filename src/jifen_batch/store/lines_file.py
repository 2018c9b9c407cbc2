"""Changed lines as one Parquet file, where somebody wants it: old or new, never torn."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jifen_batch.errors import UsageRefusedError
from jifen_batch.store import announced, disk, publish, scratch
from jifen_batch.store.freeze import Sheets
from jifen_batch.tables.compared import ATTRIBUTED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

BEGUN = ".compare-"


class Sheet:
    """The file while it is written."""

    def __init__(self, sheets: Sheets) -> None:
        """`sheets` has the one table."""
        self._sheets = sheets

    def add(self, lines: pl.DataFrame) -> None:
        """Write the next lines (`ATTRIBUTED`). Raises `DiskError`."""
        self._sheets.add(lines, ATTRIBUTED)


def check(path: Path, out: Path) -> None:
    """Refuse a place where the lines must not be written, before anything is worked out.

    Raises `UsageRefusedError` for a name that is no Parquet file's, a folder that does not exist, or a
    place among what was published.
    """
    if path.suffix.lower() != ".parquet" or path.is_dir():
        raise UsageRefusedError(f"--lines {path}: is no name of a Parquet file; let it end in .parquet")
    if not path.parent.is_dir():
        raise UsageRefusedError(f"--lines {path}: there is no such folder; make it, or name another")
    kept = [(out / name).resolve() for name in (publish.RUNS, announced.ANNOUNCED)]
    if any(path.resolve().is_relative_to(folder) for folder in kept):
        raise UsageRefusedError(f"--lines {path}: what is published never changes; name another folder")


@contextmanager
def written(path: Path) -> Iterator[Sheet]:
    """Inside, lines are written; at the end they stand at `path`, over what stood there. Raises `DiskError`.

    Nothing stands there where it ends by an error.
    """
    with scratch.folder(path.absolute().parent, BEGUN) as folder:
        sheets = Sheets(folder, [ATTRIBUTED])
        try:
            yield Sheet(sheets)
        finally:
            sheets.close()
        fresh = folder / f"{ATTRIBUTED.name}.parquet"
        disk.sync(fresh)
        disk.rename(fresh, path)
