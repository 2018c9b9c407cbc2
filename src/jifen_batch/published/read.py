"""Published tables read back, whatever version of the program wrote them (specification 4, Types).

The one reader of every command: a column that a file is too old to have reads as null, in its place; a
file of a newer version than this program knows is refused, by a sentence that says which program reads it.
"""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from jifen_batch import __version__
from jifen_batch.errors import InputRefusedError
from jifen_batch.published import manifest
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    import polars as pl

    from jifen_batch.tables import Table

Rows = TypeVar("Rows", "pl.DataFrame", "pl.LazyFrame")
KEY = "schema_version"
VERSION = re.compile(r"[1-9][0-9]{0,8}")
# A file of a partitioned table lies two folders below the manifest that names it.
DEEPEST = 3


def scan(files: Sequence[Path], table: Table, value: str | None = None) -> pl.LazyFrame:
    """Rows of some files of a table, all of one run or quarter, in their order, with all its columns of now.

    `value` is that of the column which the path carries, for all of the rows; null: as each path says it.
    Raises `InputRefusedError` for files of a newer version.
    """
    import polars as pl  # noqa: PLC0415 - a tenth of a second, which who freezes should not wait for

    if not files:
        return pl.LazyFrame(schema=table.schema)
    held = table.of_version(version_of(files[0]))
    named = table.partition
    if named is None or value is not None:
        rows = pl.scan_parquet(list(files), hive_partitioning=False, glob=False)
        if named is not None:
            rows = rows.with_columns(pl.lit(value).cast(table.schema[named]).alias(named))
        return completed(rows.select(held.names), held, table)
    # Polars takes every folder of a path that is called so for a partition, the operator's own, too.
    if any("=" in part for part in files[0].parents[1].parts):
        values = groupby(files, lambda file: file.parent.name.partition("=")[2])
        return pl.concat([scan(list(some), table, value) for value, some in values])
    schema = {named: table.schema[named]}
    rows = pl.scan_parquet(list(files), hive_partitioning=True, hive_schema=schema, glob=False)
    return completed(rows.select(held.names), held, table)


def completed(rows: Rows, held: Table, table: Table) -> Rows:
    """Rows of a table as an older version `held` it, with all columns of now, in their order."""
    import polars as pl  # noqa: PLC0415 - likewise

    known = {column.name for column in held}
    absent = [column for column in table if column.name not in known]
    nulls = [pl.lit(None, column.dtype).alias(column.name) for column in absent]
    return rows.with_columns(nulls).select(table.names)


def newest() -> int:
    """The version of this program's tables."""
    from jifen_batch.tables import SCHEMA_VERSION  # noqa: PLC0415 - likewise

    return int(SCHEMA_VERSION)


def version_of(file: Path) -> int:
    """The version of the tables that a published file is of, by its footer.

    One that names none is taken for one of now: whether it is as it was written, digests tell, and `verify`.
    Raises `InputRefusedError` for a newer one than this program's.
    """
    import polars as pl  # noqa: PLC0415 - likewise

    version = number(pl.read_parquet_metadata(file).get(KEY))
    if version is None:
        return newest()
    if version > newest():
        raise _too_new(file, version, _manifest_above(file))
    return version


def number(named: object) -> int | None:
    """A version as files and manifests write it, as a number; null where it is none."""
    return int(named) if isinstance(named, str) and VERSION.fullmatch(named) else None


def refuse_newer(content: Mapping[str, Any], folder: Path) -> None:
    """Raise `InputRefusedError` for a folder whose manifest is of a newer version than this program knows."""
    version = number(content.get(KEY))
    if version is not None and version > newest():
        raise _too_new(folder, version, content)


def _too_new(path: Path, version: int, content: Mapping[str, Any]) -> InputRefusedError:
    """The sentence about tables that only a newer program reads; `content` is the manifest that names it."""
    versions = content.get("versions")
    named = versions.get("jifen-batch") if isinstance(versions, dict) else None
    wanted = Sentence("the program that wrote it", "写出它的那个版本")
    if named:
        wanted = Sentence(f"jifen-batch {named}", f" jifen-batch {named} ")
    return InputRefusedError(
        f"{path}: its tables are of version {version}, and this program, jifen-batch {__version__}, knows "
        f"them up to version {newest()}; use {wanted.en} or a newer one",
        f"{path}：其中各表是第 {version} 版，本程序 jifen-batch {__version__} 只认到第 {newest()} 版；"
        f"请使用{wanted.zh}或更新的版本",
    )


def _manifest_above(file: Path) -> Mapping[str, Any]:
    """The manifest of the run or quarter that a file lies in, as far as it can be read."""
    for folder in file.parents[:DEEPEST]:
        try:
            content = json.loads(manifest.path(folder).read_bytes())
        except (OSError, ValueError):
            continue
        return content if isinstance(content, dict) else {}
    return {}
