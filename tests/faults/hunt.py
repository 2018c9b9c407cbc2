"""Look for a village on which the oracle and the kernels, as they are imported just now, disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import memory
from faults import expected
from jifen_batch.scoring import conclude
from jifen_batch.tables import VILLAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import villages

PARTS = ("ledger", "balances", "announcements", "unposted", "rejects")
NOT_COMPARED = {"detail", "source", "source_file", "source_row"}
ROWS_PER_PART = 45


def tables(village: villages.Village) -> dict[str, pl.DataFrame]:
    """All tables that the kernels make of a village, scored in small parts."""
    case = memory.case_of(village)
    parts = case.scored(ROWS_PER_PART)
    made = {name: pl.concat([getattr(part, name) for part in parts]) for name in PARTS}
    listed = pl.DataFrame(village.villages or [], schema=VILLAGES.schema)
    concluded = conclude([part.tally for part in parts], listed, case.terms)
    made["standings"] = concluded.standings
    made["groups"] = concluded.groups
    made["participation"] = concluded.participation
    return made


def disagree(seed: int) -> bool:
    """Whether any table differs, or the kernels fail or break a law of their own."""
    # Rows that nobody can read are in sheets alone, and here is none.
    if expected.unreadable(seed):
        return False
    try:
        made = tables(expected.village(seed))
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - a broken kernel may fail in any way
        return True
    for name, frame in made.items():
        columns = tuple(column for column in frame.columns if column not in NOT_COMPARED)
        if expected.shown(frame.to_dicts(), columns) != expected.table(seed, name, columns):
            return True
    return False


def seed_of_disagreement(seeds: Sequence[int]) -> int | None:
    """The first seed of a village on which they disagree."""
    return next((seed for seed in seeds if disagree(seed)), None)
