"""What was tried on the DuckDB peer: `python duckdb_variants.py INPUTS [ROUNDS]`, inputs of `synth`.

A variant is a setting, or an edit of the statements in `peers/sql`. All take turns in one process; medians of
wall and processor seconds are printed, and every variant's tables must say the same.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

import duckdb_sql
from ask import Asked
from digest import digest
from entrants import AS_OF, GRACE_DAYS, County

ROUNDS = 5
EVENTS = "read_parquet(getvariable('events'), hive_partitioning = false)"


@dataclass(frozen=True)
class Variant:
    """Settings before all statements, and pieces of the statements with what stands for them instead."""

    settings: tuple[str, ...] = ()
    edits: dict[str, str] = field(default_factory=dict)

    def statements(self) -> list[str]:
        """All of it in order; a piece that is not there any more is an error."""
        texts = duckdb_sql.statements()
        for old, new in self.edits.items():
            assert any(old in text for text in texts), old
            texts = [text.replace(old, new) for text in texts]
        return [*self.settings, *texts]


def enum(column: str) -> str:
    """A type of the words that a column has."""
    words = f"SELECT DISTINCT {column} FROM {EVENTS} WHERE {column} IS NOT NULL ORDER BY 1"  # noqa: S608
    return f"CREATE TYPE {column}_word AS ENUM ({words})"


VARIANTS = {
    "as it stands": Variant(),
    "insertion order kept": Variant(("SET preserve_insertion_order = true",)),
    "four threads": Variant(("SET threads = 4",)),
    "item and status as ENUM": Variant(
        (enum("item"), enum("status")),
        {
            "household_id, item, occurred_on, status, decided_on, recorded_at, until, matter_id": (
                "household_id, item::item_word AS item, occurred_on, status::status_word AS status, "
                "decided_on, recorded_at, until, matter_id"
            ),
            "item, feed.occurred_on, status": (
                "item::VARCHAR AS item, feed.occurred_on, status::VARCHAR AS status"
            ),
        },
    ),
    "ids grouped, not hashes": Variant(
        edits={"hash(event_id) IN (\n  SELECT hash(event_id) FROM": "event_id IN (\n  SELECT event_id FROM"}
    ),
    "one packed key under the year cap": Variant(
        edits={
            "PARTITION BY household, year, cap_number ORDER BY posting ROWS UNBOUNDED PRECEDING\n    )": (
                "PARTITION BY (household::BIGINT * 128 + year - 2000) * 4096 + cap_number ORDER BY posting "
                "ROWS UNBOUNDED PRECEDING\n    )"
            )
        }
    ),
    "ledger not sorted": Variant(edits={"ORDER BY posted.household_place, posting;": ";"}),
}


def spent() -> float:
    """Processor seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def run(variant: Variant, asked: Asked) -> tuple[float, float]:
    """Wall and processor seconds."""
    wall, processor = time.perf_counter(), spent()
    duckdb_sql.score(asked, variant.statements())
    return time.perf_counter() - wall, spent() - processor


def main(inputs: Path, rounds: int) -> None:
    """Take turns, and tell."""
    County(inputs).prepare()
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in VARIANTS}
    told = set()
    for _ in range(rounds):
        for name, variant in VARIANTS.items():
            with tempfile.TemporaryDirectory(prefix="jifen-bench-") as out:
                places = [
                    inputs / one for one in ("events", "households.parquet", "villages.parquet", "rules")
                ]
                asked = Asked(*places, date.fromisoformat(AS_OF), GRACE_DAYS, Path(out))
                times[name].append(run(variant, asked))
                told.add(str(digest(Path(out))))
    assert len(told) == 1, "a variant says something else"
    for name, both in times.items():
        wall, processor = (median(one[place] for one in both) for place in (0, 1))
        print(f"{name:36} {wall:7.2f} s, {processor:7.2f} s of processors")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS)
