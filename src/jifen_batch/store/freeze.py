"""A quarter frozen: written whole beside the announced ones, and named last (contract 4, `announced/`).

The same protocol as publishing a run: a fresh temporary folder, synced, read back, its manifest last,
renamed in one step. A quarter that hangs is never written over. The output folder must be held.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen_batch.errors import InputRefusedError, LawBrokenError
from jifen_batch.store import announced, disk, manifest, publish
from jifen_batch.store.outputs import ROW_GROUP_ROWS
from jifen_batch.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jifen_batch.tables import Table

RULES = "rules"


class Sheets:
    """The tables of a quarter while they are written, part after part, each a file of its own.

    The same rows in the same parts give the same bytes.
    """

    def __init__(self, folder: Path, tables: Iterable[Table]) -> None:
        """Every table gets its file, also one that no row will come to."""
        self.folder, self.rows = folder, {}
        self._writers: dict[str, pq.ParquetWriter] = {}
        for table in tables:
            self.rows[_file(table)] = 0
            self._open(table)

    def add(self, frame: pl.DataFrame, table: Table) -> None:
        """Write the next rows of a table, sorted already. Raises `DiskError`.

        Raises `LawBrokenError` for a frame that is not what the table says.
        """
        empty = [name for name in table.required if frame[name].null_count()]
        if frame.schema != table.schema or empty:
            raise LawBrokenError(
                f"{table.name}: the columns are not as declared; this is a fault of the program"
            )
        name = _file(table)
        rows = frame.select(table.file_names).to_arrow(compat_level=pl.CompatLevel.oldest())
        rows, writer = rows.cast(_arrow_schema(table)), self._writers[name]
        if frame.height:
            disk.write_with(self.folder / name, lambda: writer.write_table(rows, ROW_GROUP_ROWS))
        self.rows[name] += frame.height

    def close(self) -> None:
        """Finish all files."""
        for name, writer in self._writers.items():
            disk.write_with(self.folder / name, writer.close)

    def _open(self, table: Table) -> None:
        path = self.folder / _file(table)

        def begin() -> None:
            self._writers[path.name] = pq.ParquetWriter(path, _arrow_schema(table), compression="zstd")

        disk.write_with(path, begin)


def _file(table: Table) -> str:
    """Name of a table's file."""
    return f"{table.name}.parquet"


def _arrow_schema(table: Table) -> pa.Schema:
    """The table's columns as they stand in the file; texts are plain strings for every reader."""
    empty = table.schema.to_frame().select(table.file_names)
    fields = empty.to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    plain = [
        field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field for field in fields
    ]
    return pa.schema(plain, {"schema_version": SCHEMA_VERSION})


def refuse_unsafe(out: Path) -> None:
    """Refuse a folder of announced quarters that is a link, or that others may write to."""
    folder = out / announced.ANNOUNCED
    if folder.is_symlink():
        raise InputRefusedError(f"{folder}: is a link; let the output folder itself hold what is announced")
    if folder.is_dir() and folder.stat().st_mode & stat.S_IWOTH:
        raise InputRefusedError(f"{folder}: others may write to it; take that right away (chmod o-w)")


def begin(out: Path, quarter: str) -> Path:
    """A fresh folder to write a quarter into; what dead commands left behind is removed."""
    refuse_unsafe(out)
    for left in (out / announced.ANNOUNCED).glob(f"{publish.TEMPORARY}*"):
        disk.remove_tree(left)
    folder = out / announced.ANNOUNCED / f"{publish.TEMPORARY}{quarter}"
    disk.make_folder(folder)
    return folder


def copy_rules(run: Path, folder: Path) -> None:
    """Put the rule files of a run beside what they came to."""
    disk.make_folder(folder / RULES)
    for path in sorted((run / RULES).rglob("*")):
        if path.is_file():
            copy = folder / path.relative_to(run)
            disk.make_folder(copy.parent)
            disk.write_bytes(copy, path.read_bytes())


def commit(out: Path, folder: Path, quarter: str, rows: dict[str, int], content: dict[str, Any]) -> Path:
    """Announce a written quarter with this manifest, to which its files are added; its folder.

    Raises `LawBrokenError` where a file does not hold the `rows` that were written to it, or the quarter
    hangs already.
    """
    final = announced.folder(out, quarter)
    if final.exists():
        raise InputRefusedError(f"{final}: is there already, but is no announced quarter; move it away")
    disk.sync_tree(folder)
    with disk.failures("read back", folder):
        files = manifest.of_outputs(folder)
    held = {file["name"]: file["rows"] for file in files if file["rows"] is not None}
    if held != rows:
        raise LawBrokenError(f"{folder}: not all rows were written; nothing was announced: report this")
    disk.write_bytes(folder / manifest.NAME, manifest.as_bytes({**content, "files": files}))
    disk.sync(folder)
    disk.rename(folder, final)
    return final
