"""All breaks of a reconciliation as one Parquet file, where somebody wants it: old or new, never torn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.errors import InvariantBrokenError
from jifen_batch.storage import disk, scratch
from jifen_batch.tables import SCHEMA_VERSION
from jifen_batch.tables.statement import JUDGED_BREAKS

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

BEGUN = ".reconcile-"


def write(breaks: pl.DataFrame, path: Path) -> None:
    """Write breaks (`JUDGED_BREAKS`) over what stands there. Raises `DiskError`."""
    if breaks.schema != JUDGED_BREAKS.schema:
        raise InvariantBrokenError("breaks: the columns are not as declared; this is a fault of the program")
    with scratch.replacing(path, BEGUN) as fresh:
        disk.write_with(
            fresh,
            lambda: breaks.write_parquet(
                fresh, compression="zstd", metadata={"schema_version": SCHEMA_VERSION}
            ),
        )
