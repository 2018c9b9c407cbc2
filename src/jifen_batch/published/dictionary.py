"""`datapackage.json`: what each table of a run or a quarter holds, for machines (Frictionless Data Package).

Column by column: type, meaning, whether null can stand in it, and the version of the tables that brought it.
The same columns carry their meaning in the files themselves (`parquet_form.arrow_schema`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import __version__
from jifen_batch.published.read import KEY
from jifen_batch.storage import disk
from jifen_batch.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jifen_batch.tables import Column, Table

NAME = "datapackage.json"
# In a folder whose own files are tables: readers of data sets pass over names that begin so.
BESIDE_TABLES = f"_{NAME}"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {
    pl.String(): {"type": "string"},
    pl.Boolean(): {"type": "boolean"},
    pl.Int32(): {"type": "integer"},
    pl.Int64(): {"type": "integer"},
    pl.Date(): {"type": "date"},
    pl.Datetime("us"): {"type": "datetime", "format": "any"},
}


def write(
    folder: Path, name: str, title: str, tables: Iterable[Table], *, beside_tables: bool = False
) -> None:
    """Describe the tables that were written into a folder, as folders or, `beside_tables`, as files of it.

    `name` is the package's, of lower-case letters, digits and hyphens. Raises `DiskError`.
    """
    content = {
        "$schema": PROFILE,
        "name": name,
        "title": title,
        "version": __version__,
        KEY: SCHEMA_VERSION,
        "resources": [_resource(folder, table, beside_tables=beside_tables) for table in tables],
    }
    path = folder / (BESIDE_TABLES if beside_tables else NAME)
    disk.write_bytes(path, json.dumps(content, ensure_ascii=False).encode() + b"\n")


def _resource(folder: Path, table: Table, *, beside_tables: bool) -> dict[str, Any]:
    """A table: where its files lie, how they are written, and its columns.

    One that has no file, because its path carries a value and there is none, holds no row. The column that
    the path carries is in no file, and so none of its fields: `partitioned_by` describes it.
    """
    if beside_tables:
        files = [folder / f"{table.name}.parquet"]
    else:
        files = sorted((folder / table.name).rglob("*.parquet"))
    names = [path.relative_to(folder).as_posix() for path in files]
    lies: dict[str, Any] = {"path": names if len(names) > 1 else names[0]} if names else {"data": []}
    fields = {column.name: _field(column) for column in table}
    carried = {"partitioned_by": fields.pop(table.partition)} if table.partition else {}
    return {
        "name": table.name,
        "type": "table",
        **lies,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        **carried,
        "schema": {"fields": [*fields.values()]},
    }


def _field(column: Column) -> dict[str, Any]:
    """A column; `since` is the version of the tables that brought it."""
    return {
        "name": column.name,
        **TYPES[column.dtype],
        "description": column.meaning,
        "constraints": {"required": not column.nullable},
        "since": column.since,
    }
