"""Look for a village on which the kernels and the oracle disagree; ends 1 with its seed, 0 without one.

Run on a copy of the package that was broken on purpose: `python hunt.py FIRST_SEED SEEDS`.
"""

from __future__ import annotations

import sys

import polars as pl

import memory
import oracle
import villages
from jifen_batch.kernels.places import number_places
from jifen_batch.kernels.rulebook import rule_book
from jifen_batch.scoring import Terms, conclude
from jifen_batch.tables import VILLAGES

PARTS = ("ledger", "balances", "announcements", "unposted", "rejects")
NOT_COMPARED = {"detail", "source", "source_file", "source_row"}
ROWS_PER_PART = 45
# Each shows faults that those before it do not; looked at first, they save many other villages.
RICH = (255, 29, 53, 8, 23, 55, 11, 17, 24, 4, 10)


def tables(seed: int, village: villages.Village) -> dict[str, list[dict[str, object]]]:
    """All tables that the kernels make of a village, scored in small parts."""
    case = memory.case(seed)
    parts = case.scored(ROWS_PER_PART)
    made = {name: pl.concat([getattr(part, name) for part in parts]).to_dicts() for name in PARTS}
    places = number_places(case.register)
    terms = Terms(places, rule_book(case.books, places), case.as_of, case.grace_days)
    listed = pl.DataFrame(village.villages or [], schema=VILLAGES.schema)
    concluded = conclude([part.tally for part in parts], listed, terms)
    made["standings"] = concluded.standings.to_dicts()
    made["participation"] = concluded.participation.to_dicts()
    return made


def shown(rows: list[dict[str, object]]) -> list[tuple[str, ...]]:
    """Rows as sorted texts."""
    return sorted(tuple(repr(row[name]) for name in sorted(row) if name not in NOT_COMPARED) for row in rows)


def disagree(seed: int) -> bool:
    """Whether any table differs, or the kernels fail or break a law of their own."""
    village = villages.make(seed)
    expected = oracle.score(village)
    try:
        made = tables(seed, village)
    except Exception as error:  # noqa: BLE001 - a broken kernel may fail in any way
        print(type(error).__name__, str(error)[:300])  # noqa: T201
        return True
    return any(shown(rows) != shown(expected[name]) for name, rows in made.items())


if __name__ == "__main__":
    first, count = int(sys.argv[1]), int(sys.argv[2])
    for number in [*RICH, *range(first, first + count)]:
        if disagree(number):
            sys.exit(f"seed {number}")
