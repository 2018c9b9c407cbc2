"""Where the time of a run goes: seconds, rows and peak memory by stage, in order."""

from __future__ import annotations

import resource
import sys
import time
from contextlib import contextmanager
from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol

from jifen_batch.dataclass import dataclass
from jifen_batch.engine import memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from structlog.typing import FilteringBoundLogger

PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


class Progress(Protocol):
    """Somebody who watches a run; the numbers may come from several threads."""

    def stage(self, name: str) -> None:
        """Tell that a stage begins."""

    def parts(self, done: int, total: int) -> None:
        """Tell how many of the stage's parts are done."""


class Unwatched:
    """Nobody watches."""

    def stage(self, name: str) -> None:
        """Let it pass."""

    def parts(self, done: int, total: int) -> None:
        """Let it pass."""


@dataclass
class Stages:
    """The stages of a run so far; each is told to the log when it is over, and to who watches."""

    log: FilteringBoundLogger
    progress: Progress
    timings: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[dict[str, Any]]:
        """Time what happens inside; the caller sets `rows` of what it is given."""
        self.progress.stage(name)
        began = time.monotonic()
        timing: dict[str, Any] = {"stage": name, "seconds": 0.0, "rows": None}
        yield timing
        memory.give_back()
        seconds = time.monotonic() - began
        timing["seconds"] = round(seconds, 3)
        timing["rows_per_second"] = round(timing["rows"] / seconds) if timing["rows"] and seconds else None
        timing["peak_memory_bytes"] = peak_memory_bytes()
        self.timings.append(timing)
        self.log.debug("stage", **timing)


def peak_memory_bytes() -> int:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT
