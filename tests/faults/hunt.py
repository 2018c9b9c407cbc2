"""Look for a village on which the oracle and the kernels, as they are imported just now, disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import memory
import oracle
import villages
from jifen_batch.scoring import conclude
from jifen_batch.tables import VILLAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS = ("ledger", "balances", "announcements", "unposted", "rejects")
NOT_COMPARED = {"detail", "source", "source_file", "source_row"}
ROWS_PER_PART = 45


def tables(seed: int, village: villages.Village) -> dict[str, pl.DataFrame]:
    """All tables that the kernels make of a village, scored in small parts."""
    case = memory.case(seed)
    parts = case.scored(ROWS_PER_PART)
    made = {name: pl.concat([getattr(part, name) for part in parts]) for name in PARTS}
    listed = pl.DataFrame(village.villages or [], schema=VILLAGES.schema)
    concluded = conclude([part.tally for part in parts], listed, case.terms)
    made["standings"] = concluded.standings
    made["groups"] = concluded.groups
    made["participation"] = concluded.participation
    return made


def shown(rows: list[dict[str, object]], columns: list[str]) -> list[tuple[str, ...]]:
    """Rows as sorted texts, as far as these columns go."""
    return sorted(tuple(repr(row[name]) for name in columns) for row in rows)


def disagree(seed: int) -> bool:
    """Whether any table differs, or the kernels fail or break a law of their own."""
    village = villages.make(seed)
    expected = oracle.score(village)
    # Rows that nobody can read are in sheets alone, and here is none.
    if any(row["reason"] == "unreadable_row" for row in expected["rejects"]):
        return False
    try:
        made = tables(seed, village)
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - a broken kernel may fail in any way
        return True
    for name, frame in made.items():
        columns = [column for column in frame.columns if column not in NOT_COMPARED]
        if shown(frame.to_dicts(), columns) != shown(expected[name], columns):
            return True
    return False


def seed_of_disagreement(seeds: Sequence[int]) -> int | None:
    """The first seed of a village on which they disagree."""
    return next((seed for seed in seeds if disagree(seed)), None)
