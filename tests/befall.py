"""In a worker of dask, by its `--preload`: what befalls it at a task of a kind, as the files of a folder say.

By `whom`: the `worker` alone, or its `host`, all that was started with it, get the signal `what`; the
`memory` of the process that does the task gets hardly larger; there are too few `files` to speak to it, or,
around all that is ours, too few `threads`, or a `library` fails. `once`: the file goes with the first.
"""

import errno
import json
import os
import resource
import signal
from contextlib import suppress
from pathlib import Path

from jifen_batch.engine import dask_worker
from jifen_batch.engine.processes import Child
from jifen_batch.inputs.safety import room

FOLDER = "JIFEN_BEFALL"
LITTLE_BYTES = 1 << 20
BEFORE, AFTER = ("memory", "files"), ("worker", "host")
# What a library says may quote a cell.
CELL = "PrivateCell"
AROUND = {"threads": RuntimeError(f"{room.NO_THREAD} {CELL}"), "library": KeyError(CELL)}


def befalls(whom):
    """What is to befall one of these at what this worker is at; null where nothing is."""
    for path in sorted(Path(os.environ[FOLDER]).iterdir()):
        # Of several who ask at a time one takes the file.
        with suppress(FileNotFoundError):
            asked = json.loads(path.read_text("ascii"))
            if asked["whom"] in whom and asked["kind"] in at_work_at():
                if asked["once"]:
                    path.unlink()
                return asked
    return None


def at_work_at():
    """The name of what this worker is at; dask has it of tasks, and not of a greeting."""
    from distributed.worker import thread_state  # noqa: PLC0415 - whoever starts workers may be without dask

    return getattr(thread_state, "key", "greet")


def befall(asked, child):
    """Let it happen."""
    if asked["whom"] == "memory":
        held = int(Path(f"/proc/{child.pid}/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.prlimit(child.pid, resource.RLIMIT_AS, (held + LITTLE_BYTES,) * 2)
    elif asked["whom"] == "files":
        raise OSError(errno.EMFILE, CELL)
    elif asked["whom"] == "worker":
        os.kill(os.getpid(), signal.Signals[asked["what"]])
    else:
        os.killpg(0, signal.Signals[asked["what"]])


def dask_setup(_worker):
    """Look at each order that this worker takes, and hands to a process of its own."""
    send, carried_out = Child.send, dask_worker.carried_out

    def sent(self, message):
        if asked := befalls(BEFORE):
            befall(asked, self._process)
        send(self, message)
        if asked := befalls(AFTER):
            befall(asked, self._process)

    def carried(order):
        if asked := befalls(AROUND):
            raise AROUND[asked["whom"]]
        return carried_out(order)

    Child.send, dask_worker.carried_out = sent, carried
