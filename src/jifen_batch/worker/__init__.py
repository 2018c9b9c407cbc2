"""One nightly run as a page: lock, read, score, check, write, publish (specification 5, `run`).

The only place where files, clock and scoring meet. Whatever goes wrong before the last step leaves
everything published as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch import program
from jifen_batch.errors import TooManyRejectsError
from jifen_batch.published import manifest, publish
from jifen_batch.tables import REJECTS
from jifen_batch.worker import night, refused
from jifen_batch.worker.options import RunOptions, RunReport
from jifen_batch.worker.stages import Stages, Unwatched

if TYPE_CHECKING:
    from collections.abc import Callable

    from structlog.typing import FilteringBoundLogger

    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.stages import Progress

__all__ = ["RunOptions", "RunReport", "run"]


def run(
    options: RunOptions,
    log: FilteringBoundLogger,
    progress: Progress | None = None,
    on_refused: Callable[[DraftRun], None] | None = None,
) -> RunReport:
    """Do the nightly job: score all events and publish.

    The same work as a published run is recognised by what goes into it, made current again, and not
    done twice. Edited rule books that would change an announced quarter are held back until somebody
    accepts them; the last accepted ones score the night. A run as of a day before the current one's is
    kept, and does not become current unasked. Raises the errors of `jifen_batch.errors`; nothing is
    published then, and `on_refused` is shown all tables of a night that is refused for what it came to.
    """
    stages = Stages(log, progress or Unwatched())
    with publish.lock(options.out):
        worked = night.work(options, options.out, stages)
        _tell_of_other_code(worked.options, log)
        kept = publish.refused_folder(options.out, worked.drafted.run_id) / REJECTS.name
        if refusal := next(night.refusals(worked, stages, kept), None):
            is_kept = isinstance(refusal, TooManyRejectsError)
            if on_refused or is_kept:
                worked.drafted.complete(worked.options, stages)
            if on_refused:
                on_refused(worked.drafted)
            if is_kept:
                refused.keep(worked.drafted, worked.options)
            raise refusal
        drafted, outcome = worked.drafted, worked.outcome
        drafted.publish(worked.options, worked.held_back, stages, becomes_current=worked.becomes_current)
        return RunReport(drafted.run_id, drafted.folder, outcome, drafted.content, worked.held_back)


def _tell_of_other_code(options: RunOptions, log: FilteringBoundLogger) -> None:
    """Say where the last night was made by code that decides results otherwise, or may."""
    before = publish.last_accepted(options.out)
    content = publish.read_manifest(before) if before else {}
    if before and content.get("versions", {}).get("code") != program.code():
        now = manifest.made_by(manifest.of_program())
        log.info("other_code", run_id=before.name, made_by=manifest.made_by(content), now=now)
