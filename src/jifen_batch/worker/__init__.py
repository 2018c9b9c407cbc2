"""One nightly run as a page: lock, read, score, check, write, publish (contract 5, `run`).

The only place where files, clock and scoring meet. Whatever goes wrong before the last step leaves
everything published as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jifen_batch import rules
from jifen_batch.errors import LawBrokenError, TooManyRejectsError
from jifen_batch.store import publish
from jifen_batch.tables import REJECTS
from jifen_batch.worker import intake, record, tally, writing
from jifen_batch.worker.options import RunOptions, RunReport
from jifen_batch.worker.stages import Stages, Unwatched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from structlog.typing import FilteringBoundLogger

    from jifen_batch.scoring import Tally
    from jifen_batch.worker.stages import Progress

__all__ = ["RunOptions", "RunReport", "run"]

# The tables of a run take about as much room as its inputs; there must be enough for twice that.
SPACE_PER_INPUT_BYTE = 2


def run(options: RunOptions, log: FilteringBoundLogger, progress: Progress | None = None) -> RunReport:
    """Do the nightly job: score all events and publish.

    The same work as a published run is recognised by what goes into it, made current again, and not
    done twice. Raises the errors of `jifen_batch.errors`; nothing is published then.
    """
    stages = Stages(log, progress or Unwatched())
    with publish.lock(options.out):
        with stages.stage("rules"):
            books = rules.load([Path(path) for path in options.rules])
        with stages.stage("digest"):
            sources = intake.find_sources(options)
        run_id = intake.run_id(sources, books, options)
        published = publish.find_run(options.out, run_id)
        if published:
            publish.switch(options.out, run_id)
            return RunReport(run_id, published, "unchanged", publish.read_manifest(published))
        publish.check_space(options.out, SPACE_PER_INPUT_BYTE * sum(one.size for one in sources.digests))

        folder = publish.begin(options.out, run_id)
        taken = intake.read(sources, books, options, stages)
        with stages.stage("score") as timing:
            tallies = writing.write_parts(taken, folder, stages)
            timing["rows"] = taken.rows.height
        work = record.of_work(options, sources, books, taken, tallies)
        _check_laws(work["accounting"], tallies)
        _check_rejects(options, work["accounting"], folder, run_id)
        with stages.stage("conclude"):
            writing.write_whole(taken, books, tallies, folder)
        content = work | record.of_run(run_id, folder, stages)
        published = publish.commit(options.out, folder, run_id, content)
        publish.prune(options.out, options.keep)
        return RunReport(run_id, published, "published", content)


def _check_laws(accounts: dict[str, int], tallies: Sequence[Tally]) -> None:
    """Hold the result to the laws of contract 3.4; a broken one is a fault of the program."""
    broken = {law for part in tallies for law in part.broken_laws}
    if tally.unaccounted(accounts):
        broken.add("every row read is accounted for")
    if broken:
        laws = "; ".join(sorted(broken))
        raise LawBrokenError(f"the result breaks its own laws ({laws}); nothing was published: report this")


def _check_rejects(options: RunOptions, accounts: dict[str, int], folder: Path, run_id: str) -> None:
    """Stop where too many rows were rejected; the rejects are kept for people to look into."""
    rejected, rows = accounts["rejected"], accounts["rows"]
    if rejected > options.max_reject_rate * rows:
        kept = publish.keep_refused(options.out, folder, REJECTS.name, run_id)
        raise TooManyRejectsError(
            f"{rejected:,} of {rows:,} rows are rejected, more than {options.max_reject_rate:.1%}; "
            f"nothing was published, the rejects are in {kept}: correct the feed, or raise --max-reject-rate",
            run_id=run_id,
            as_of=options.day.isoformat(),
            rows=rows,
            rejects=rejected,
        )
