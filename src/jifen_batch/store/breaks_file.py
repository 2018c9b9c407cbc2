"""All breaks of a reconciliation as one Parquet file, where somebody wants it: old or new, never torn."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jifen_batch.errors import LawBrokenError, UsageRefusedError
from jifen_batch.store import announced, disk, publish
from jifen_batch.tables import SCHEMA_VERSION
from jifen_batch.tables.statement import JUDGED_BREAKS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl


def check(path: Path, out: Path, inputs: Sequence[str | None]) -> None:
    """Refuse a place where breaks must not be written, before anything is worked out.

    Raises `UsageRefusedError` for a name that is no Parquet file's, a folder that does not exist, one
    of the inputs, or a place among what was published.
    """
    if path.suffix.lower() != ".parquet" or path.is_dir():
        raise UsageRefusedError(f"--breaks {path}: is no name of a Parquet file; let it end in .parquet")
    if not path.parent.is_dir():
        raise UsageRefusedError(f"--breaks {path}: there is no such folder; make it, or name another")
    real = path.resolve()
    if any(given is not None and os.path.realpath(given) == str(real) for given in inputs):
        raise UsageRefusedError(f"--breaks {path}: is one of the inputs; name another file")
    kept = [(out / name).resolve() for name in (publish.RUNS, announced.ANNOUNCED)]
    if any(real.is_relative_to(folder) for folder in kept):
        raise UsageRefusedError(f"--breaks {path}: what is published never changes; name another folder")


def write(breaks: pl.DataFrame, path: Path) -> None:
    """Write breaks (`JUDGED_BREAKS`) over what stands there. Raises `DiskError`."""
    if breaks.schema != JUDGED_BREAKS.schema:
        raise LawBrokenError("breaks: the columns are not as declared; this is a fault of the program")
    fresh = path.with_name(f".{path.name}.new-{os.getpid()}")
    disk.write_with(
        fresh,
        lambda: breaks.write_parquet(fresh, compression="zstd", metadata={"schema_version": SCHEMA_VERSION}),
    )
    disk.sync(fresh)
    disk.rename(fresh, path)
