"""The progress of a run, or of what is counted, drawn on stderr where that is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jifen_batch.cli import language
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from jifen_batch.worker.stages import Progress

STAGES = {
    "rules": Sentence("rule books", "读细则"),
    "digest": Sentence("digests of files", "核对文件"),
    "register": Sentence("register", "读名册"),
    "events": Sentence("events", "读事项"),
    "resolve": Sentence("repeats and revisions", "去重与版本"),
    "score": Sentence("scoring", "记分"),
    "effect": Sentence("against what is announced", "对照已公告季度"),
    "loss": Sentence("against the run before", "对照上次事项"),
    "wallets": Sentence("redemptions", "积分换物"),
    "conclude": Sentence("ranks and sums", "排名与汇总"),
}


class Drawn:
    """A bar for the stage at work; its parts fill it."""

    def __init__(self, bars: Bars) -> None:
        """Begin with an empty bar."""
        self.bars = bars
        self.task: TaskID = bars.add_task("", total=None)

    def stage(self, name: str) -> None:
        """Name the bar, and let it run free until the parts are known."""
        self.bars.reset(self.task, description=language.here(STAGES[name]), total=None)

    def parts(self, done: int, total: int) -> None:
        """Fill the bar."""
        self.bars.update(self.task, completed=done, total=total)


@contextmanager
def watched() -> Iterator[Progress | None]:
    """Inside, a run is drawn if stderr is a terminal, and wiped away at the end; else nobody watches."""
    with _bars() as bars:
        yield Drawn(bars) if bars else None


@contextmanager
def counted(text: Sentence) -> Iterator[Callable[[int, int], None] | None]:
    """The same for something that is counted: what is done, of how many."""
    with _bars() as bars:
        if bars is None:
            yield None
            return
        task = bars.add_task(language.here(text), total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


@contextmanager
def _bars() -> Iterator[Bars | None]:
    """Bars on stderr where that is a terminal; null elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - help needs no bars
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield bars
