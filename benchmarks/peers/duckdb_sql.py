"""The contract of scoring as DuckDB SQL, from the events' Parquet to the published tables' (`sql/`)."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from ask import asked

if TYPE_CHECKING:
    from ask import Asked

SQL = Path(__file__).with_name("sql")
PARTITIONED = {"ledger": ("scoring_year", "posted", "year"), "announcements": ("quarter", "total", "quarter")}
WHOLE = ("balances", "standings", "participation", "unposted", "rejects")
PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 262_144"


def connect(asked: Asked) -> duckdb.DuckDBPyConnection:
    """A database in memory that knows where the inputs lie."""
    db = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
    named = {
        "events": f"{asked.events}/**/*.parquet",
        "households": str(asked.households),
        "rules": str(asked.rules),
        "as_of": asked.as_of,
        "grace_days": asked.grace_days,
    }
    for name, value in named.items():
        db.execute(f"SET VARIABLE {name} = ?", [value])
    if asked.villages:
        db.execute("CREATE TABLE villages AS FROM read_parquet(?)", [str(asked.villages)])
    else:
        db.execute("CREATE TABLE villages (town_id VARCHAR, village_id VARCHAR, households_total INTEGER)")
    return db


def score(asked: Asked) -> None:
    """Run the statements in their order, then copy each table out."""
    db = connect(asked)
    for file in sorted(SQL.glob("*.sql")):
        for statement in duckdb.extract_statements(file.read_text("utf-8")):
            began = time.perf_counter()
            db.execute(statement)
            print(f"{time.perf_counter() - began:7.3f}", statement.query.strip().split("AS\n")[0][-60:].replace("\n"," "), file=sys.stderr)
    for table, (column, source, key) in PARTITIONED.items():
        for (value,) in db.execute(f"SELECT DISTINCT {key} FROM {source} ORDER BY 1").fetchall():
            began = time.perf_counter()
            name = f"{value // 4}Q{value % 4 + 1}" if column == "quarter" else str(value)
            folder = asked.out / table / f"{column}={name}"
            folder.mkdir(parents=True)
            lit = f"'{name}'" if column == "quarter" else name
            db.execute(f"COPY (SELECT * EXCLUDE ({column}) FROM {table} WHERE {column} = {lit}) TO '{folder}/part-0.parquet' ({PARQUET})")
            print(f"{time.perf_counter() - began:7.3f}", table, name, file=sys.stderr)
    for table in WHOLE:
        began = time.perf_counter()
        (asked.out / table).mkdir(parents=True)
        db.execute(f"COPY {table} TO '{asked.out}/{table}/part-0.parquet' ({PARQUET})")
        print(f"{time.perf_counter() - began:7.3f}", table, file=sys.stderr)


if __name__ == "__main__":
    score(asked())
