"""Play a scene in a process of its own, and end or stand still at a file operation.

`child.py SCENE OUT AT HOW`; HOW is `kill` before the operation, `half` in the middle of what it writes, or
`stop` before it until somebody goes on with it or ends it. AT 0 plays the scene through. A scene that
another process holds the folder of ends with 5.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from faults import scenes, seam
from jifen_batch.errors import LockedError

if TYPE_CHECKING:
    from collections.abc import Callable


def ending(at: int, how: str) -> Callable[[seam.Call], object]:
    """A watcher that ends the process at operation `at`."""

    def watcher(call: seam.Call) -> object:
        if call.number == at:
            if how == "half":
                call.half()
            os.kill(os.getpid(), signal.SIGSTOP if how == "stop" else signal.SIGKILL)
        return call.do()

    return watcher


if __name__ == "__main__":
    scene, out, number, manner = sys.argv[1:]
    store = scenes.real()
    with seam.watched(store.operations, ending(int(number), manner)):
        try:
            scenes.SCENES[scene].play(store, Path(out))
        except LockedError as error:
            sys.exit(int(error.exit_code))
