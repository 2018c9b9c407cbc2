"""A part of a run: its rows scored, and its tables written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jifen_batch import tables
from jifen_batch.dataclass import dataclass
from jifen_batch.inputs import respelt_events, run_inputs
from jifen_batch.kernels.parts import without_copies
from jifen_batch.published.parquet_form import write_table
from jifen_batch.scoring import Tally, Terms, score

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import polars as pl

    from jifen_batch.inputs.files import InputFile


@dataclass(frozen=True)
class ForAllParts:
    """What every part is scored by, and what only all parts together tell.

    `cross_household_ids` are the resolutions of rows whose event ids several households have (`resolve`);
    `unreadable` are the rows that cannot be read, at their household places; `files` are those that rows
    came from.
    """

    terms: Terms
    cross_household_ids: pl.DataFrame
    unreadable: pl.DataFrame
    files: Sequence[InputFile]


def write_part(
    take: Callable[[], pl.DataFrame], number: int, household_places: range, given: ForAllParts, folder: Path
) -> Tally:
    """Score a part and write its tables; only its tally is given back.

    `take` gives its rows, which nobody holds any longer while they are scored. Raises `DiskError`, and
    `InvariantBrokenError` for a table that is not what is declared.
    """
    scored = score(
        without_copies(take(), given.terms.places, household_places),
        given.terms,
        given.cross_household_ids,
        household_places,
        given.unreadable,
    )
    located = run_inputs.located(scored.rejects["source"], given.files)
    frames = {
        tables.LEDGER: scored.ledger,
        tables.BALANCES: scored.balances,
        tables.ANNOUNCEMENTS: scored.announcements,
        tables.UNPOSTED: scored.unposted,
        tables.REJECTS: scored.rejects.drop("source").hstack(located),
    }
    for table, frame in frames.items():
        if frame.height:
            write_table(frame, table, folder, number)
    return replace(scored.tally, respelt_events=respelt_events.among(scored.same_day))
