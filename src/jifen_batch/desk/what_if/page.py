"""`what-if`: the same rows under the books of the current run and under edited ones, and what differs.

Nothing is published, and no lock is taken: what is scored lies in a folder that goes away again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import rules
from jifen_batch.analysis import impact
from jifen_batch.published import announced, publish, runs
from jifen_batch.rules.diff import changes
from jifen_batch.storage import disk, scratch
from jifen_batch.tables import REJECTS, SCHEMA_VERSION, STANDINGS, UNPOSTED
from jifen_batch.worker.effect import announced_effect
from jifen_batch.worker.options import RunOptions
from jifen_batch.worker.stages import Stages, Unwatched
from jifen_batch.worker.trial import Trial

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from jifen_batch.rules.diff import Change
    from jifen_batch.worker.stages import Progress

SCRATCH = ".what-if-"


@dataclass(frozen=True)
class Asked:
    """What is asked; locations as in `RunOptions`. Day and grace days that are null are the current run's."""

    events: str
    households: str
    rules: tuple[str, ...]
    out: Path
    villages: str | None = None
    successions: str | None = None
    as_of: date | None = None
    grace_days: int | None = None
    mapping: tuple[str, ...] = ()

    def options(self, current: Path) -> RunOptions:
        """The options by which both sides are scored."""
        manifest = publish.read_manifest(current)
        ran = manifest["options"]
        return RunOptions(
            events=self.events,
            households=self.households,
            rules=self.rules,
            out=self.out,
            villages=self.villages,
            successions=self.successions,
            mapping=self.mapping,
            as_of=self.as_of or date.fromisoformat(ran["as_of"]),
            grace_days=ran["grace_days"] if self.grace_days is None else self.grace_days,
        )


@dataclass(frozen=True)
class WhatIf:
    """What edited books would change.

    `run_id` names the current run, `fingerprint` the edited books, as `run --accept-rules` wants it.
    The frames are `IMPACT`, `ANNOUNCED_EFFECT` and `ROWS_MOVED`; `names` are village names by id.
    """

    run_id: str
    as_of: date
    grace_days: int
    fingerprint: str
    changes: list[Change]
    impact: pl.DataFrame
    announced: pl.DataFrame
    rows: pl.DataFrame
    names: dict[str, str]

    @property
    def totals(self) -> dict[str, int]:
        """The impact in a few figures (`kernels.impact.totals`)."""
        return impact.totals(self.impact)

    @property
    def changes_results(self) -> bool:
        """Whether anything that is published would differ."""
        figures = (self.announced.height, self.rows.height, *self.totals.values())
        return any(figures)


def what_if(asked: Asked, log: FilteringBoundLogger, progress: Progress | None = None) -> WhatIf:
    """Score the rows under both sets of books, and say what differs.

    Raises `InputRefusedError` where nothing is published or an input cannot be read,
    `RulesRefusedError` for edited books with complaints, `DiskError`.
    """
    current = publish.current(asked.out)
    books = rules.load([Path(path) for path in asked.rules])
    options = asked.options(current)
    stages = Stages(log, progress or Unwatched())
    with scratch.folder(asked.out, SCRATCH) as folder:
        trial = Trial(current, options, folder, stages)
        edits = changes(trial.accepted, books)
        before, after = trial.scored(trial.accepted), trial.scored(books)
        # The rows are not needed any more, and are most of the memory.
        del trial
        with stages.stage("conclude"):
            return WhatIf(
                run_id=current.name,
                as_of=options.day,
                grace_days=options.grace_days,
                fingerprint=books.fingerprint,
                changes=edits,
                impact=impact_of(before, after),
                announced=announced_effect(before, after, announced.quarters(asked.out)),
                rows=impact.rows_moved(_outcomes(before), _outcomes(after)),
                names=runs.village_names(current),
            )


def impact_of(before: Path, after: Path) -> pl.DataFrame:
    """`IMPACT` of two folders with standings."""
    return impact.impact(*(runs.read(folder, STANDINGS) for folder in (before, after)))


def _outcomes(folder: Path) -> pl.DataFrame:
    """What came of each row that left no line: `row` (what tells it from others), `item`, `outcome`.

    An event has one row that books could lead elsewhere; superseded revisions are so under any.
    """
    source = pl.format("{} {}", "source_row", "source_file")
    rejected = runs.scan(folder, REJECTS).select(row=source, item="item", outcome="reason")
    waiting = runs.scan(folder, UNPOSTED).select(row="event_id", item="item", outcome="state")
    return pl.concat([rejected, waiting]).collect()


def write_impact(found: WhatIf, path: Path) -> None:
    """Write the impact on every household as Parquet, whole or not at all. Raises `DiskError`."""
    with scratch.replacing(path, SCRATCH) as fresh:
        disk.write_with(
            fresh,
            lambda: found.impact.write_parquet(fresh, metadata={"schema_version": SCHEMA_VERSION}),
        )


def as_data(found: WhatIf, top: int) -> dict[str, Any]:
    """The result for machines: figures, changes, and every table but that of all households."""
    villages = impact.by_village(found.impact)
    return {
        "outcome": "changed" if found.changes_results else "unchanged",
        "fingerprint": found.fingerprint,
        "run_id": found.run_id,
        "as_of": found.as_of.isoformat(),
        "grace_days": found.grace_days,
        "changes": [change.as_data() for change in found.changes],
        "totals": found.totals,
        "years": impact.by_year(villages).to_dicts(),
        "villages": villages.to_dicts(),
        "first_ten": impact.first_ten(found.impact).to_dicts(),
        "announced": found.announced.to_dicts(),
        "households": impact.most_affected(found.impact, top).to_dicts(),
        "rows": found.rows.to_dicts(),
    }
