"""A run that is written but not yet published: scored under some books, checked, then committed."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import InvariantBrokenError
from jifen_batch.kernels.successions import renaming
from jifen_batch.published import publish, runs
from jifen_batch.storage import disk
from jifen_batch.tables import SUCCESSIONS
from jifen_batch.worker import intake, noted_events, record, tally, writing, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from jifen_batch.rules import LoadedRules
    from jifen_batch.scoring import Tally
    from jifen_batch.worker.intake import Intake, Sources
    from jifen_batch.worker.options import RunOptions
    from jifen_batch.worker.stages import Stages


@dataclass
class DraftRun:
    """The rows of a run scored under some books.

    `folder` holds its tables, `content` is its manifest as far as it is known. `taken` is null for a
    run that was published before: then folder and manifest are that run's.
    """

    run_id: str
    folder: Path
    books: LoadedRules
    content: dict[str, Any]
    taken: Intake | None = None
    tallies: list[Tally] = field(default_factory=list)

    @property
    def published(self) -> bool:
        """Whether this very work was published before."""
        return self.taken is None

    @property
    def day(self) -> date:
        """The as-of date."""
        return date.fromisoformat(self.content["as_of"])

    @cached_property
    def renamed(self) -> pl.DataFrame:
        """The id that each old one has become by that day (`successions.renaming`)."""
        return renaming(self.successions, self.day)

    @property
    def successions(self) -> pl.DataFrame:
        """The households that changed their id, as they were given (`SUCCESSIONS`)."""
        return self.taken.successions if self.taken else runs.read(self.folder, SUCCESSIONS)

    def discard(self) -> None:
        """Remove what was written; a published run stays."""
        if not self.published:
            disk.remove_tree(self.folder)

    def complete(self, options: RunOptions, stages: Stages) -> None:
        """Write the tables that are made of all parts: then the folder holds all that a run has."""
        if self.taken is None:
            return
        if self.taken.redemptions is not None:
            from jifen_batch.worker import wallets  # noqa: PLC0415 - most towns keep none

            with stages.stage("wallets") as timing:
                timing["rows"] = self.taken.redemptions.height
                self.content["wallets"] = wallets.write(
                    self.taken, self.taken.redemptions, options.out, self.folder
                )
        with stages.stage("conclude"):
            writing.write_whole(self.taken, self.books, self.tallies, self.folder)

    def publish(
        self, options: RunOptions, held_back: dict[str, Any] | None, stages: Stages, *, becomes_current: bool
    ) -> None:
        """Publish it, as the current run or beside it; what was published before is not written again."""
        if self.published:
            if becomes_current:
                publish.switch(options.out, self.run_id)
            return
        self.complete(options, stages)
        given_up = [one["sha256"] for one in self.content["accepted_gone"]]
        self.content |= record.of_run(self.run_id, self.folder, options.out, stages, given_up)
        written.check_rows(self.content)
        if held_back:
            self.content["held_back"] = held_back
        fresh = noted_events.write(options.out, self) if becomes_current else None
        self.folder = publish.commit(
            options.out, self.folder, self.run_id, self.content, becomes_current=becomes_current
        )
        if becomes_current:
            noted_events.settle(options.out, fresh)
        publish.prune(options.out, options.keep)


def find(sources: Sources, books: LoadedRules, options: RunOptions) -> DraftRun | None:
    """The run that was made of this very work before, if one is published."""
    run_id = intake.run_id(sources, books, options)
    folder = publish.find_run(options.out, run_id)
    return DraftRun(run_id, folder, books, publish.read_manifest(folder)) if folder else None


def write(  # noqa: PLR0913, PLR0917 - what a run is made of
    sources: Sources, books: LoadedRules, taken: Intake, options: RunOptions, below: Path, stages: Stages
) -> DraftRun:
    """Score the rows into a temporary folder `below` another, and check them; `taken` is under these books.

    Raises `InvariantBrokenError` where a law of specification 3.4 does not hold.
    """
    run_id = intake.run_id(sources, books, options)
    folder = publish.begin(below, run_id)
    with stages.stage("score") as timing:
        tallies = writing.write_parts(taken, folder, stages)
        timing["rows"] = taken.rows
    content = record.of_work(options, sources, books, taken, tallies)
    _check_invariants(content["accounting"], tallies)
    return DraftRun(run_id, folder, books, content, taken, tallies)


def _check_invariants(accounts: dict[str, int], tallies: Sequence[Tally]) -> None:
    """Hold the result to the laws of specification 3.4; a broken one is a fault of the program."""
    broken = {law for part in tallies for law in part.broken_invariants}
    if tally.unaccounted(accounts):
        broken.add("every row read is accounted for")
    if broken:
        laws = "; ".join(sorted(broken))
        raise InvariantBrokenError(
            f"the result breaks its own laws ({laws}); nothing was published: report this",
            f"结果不满足自身的规律（{laws}）；没有发布任何结果；这是程序的错误，请报告",
        )
