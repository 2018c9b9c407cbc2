"""Play a scene in a process of its own, and end or stand still at a file operation.

HOW is `kill` before the operation, `half` in the middle of what it writes, or `stop` before it until somebody
goes on with it or ends it; at operation 0 there is none, and the scene is played through. A scene that
another process holds the folder of ends with 5. The process is a copy of this one: a scene needs no more
than Python, and a start of it would take longer than the scene.
"""

from __future__ import annotations

import os
import signal
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from faults import scenes, seam
from jifen_batch.errors import LockedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIMIT_SECONDS = 60


@dataclass
class Child:
    """A process that plays a scene. `code`: how it ended, below 0 by which signal; null until then."""

    pid: int
    code: int | None = None

    def tell(self, number: int) -> None:
        """Send it a signal, unless it has ended: the number may be another process's by now."""
        if self.code is None:
            os.kill(self.pid, number)

    def ended(self) -> int:
        """Its code, awaited."""
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code


def begun(scene: str, out: Path, at: int, how: str) -> Child:
    """A child that plays a scene."""
    pid = os.fork()
    if not pid:
        _play(scene, out, ending(at, how))
    return Child(pid)


def _play(scene: str, out: Path, watcher: Callable[[seam.Call], object]) -> NoReturn:
    """The child's whole life: no frame of its parent's is ever gone back to."""
    code, store = 1, scenes.real()
    signal.alarm(LIMIT_SECONDS)
    try:
        with seam.watched(store.operations, watcher):
            scenes.SCENES[scene].play(store, out)
        code = 0
    except LockedError as error:
        code = int(error.exit_code)
    except BaseException:  # noqa: BLE001 - nobody else would tell
        traceback.print_exc()
    finally:
        os._exit(code)


def ending(at: int, how: str) -> Callable[[seam.Call], object]:
    """A watcher that ends the process at operation `at`."""

    def watcher(call: seam.Call) -> object:
        if call.number == at:
            if how == "half":
                call.half()
            os.kill(os.getpid(), signal.SIGSTOP if how == "stop" else signal.SIGKILL)
        return call.do()

    return watcher
