"""A Parquet file that somebody wants beside an answer: where it must not stand, and how it is written.

Old or new, never torn.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jifen_batch.errors import InvariantBrokenError, UsageRefusedError
from jifen_batch.published import announced, parquet_form, publish
from jifen_batch.published.parquet_writer import Sheets
from jifen_batch.storage import disk, scratch
from jifen_batch.tables import SCHEMA_VERSION
from jifen_batch.tables.compared import ATTRIBUTED
from jifen_batch.tables.statement import JUDGED_BREAKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

COMPARING, RECONCILING = ".compare-", ".reconcile-"


def check(
    option: str, path: Path, out: Path, inputs: Iterable[str | None] = (), ending: str = ".parquet"
) -> None:
    """Refuse a place for the file that `option` asks for, before anything is worked out.

    Raises `UsageRefusedError` for a name without that `ending`, a folder that does not exist, one of
    the `inputs` or a place in one (the next night would read it), or a place among what was published.
    """
    if path.suffix.lower() != ending or path.is_dir():
        raise UsageRefusedError(
            f"{option} {path}: is no name of such a file; let it end in {ending}",
            f"{option} {path}：不是这种文件的名称；请以 {ending} 结尾",
        )
    if not path.absolute().parent.is_dir():
        raise UsageRefusedError(
            f"{option} {path}: {path.parent} is no folder; make it, or name another",
            f"{option} {path}：{path.parent} 不是文件夹；请先建立，或另选一个",
        )
    real = path.resolve()
    if any(real.is_relative_to(Path(given).resolve()) for given in inputs if given is not None):
        raise UsageRefusedError(
            f"{option} {path}: is one of the inputs; name another file",
            f"{option} {path}：是输入之一；请另选文件",
        )
    kept = [(out / name).resolve() for name in (publish.RUNS, announced.ANNOUNCED)]
    if any(real.is_relative_to(folder) for folder in kept):
        raise UsageRefusedError(
            f"{option} {path}: what is published never changes; name another folder",
            f"{option} {path}：已发布的内容不再改动；请另选文件夹",
        )


def write_breaks(breaks: pl.DataFrame, path: Path) -> None:
    """Write all breaks of a reconciliation (`JUDGED_BREAKS`) over what stands there. Raises `DiskError`."""
    if breaks.schema != JUDGED_BREAKS.schema:
        raise InvariantBrokenError(*parquet_form.not_as_declared("breaks"))
    with scratch.replacing(path, RECONCILING) as fresh:
        disk.write_with(
            fresh,
            lambda: breaks.write_parquet(
                fresh, compression="zstd", metadata={"schema_version": SCHEMA_VERSION}
            ),
        )


class LinesFile:
    """The file of changed lines while it is written."""

    def __init__(self, sheets: Sheets) -> None:
        """`sheets` has the one table."""
        self._sheets = sheets

    def add(self, lines: pl.DataFrame) -> None:
        """Write the next lines (`ATTRIBUTED`). Raises `DiskError`."""
        self._sheets.add(lines, ATTRIBUTED)


@contextmanager
def changed_lines(path: Path) -> Iterator[LinesFile]:
    """Inside, lines are written; at the end they stand at `path`, over what stood there. Raises `DiskError`.

    Nothing stands there where it ends by an error.
    """
    with (
        scratch.replacing(path, COMPARING, f"{ATTRIBUTED.name}.parquet") as fresh,
        Sheets(fresh.parent, [ATTRIBUTED]) as sheets,
    ):
        yield LinesFile(sheets)
