"""The specification of scoring row by row in Python: the slow scorer of the tests, from Parquet to Parquet.

It is written to be right, not fast, and ranks and adds up by looking at every pair: for small counties only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import oracle
from ask import asked
from jifen_batch import tables

if TYPE_CHECKING:
    from ask import Asked


def score(asked: Asked) -> None:
    """Read rows, score them, and write the tables, a partition a file."""
    events = pl.read_parquet(asked.events, hive_partitioning=False).to_dicts()
    told = [row | {"source_file": "-", "source_row": number} for number, row in enumerate(events)]
    scored = oracle.score_inputs(
        told,
        pl.read_parquet(asked.households).to_dicts(),
        sorted(asked.rules.glob("*.toml")),
        as_of=asked.as_of,
        grace_days=asked.grace_days,
        villages=pl.read_parquet(asked.villages).to_dicts() if asked.villages else None,
    )
    for table in tables.OUTPUTS:
        rows = [{"detail": ""} | row for row in scored.tables[table.name]]
        frame = pl.DataFrame(rows, schema=table.schema, infer_schema_length=None)
        parts = frame.partition_by(table.partition, as_dict=True) if table.partition else {("",): frame}
        for (value,), part in parts.items():
            folder = asked.out / table.name / (f"{table.partition}={value}" if table.partition else "")
            folder.mkdir(parents=True, exist_ok=True)
            part.select(table.file_names).write_parquet(folder / "part-0.parquet")


if __name__ == "__main__":
    score(asked())
