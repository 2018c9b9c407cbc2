"""`run --dry-run`: the night without its last step. Nothing is published, nothing is kept.

No lock is taken and nothing is written below the output folder: the tables lie in the system's folder for
temporary files, and go away with the command.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.published import publish
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.scheme.outcomes import HELD_BACK
from jifen_batch.storage import scratch
from jifen_batch.worker import hanging, night
from jifen_batch.worker.stages import Stages, Unwatched, peak_memory_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from structlog.typing import FilteringBoundLogger

    from jifen_batch.errors import JifenError
    from jifen_batch.worker.draft import DraftRun
    from jifen_batch.worker.options import RunOptions
    from jifen_batch.worker.stages import Progress

SCRATCH = ".jifen-dry-run"


@dataclass(frozen=True)
class Rehearsal:
    """What the night would come to: its `outcome` where nothing refuses it, and each refusal.

    `manifest` as far as a run that is not published has one; `held_back` as in `RunReport`; `hanging`
    (`ANNOUNCED_EFFECT`) is what the next announcement would have to correct of what hangs.
    """

    run_id: str
    outcome: str
    refusals: list[JifenError]
    manifest: dict[str, Any]
    held_back: dict[str, Any] | None
    hanging: pl.DataFrame

    @property
    def exit_code(self) -> int:
        """The exit code that the night would end with."""
        if self.refusals:
            return int(self.refusals[0].exit_code)
        return int(ExitCode.HELD_BACK if self.outcome == HELD_BACK else ExitCode.DONE)


def rehearse(
    options: RunOptions,
    log: FilteringBoundLogger,
    progress: Progress | None = None,
    look: Callable[[DraftRun], None] | None = None,
) -> Rehearsal:
    """Work the night and say what would come of it; `look` is shown all its tables before they go.

    Raises what would keep the night from being worked at all, as `run` does.
    """
    stages = Stages(log, progress or Unwatched())
    publish.refuse_unsafe(options.out)
    with scratch.folder(Path(tempfile.gettempdir()), f"{SCRATCH}-{os.getuid()}-") as below:
        worked = night.work(options, below, stages)
        drafted = worked.drafted
        refusals = list(night.refusals(worked, stages, None))
        drafted.complete(worked.options, stages)
        with stages.stage("effect"):
            changed = hanging.would_change(options.out, drafted)
        if look:
            look(drafted)
        told = {"run_id": drafted.run_id, "timings": stages.timings, "peak_memory_bytes": peak_memory_bytes()}
        content = drafted.content | told
        return Rehearsal(drafted.run_id, worked.outcome, refusals, content, worked.held_back, changed)
