"""`what-if`: the same rows under the books of the current run and under edited ones, and what differs.

Nothing is published, and no lock is taken: what is scored lies in a folder that goes away again.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from jifen_batch import rules
from jifen_batch.analysis import impact
from jifen_batch.dataclass import dataclass
from jifen_batch.errors import UsageRefusedError
from jifen_batch.notices.read_aloud import ReadAloud, read_aloud
from jifen_batch.published import announced, publish, runs
from jifen_batch.rules.diff import changes
from jifen_batch.rules.moved import begins, moved
from jifen_batch.storage import disk, scratch
from jifen_batch.tables import REJECTS, SCHEMA_VERSION, STANDINGS, UNPOSTED
from jifen_batch.worker.effect import announced_effect
from jifen_batch.worker.options import RunOptions
from jifen_batch.worker.stages import Stages, Unwatched
from jifen_batch.worker.trial import Trial

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from jifen_batch.rules import LoadedRules
    from jifen_batch.rules.diff import Change
    from jifen_batch.worker.stages import Progress

SCRATCH = ".what-if-"


@dataclass(frozen=True)
class Asked:
    """What is asked; locations as in `RunOptions`. Day and grace days that are null are the current run's.

    `as_if` is the past scoring year on which an edit that begins later is tried; null = every year as it is.
    """

    events: str
    households: str
    rules: tuple[str, ...]
    out: Path
    villages: str | None = None
    successions: str | None = None
    as_of: date | None = None
    grace_days: int | None = None
    mapping: tuple[str, ...] = ()
    as_if: int | None = None

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
class AsIf:
    """The past scoring `year` that is scored as if it were `from_year`, in which the edit begins.

    Both sets of books lie so many `years_earlier`; `from_year` is null, and they stay as they are, where the
    edit begins in no later year.
    """

    year: int
    from_year: int | None

    @property
    def years_earlier(self) -> int:
        """By how many years the books are moved."""
        return 0 if self.from_year is None else self.from_year - self.year


@dataclass(frozen=True)
class WhatIf:
    """What edited books would change.

    `run_id` names the current run, `fingerprint` the edited books, as `run --accept-rules` wants it;
    `other_inputs` are files that this was tried on and that run had not.
    The frames are `IMPACT`, `ANNOUNCED_EFFECT` and `ROWS_MOVED`; `names` are village names by id. With
    `as_if` they are of that year alone, and nothing that was announced is touched.
    """

    run_id: str
    other_inputs: list[str]
    as_of: date
    grace_days: int
    fingerprint: str
    changes: list[Change]
    read_aloud: list[ReadAloud]
    impact: pl.DataFrame
    announced: pl.DataFrame
    rows: pl.DataFrame
    names: dict[str, str]
    as_if: AsIf | None

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
        sentences = read_aloud(edits, trial.accepted, books)
        as_if = _as_if(asked.as_if, trial.accepted, books, options.day)
        earlier = as_if.years_earlier if as_if else 0
        other_inputs = trial.other_inputs
        before, after = (trial.scored(moved(side, earlier)) for side in (trial.accepted, books))
        # The rows are not needed any more, and are most of the memory.
        del trial
        with stages.stage("conclude"):
            moved_rows = impact_of(before, after)
            if as_if is not None:
                moved_rows = moved_rows.filter(pl.col("scoring_year") == as_if.year)
            return WhatIf(
                run_id=current.name,
                other_inputs=other_inputs,
                as_of=options.day,
                grace_days=options.grace_days,
                fingerprint=books.fingerprint,
                changes=edits,
                read_aloud=sentences,
                impact=moved_rows,
                announced=announced_effect(before, after, [] if as_if else announced.quarters(asked.out)),
                rows=impact.rows_moved(_outcomes(before, asked.as_if), _outcomes(after, asked.as_if)),
                names=runs.village_names(current),
                as_if=as_if,
            )


def _as_if(year: int | None, accepted: LoadedRules, edited: LoadedRules, day: date) -> AsIf | None:
    """What year is scored as which. Raises `UsageRefusedError` for a year that is yet to come."""
    if year is None:
        return None
    if year > day.year:
        raise UsageRefusedError(
            f"--as-if: {year} has no events as of {day}; give a scoring year up to {day.year}",
            f"--as-if：截至 {day} 还没有 {year} 年的事项；请给出不晚于 {day.year} 的积分年度",
        )
    return AsIf(year, begins(accepted, edited, day.year))


def impact_of(before: Path, after: Path) -> pl.DataFrame:
    """`IMPACT` of two folders with standings."""
    return impact.impact(*(runs.read(folder, STANDINGS) for folder in (before, after)))


def _outcomes(folder: Path, year: int | None) -> pl.DataFrame:
    """What came of each row that left no line: `row` (what tells it from others), `item`, `outcome`.

    Of one year where it is asked for; a row without a date is then of none.

    An event has one row that books could lead elsewhere; superseded revisions are so under any.
    """
    source = pl.format("{} {}", "source_row", "source_file")
    of_year = pl.lit(value=True) if year is None else pl.col("occurred_on").dt.year() == year
    rejected = runs.scan(folder, REJECTS).filter(of_year)
    waiting = runs.scan(folder, UNPOSTED).filter(of_year)
    rejected = rejected.select(row=source, item="item", outcome="reason")
    waiting = waiting.select(row="event_id", item="item", outcome="state")
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
        "other_inputs": found.other_inputs,
        "as_of": found.as_of.isoformat(),
        "grace_days": found.grace_days,
        "as_if": vars(found.as_if) | {"years_earlier": found.as_if.years_earlier} if found.as_if else None,
        "changes": [change.as_data() for change in found.changes],
        "read_aloud": [one.as_data() for one in found.read_aloud],
        "totals": found.totals,
        "years": impact.by_year(villages).to_dicts(),
        "villages": villages.to_dicts(),
        "first_ten": impact.first_ten(found.impact).to_dicts(),
        "grades": impact.grades_moved(found.impact).to_dicts(),
        "announced": found.announced.to_dicts(),
        "households": impact.most_affected(found.impact, top).to_dicts(),
        "rows": found.rows.to_dicts(),
    }
