"""What a run writes down of itself: the content of manifest.json (specification 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch.published import announced, manifest, publish
from jifen_batch.worker import tally
from jifen_batch.worker.stages import peak_memory_bytes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from jifen_batch.rules import LoadedRules
    from jifen_batch.scoring import Tally
    from jifen_batch.worker.intake import Intake, Sources
    from jifen_batch.worker.options import RunOptions
    from jifen_batch.worker.stages import Stages


def of_work(
    options: RunOptions, sources: Sources, books: LoadedRules, taken: Intake, tallies: Sequence[Tally]
) -> dict[str, Any]:
    """What went in and what it came to; the same for the same work."""
    dispositions = tally.by_disposition(tallies)
    return {
        "as_of": options.day.isoformat(),
        "options": options.that_make_it_another(),
        "inputs": manifest.of_inputs(sources.digests),
        "mappings": [one.as_data() for one in sources.mappings],
        "village_names": _names_beside(taken),
        "passed_over": [one.as_data() for one in sources.passed_over],
        "warnings": [one.as_data() for one in taken.warnings],
        "handed_over": taken.handed_over,
        "books": books.tables.books.drop("book").to_dicts(),
        "accounting": tally.accounting(taken.rows, tallies),
        "rejects_by_reason": tally.rejects_by_reason(tallies),
        "events_by_village_year": tally.events_by_village_year(tallies, taken.terms.places),
        "control_totals": {
            "lines": sum(total["lines"] for total in dispositions.values()),
            "points": sum(total["points"] for total in dispositions.values()),
            "dispositions": dispositions,
        },
    }


def _names_beside(taken: Intake) -> dict[str, str]:
    """Names of villages by id that only the list of villages has."""
    has = taken.register.drop_nulls("village_name").select(pl.col("village_id").cast(pl.String)).unique()
    named = taken.villages.select("village_id", "village_name").drop_nulls()
    return dict(named.join(has, on="village_id", how="anti").sort("village_id").iter_rows())


def of_run(run_id: str, folder: Path, out: Path, stages: Stages, given_up: Collection[str]) -> dict[str, Any]:
    """How the run went, what lies in its folder, and what lay beside it.

    `previous` is the run that was current until then, null for the first; `announced` are the quarters
    that hung, by which `verify` and the next night know that one is gone; `given_up` are those whose loss
    was accepted (SHA-256 of their manifests).
    """
    last = publish.last_accepted(out)
    before = publish.read_manifest(last) if last else {}
    return {
        "run_id": run_id,
        "previous": before.get("run_id"),
        "announced": announced.seen(out, before, given_up),
        "outputs": manifest.of_outputs(folder),
        **manifest.of_program(),
        "timings": stages.timings,
        "peak_memory_bytes": peak_memory_bytes(),
    }
