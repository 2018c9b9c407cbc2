"""One nightly run as a page: lock, read, score, check, write, publish (specification 5, `run`).

The only place where files, clock and scoring meet. Whatever goes wrong before the last step leaves
everything published as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jifen_batch import program, rules
from jifen_batch.published import manifest, publish
from jifen_batch.scheme.outcomes import HELD_BACK, KEPT, PUBLISHED, UNCHANGED
from jifen_batch.worker import as_of, draft, edits, guard, intake
from jifen_batch.worker.options import RunOptions, RunReport
from jifen_batch.worker.stages import Stages, Unwatched

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from jifen_batch.rules import LoadedRules
    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.edits import Edit
    from jifen_batch.worker.intake import Sources
    from jifen_batch.worker.stages import Progress

__all__ = ["RunOptions", "RunReport", "run"]

ROWS = "rows"


def run(options: RunOptions, log: FilteringBoundLogger, progress: Progress | None = None) -> RunReport:
    """Do the nightly job: score all events and publish.

    The same work as a published run is recognised by what goes into it, made current again, and not
    done twice. Edited rule books that would change an announced quarter are held back until somebody
    accepts them; the last accepted ones score the night. A run as of a day before the current one's is
    kept, and does not become current unasked. Raises the errors of `jifen_batch.errors`; nothing is
    published then.
    """
    stages = Stages(log, progress or Unwatched())
    with publish.lock(options.out):
        options, becomes_current = as_of.settle(options)
        with stages.stage("rules"):
            books = rules.load([Path(path) for path in options.rules])
            edit = edits.unaccepted(books, options)
        with stages.stage("digest"):
            sources = intake.find_sources(options)
            for skipped in sources.passed_over:
                log.warning("passed over", **vars(skipped))
        drafted, held_back = _draft(sources, books, edit, options, stages)
        _tell_of_other_code(options, log)
        with stages.stage("loss"):
            guard.refuse_loss(drafted, options, becomes_current=becomes_current)
        fresh = PUBLISHED if becomes_current else KEPT
        outcome = HELD_BACK if held_back else UNCHANGED if drafted.published else fresh
        drafted.publish(options, held_back, stages, becomes_current=becomes_current)
        return RunReport(drafted.run_id, drafted.folder, outcome, drafted.content, held_back)


def _tell_of_other_code(options: RunOptions, log: FilteringBoundLogger) -> None:
    """Say where the last night was made by code that decides results otherwise, or may."""
    before = publish.last_accepted(options.out)
    content = publish.read_manifest(before) if before else {}
    if before and content.get("versions", {}).get("code") != program.code():
        now = manifest.made_by(manifest.of_program())
        log.info("other_code", run_id=before.name, made_by=manifest.made_by(content), now=now)


def _draft(
    sources: Sources, books: LoadedRules, edit: Edit | None, options: RunOptions, stages: Stages
) -> tuple[DraftRun, dict[str, Any] | None]:
    """The run to publish, written and checked, and what of the rules it holds back."""
    drafted = draft.find(sources, books, options)
    if drafted and not edit:
        return drafted, None
    # An edit is written under the accepted books and under the edited ones.
    runs = 2 if edit else 1
    publish.check_space(options.out, runs * publish.estimate(sum(one.size for one in sources.digests)))
    taken = intake.read(sources, books, options, publish.aside(options.out, ROWS), stages)
    for warning in taken.warnings:
        stages.log.warning("may be wrong", **vars(warning))
    drafted = drafted or draft.write(sources, books, taken, options, stages)
    if not edit:
        taken.row_buffer.clear()
        return drafted, None
    accepted = draft.find(sources, edit.accepted, options) or draft.write(
        sources, edit.accepted, taken.under(edit.accepted), options, stages
    )
    taken.row_buffer.clear()
    with stages.stage("effect"):
        held_back = edit.held_back(accepted.folder, drafted.folder)
    if held_back:
        held_back["rejects"] = drafted.content["accounting"]["rejected"]
    chosen, other = (accepted, drafted) if held_back else (drafted, accepted)
    other.discard()
    return chosen, held_back
