"""A copy of this process that does the work: made before anything heavy is loaded, awaited, and ended.

A copy has the interpreter and the command line that are loaded already; a second start of Python would load
them again. It is made while this process has one thread and none of the libraries that start some.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

from jifen_batch.cli import exits
from jifen_batch.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

LOOK_SECONDS = 0.01


@dataclass
class Forked:
    """A child of this process. `code`: how it exited, below 0 the signal that ended it; null until then."""

    pid: int
    code: int | None = None

    def ended(self) -> int:
        """Its code, awaited; a signal to stop counts until that is taken, or where it was no report.

        The system tells an end once. A signal between its answer and our keeping that would lose the code;
        so the end is looked at first, and taken while signals wait.
        """
        # Python on macOS cannot look without taking before 3.13: there the code may be lost.
        if hasattr(os, "waitid"):
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
            exits.hold()
        code = self._take(0)
        assert code is not None  # noqa: S101 - awaited
        if code >= 0:
            exits.decided()
        exits.release()
        return code

    def stopped(self, number: int, seconds: float) -> int:
        """Hand a signal on; its code, and that of SIGKILL where it does not end by itself in time."""
        self._signal(number)
        until = time.monotonic() + seconds
        while (code := self._take(os.WNOHANG)) is None:
            if time.monotonic() > until:
                self._signal(signal.SIGKILL)
                code = self._take(0)
                assert code is not None  # noqa: S101 - awaited
                break
            time.sleep(LOOK_SECONDS)
        return code

    def _take(self, how: int) -> int | None:
        """Its code, where the system tells it; told once, and kept."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, how)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code

    def _signal(self, number: int) -> None:
        """Tell it, unless its end was taken already: the number may be another process's by now."""
        if self.code is None:
            os.kill(self.pid, number)


def fork(work: Callable[[], NoReturn]) -> Forked:
    """Start a child that does `work` and never comes back from it.

    It heeds no handler of ours until its work sets some: a signal to stop just ends it. What the caller
    ignores stays ignored. Raises `OSError` where the system starts no more processes.
    """
    exits.hold()
    try:
        pid = os.fork()
        if pid:
            return Forked(pid)
        _work_alone(work)
    finally:
        exits.release()


def _work_alone(work: Callable[[], NoReturn]) -> NoReturn:
    """The child's whole life: no frame of its parent's is ever gone back to."""
    try:
        for number in exits.STOPPING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
        exits.release()
        # Nothing is imported from the folder where the command was called: it may hold other people's files.
        if not sys.flags.safe_path:
            sys.path[:1] = []
        work()
    finally:
        os._exit(1)
