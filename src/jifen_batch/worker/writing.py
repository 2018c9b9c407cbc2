"""The tables of a run, scored part by part and written as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch import tables
from jifen_batch.engine.scored_part import ForAllParts
from jifen_batch.inputs import run_inputs
from jifen_batch.kernels.listing import items_of_years
from jifen_batch.kernels.naming import with_own_names
from jifen_batch.published import dictionary, manifest
from jifen_batch.published.parquet_form import write_empty, write_table
from jifen_batch.scoring import Tally, conclude
from jifen_batch.storage import disk
from jifen_batch.tables.wallets import MISPRICED, WALLETS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jifen_batch.rules import LoadedRules
    from jifen_batch.worker.intake import Intake
    from jifen_batch.worker.stages import Stages


def write_parts(intake: Intake, folder: Path, stages: Stages) -> list[Tally]:
    """Score and write all parts, some at a time; what each came to, in their order."""
    given = ForAllParts(intake.terms, intake.cross_household_ids, intake.unreadable, intake.files)
    total = len(intake.parts)
    return intake.engine.write_parts(
        intake.parts, given, folder, lambda done: stages.progress.parts(done, total)
    )


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
