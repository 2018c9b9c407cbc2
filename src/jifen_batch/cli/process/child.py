"""The process that does a command's work, started and watched by the one that reports it.

Started as `python -m jifen_batch.cli.process.child NOTE PARENT WORD …`: the handle of the note for
what is being read, the process that watches, and the command line. It does not
outlive the process that watches it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from typing import NoReturn

from jifen_batch.inputs.safety import reading_now

PR_SET_PDEATHSIG = 1


def main(note: int, parent: int, words: list[str]) -> NoReturn:
    """Do the work that a command line asks for, and exit with its code.

    The process ends at once: to take apart what a county left in memory, so that nobody has it, takes a
    fifth of a second. All that was said has been flushed (`output`).
    """
    # Before the command's body a signal to stop just ends this process, and the other one reports it.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _end_with(parent)
    # A core would hold what was read about the households.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _hush_libraries()
    reading_now.tell_to(note)
    from jifen_batch.cli.program import program  # noqa: PLC0415 - only once this cannot outlive the parent

    os._exit(program.work(words))


def _end_with(parent: int) -> None:
    """Have the system kill this process when its parent ends: nobody would report what it publishes."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _hush_libraries() -> None:
    """Let what native libraries print go nowhere, for a panic quotes cells; our own log goes on."""
    if sys.stderr is None:
        return
    sys.stderr.flush()
    ours = os.dup(sys.stderr.fileno())
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stderr.fileno())
    os.close(nothing)
    sys.stderr = open(  # noqa: PTH123, SIM115 - open as long as we run
        ours, "w", buffering=1, encoding=sys.stderr.encoding, errors=sys.stderr.errors
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
