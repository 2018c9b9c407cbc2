"""The specification of scoring as DuckDB SQL, from the events' Parquet to the published tables' (`sql/`).

All cores and four fifths of the memory are DuckDB's own defaults, and were left; insertion order is not
kept, for every table is sorted as it is written. Everything that is sorted, joined or windowed over all
rows is an integer: places, rules and the posting order are numbered first, texts are fetched last.
"""

# What was tried beside it, and is kept in `duckdb_variants.py` to be tried again, by `make bench-duckdb`:
# insertion order kept, more threads than cores, ENUM for items and states, ids grouped by themselves and not
# by their hash, one packed key for the year cap's window, a ledger that is not sorted (which does less).
# Sorting narrow rows first and joining the texts in that order was tried too: the order is lost in the joins.

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from ask import asked

if TYPE_CHECKING:
    from ask import Asked

SQL = Path(__file__).with_name("sql")
PARTITIONED = {
    "ledger": ("scoring_year", "year FROM posted"),
    "announcements": ("quarter", "quarter_name(quarter) FROM total"),
}
WHOLE = ("balances", "standings", "participation", "unposted", "rejects")
PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 262_144"


def connect(asked: Asked) -> duckdb.DuckDBPyConnection:
    """A database in memory that knows where the inputs lie."""
    db = duckdb.connect(
        config={"preserve_insertion_order": False, "temp_directory": str(asked.out / "spilled")}
    )
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


def statements() -> list[str]:
    """What `sql/` has, in its order."""
    return [file.read_text("utf-8") for file in sorted(SQL.glob("*.sql"))]


def score(asked: Asked, texts: list[str] | None = None) -> None:
    """Run the statements in their order, those of `sql/` if no others are given; copy each table out."""
    db = connect(asked)
    for text in texts or statements():
        db.execute(text)
    for table, (column, source) in PARTITIONED.items():
        for (value,) in db.execute(f"SELECT DISTINCT {source} ORDER BY 1").fetchall():
            rows = f"SELECT * EXCLUDE ({column}) FROM {table} WHERE {column} = '{value}'"  # noqa: S608 - names of this file
            copy(db, rows, asked.out / table / f"{column}={value}")
    for table in WHOLE:
        copy(db, f"FROM {table}", asked.out / table)


def copy(db: duckdb.DuckDBPyConnection, rows: str, folder: Path) -> None:
    """The rows of a query, in its order, as one Parquet file."""
    folder.mkdir(parents=True)
    db.execute(f"COPY ({rows}) TO '{folder}/part-0.parquet' ({PARQUET})")


if __name__ == "__main__":
    score(asked())
