"""In a worker of dask, by its `--preload`: what befalls it when it is at a task of a kind, as a file says.

By `whom`: the `worker` alone, or its `host`, all that was started with it, get the signal `what`; the
`memory` of the process that does the task gets hardly larger; there are too few `files` to speak to it, or,
around all that is ours, too few `threads`, or a `library` fails. `once` lets the file go with the first.
"""

import errno
import json
import os
import resource
import signal
from pathlib import Path

from jifen_batch.engine import dask_worker
from jifen_batch.engine.processes import Child
from jifen_batch.inputs.safety import room

FILE = "JIFEN_BEFALL"
LITTLE_BYTES = 1 << 20
BEFORE = ("memory", "files")
# What a library says may quote a cell.
CELL = "PrivateCell"
AROUND = {"threads": RuntimeError(f"{room.NO_THREAD} {CELL}"), "library": KeyError(CELL)}


def asked_in(path):
    """What is to befall somebody; null where nothing is: another may take the file at any time."""
    try:
        return json.loads(path.read_text("ascii"))
    except FileNotFoundError:
        return None


def taken(asked, path):
    """Whether this is the one whom it befalls; of several who ask at a time, one is."""
    if not asked["once"]:
        return True
    try:
        path.rename(path.with_suffix(f".{os.getpid()}"))
    except FileNotFoundError:
        return False
    return True


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


def at_work_at():
    """The name of what this worker is at; dask has it of tasks, and not of a greeting."""
    from distributed.worker import thread_state  # noqa: PLC0415 - whoever starts workers may be without dask

    return getattr(thread_state, "key", "greet")


def dask_setup(_worker):
    """Look at each order that this worker hands to a process of its own."""
    path, send = Path(os.environ[FILE]), Child.send

    def sent(self, message):
        asked = asked_in(path)
        wanted = asked is not None and asked["kind"] in at_work_at() and taken(asked, path)
        if wanted and asked["whom"] in BEFORE:
            befall(asked, self._process)
        send(self, message)
        if wanted and asked["whom"] not in BEFORE:
            befall(asked, self._process)

    carried_out = dask_worker.carried_out

    def carried(order):
        asked = asked_in(path)
        if asked is not None and asked["whom"] in AROUND:
            raise AROUND[asked["whom"]]
        return carried_out(order)

    Child.send, dask_worker.carried_out = sent, carried
