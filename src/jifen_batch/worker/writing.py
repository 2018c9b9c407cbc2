"""The tables of a run, scored part by part and written as they come."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import polars as pl

from jifen_batch import tables
from jifen_batch.inputs import run_inputs
from jifen_batch.kernels.listing import items_of_years
from jifen_batch.kernels.naming import with_own_names
from jifen_batch.kernels.parts import without_copies
from jifen_batch.published import dictionary, manifest
from jifen_batch.published.parquet_form import write_empty, write_table
from jifen_batch.scoring import Tally, conclude, score
from jifen_batch.storage import disk
from jifen_batch.tables.wallets import MISPRICED, WALLETS
from jifen_batch.worker import memory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jifen_batch.rules import LoadedRules
    from jifen_batch.worker.intake import Intake
    from jifen_batch.worker.stages import Stages


def write_parts(intake: Intake, folder: Path, stages: Stages) -> list[Tally]:
    """Score and write all parts, some at a time; what each came to, in their order."""
    tallies = []
    with ThreadPoolExecutor(memory.parts_at_once(intake.memory)) as pool:
        for tally in pool.map(lambda pair: _write_part(intake, folder, *pair), enumerate(intake.parts)):
            tallies.append(tally)
            stages.progress.parts(len(tallies), len(intake.parts))
    return tallies


def _write_part(intake: Intake, folder: Path, number: int, household_places: range) -> Tally:
    """Score one part and write its tables; only its tally stays in memory."""
    scored = score(
        _rows(intake, household_places),
        intake.terms,
        intake.cross_household_ids,
        household_places,
        intake.unreadable,
    )
    located = run_inputs.located(scored.rejects["source"], intake.files)
    rejects = scored.rejects.drop("source").hstack(located)
    frames = {
        tables.LEDGER: scored.ledger,
        tables.BALANCES: scored.balances,
        tables.ANNOUNCEMENTS: scored.announcements,
        tables.UNPOSTED: scored.unposted,
        tables.REJECTS: rejects,
    }
    for table, frame in frames.items():
        if frame.height:
            write_table(frame, table, folder, number)
    return scored.tally


def _rows(intake: Intake, household_places: range) -> pl.DataFrame:
    """The rows of a part, which nobody holds any longer when they are scored."""
    return without_copies(intake.row_buffer.take(household_places), intake.terms.places, household_places)


def _register(spells: pl.DataFrame) -> pl.DataFrame:
    """The register as it is published, with names of its own in place of codes."""
    shared = [name for name in run_inputs.OFTEN_SHARED if name in tables.REGISTER.names]
    return with_own_names(spells.select(tables.REGISTER.names), *shared)


def write_whole(intake: Intake, books: LoadedRules, tallies: Sequence[Tally], folder: Path) -> None:
    """Write the tables that are made of all parts, or of no part, and the rule files as read."""
    concluded = conclude(tallies, intake.villages, intake.terms)
    years = sorted(pl.concat([tally.nets["year"] for tally in tallies]).unique())
    frames = {
        tables.STANDINGS: concluded.standings,
        tables.GROUPS: concluded.groups,
        tables.PARTICIPATION: concluded.participation,
        tables.REGISTER: _register(intake.register),
        tables.ITEMS: items_of_years(books.tables, years),
    }
    for table, frame in frames.items():
        write_table(frame, table, folder, 0)
    for table, given in {
        tables.SUCCESSIONS: intake.successions,
        tables.OBJECTIONS: intake.objections,
    }.items():
        if given.height:
            write_table(given, table, folder, 0)
    for table in (*tables.OUTPUTS, WALLETS):
        if not (folder / table.name).exists():
            write_empty(table, folder)
    written = (*tables.OUTPUTS, WALLETS, MISPRICED, tables.SUCCESSIONS, tables.OBJECTIONS)
    kept = [table for table in written if (folder / table.name).exists()]
    dictionary.write(folder, "jifen-batch-run", "一次记分的结果 / what one run came to", kept)
    disk.make_folder(folder / manifest.RULES)
    for file in books.files:
        path = folder / manifest.RULES / file.name
        disk.write_bytes(path, file.content)
        disk.hasten(path)
