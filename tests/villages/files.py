"""A village's inputs on disk, in any of the types that the specification lets a column have."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from random import Random
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from jifen_batch.tables import EVENTS, HOUSEHOLDS, SUCCESSIONS, VILLAGES
from jifen_batch.tables.column import INT, TEXT
from villages import sheets
from villages.chance import likely

if TYPE_CHECKING:
    from pathlib import Path

    from villages.village import Village

TEXTS = (pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.string_view())
DAYS = (pa.date32(), pa.timestamp("us"), pa.timestamp("ms"))
INTEGERS = (pa.int8(), pa.int16(), pa.uint16(), pa.int32(), pa.int64())


@dataclass(frozen=True)
class Paths:
    """Where the inputs stand; `villages` and `successions` are none where the village has none."""

    events: Path
    households: Path
    villages: Path | None
    successions: Path | None
    rules: Path


def _integer(rng: Random, values: list[int | None]) -> pa.DataType:
    """Any width that holds all values."""
    given = [value for value in values if value is not None]
    fitting = []
    for kind in INTEGERS:
        low = 0 if pa.types.is_unsigned_integer(kind) else -(2 ** (kind.bit_width - 1))
        high = low + 2**kind.bit_width - 1
        if all(low <= value <= high for value in given):
            fitting.append(kind)
    return rng.choice(fitting)


def _column(rng: Random, name: str, values: list[Any]) -> pa.Array:
    """One column; a time is local without a zone, or the same instant in UTC."""
    dtypes = {
        column.name: column.dtype for table in (EVENTS, HOUSEHOLDS, VILLAGES, SUCCESSIONS) for column in table
    }
    if name == "recorded_at":
        local = pa.array(values, pa.timestamp("us"))
        zoned = pa.compute.assume_timezone(local, "Asia/Shanghai").cast(pa.timestamp("us", "UTC"))
        return zoned if likely(rng, 0.2) else local
    dtype = dtypes.get(name, TEXT)
    if dtype == TEXT:
        return pa.array(values, pa.string()).cast(rng.choice(TEXTS))
    if dtype == INT:
        return pa.array(values, _integer(rng, values))
    return pa.array(values, pa.date32()).cast(rng.choice(DAYS))


def _table(rng: Random, rows: list[dict[str, Any]], names: list[str]) -> pa.Table:
    """Columns in any order, and sometimes one that nobody asked for."""
    columns = {name: _column(rng, name, [row.get(name) for row in rows]) for name in names}
    if likely(rng, 0.3):
        columns["备注"] = pa.array([0.5] * len(rows), pa.float64())
    order = rng.sample(list(columns), len(columns))
    return pa.table({name: columns[name] for name in order})


def _write(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(table, path)
        return
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


def _write_events(rng: Random, village: Village, folder: Path) -> None:
    """All files of one schema; rows of a file follow each other, as `source_row` counts them."""
    table, start = _table(rng, village.events, village.columns), 0
    for name, rows in groupby(village.events, key=itemgetter("source_file")):
        of_file = list(rows)
        length = len(of_file)
        if name.endswith(".csv"):
            sheets.write(folder / name, village.columns, of_file)
        else:
            _write(table.slice(start, length), folder / name)
        start += length
    for name in village.empty_files:
        _write(table.slice(0, 0), folder / name)


def write(village: Village, folder: Path) -> Paths:
    """Events, register, villages, successions and rule books of a village, under `folder`."""
    rng = Random(village.seed)  # noqa: S311 - a test's draws, nobody's secret
    _write_events(rng, village, folder / "events")
    register, listed, successions = (
        _write_rows(rng, rows, folder / f"{name}.parquet")
        for name, rows in (
            ("households", village.households),
            ("villages", village.villages),
            ("successions", village.successions),
        )
    )
    assert register
    (folder / "rules").mkdir(parents=True)
    for name, text in village.rule_texts.items():
        (folder / "rules" / name).write_text(text, encoding="utf-8")
    return Paths(folder / "events", register, listed, successions, folder / "rules")


def _write_rows(rng: Random, rows: list[dict[str, Any]] | None, path: Path) -> Path | None:
    """A small table on disk, if there is one."""
    if not rows:
        return None
    names = dict.fromkeys(name for row in rows for name in row)
    _write(_table(rng, rows, list(names)), path)
    return path
