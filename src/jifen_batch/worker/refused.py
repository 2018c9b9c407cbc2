"""A night that is refused for its rejects: what is kept of it, so that people can go on from there.

All that its work lists are made of, as the night itself had it; in place of its ledger the little that they
read of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jifen_batch.analysis import waiting
from jifen_batch.published import manifest, publish, runs, village_range
from jifen_batch.published.parquet_form import write_table
from jifen_batch.tables import ITEMS, LEDGER, OBJECTIONS, REGISTER, REJECTS, UNPOSTED
from jifen_batch.tables.waiting import DUPLICATES, PLACE, PLEDGES
from jifen_batch.tables.wallets import MISPRICED, WALLETS

if TYPE_CHECKING:
    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.options import RunOptions

# What the manifest of a refused run tells, beside its rejects.
SAID = ("as_of", "options", "inputs", "mappings", "village_names", "accounting", "rejects_by_reason")
TABLES = (REJECTS, UNPOSTED, REGISTER, ITEMS, OBJECTIONS, WALLETS, MISPRICED, PLEDGES, DUPLICATES)


def keep(draft: DraftRun, options: RunOptions) -> None:
    """Keep what waits in a draft that is complete and not published, below the output folder."""
    _write_waiting(draft, options)
    said = {name: draft.content[name] for name in SAID}
    said |= {"run_id": draft.run_id, **manifest.of_program()}
    names = [table.name for table in TABLES if (draft.folder / table.name).exists()]
    publish.keep_refused(options.out, draft.folder, [*names, manifest.RULES], said)


def _write_waiting(draft: DraftRun, options: RunOptions) -> None:
    """Write what a work list reads of the ledger into the draft's folder, some villages at a time."""
    ledger = runs.scan(draft.folder, LEDGER).select(waiting.OF_LEDGER)
    unposted = runs.scan(draft.folder, UNPOSTED)
    pledges = waiting.pledges(draft.books.tables)
    nowhere = pl.col("village_id").is_null()
    ranges = village_range.cut([rows.filter(~nowhere).select(PLACE) for rows in (ledger, unposted)])
    for number, held in enumerate([nowhere, *(one.holds for one in ranges)]):
        lines, rows = pl.collect_all([ledger.filter(held), unposted.filter(held)])
        ending = waiting.ending_pledges(lines, rows, pledges, options.day)
        write_table(ending.cast(PLEDGES.schema), PLEDGES, draft.folder, number)
        write_table(waiting.likely_duplicates(lines, rows), DUPLICATES, draft.folder, number)
