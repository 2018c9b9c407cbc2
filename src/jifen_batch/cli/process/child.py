"""The process that does a command's work: a copy of the one that reports it, which it does not outlive."""

from __future__ import annotations

import os
import resource
import sys
from typing import NoReturn

from jifen_batch import own_process
from jifen_batch.cli.exits import SignalledError
from jifen_batch.inputs.safety import reading_now


def main(note: int, parent: int, words: list[str]) -> NoReturn:
    """Do the work that a command line asks for, and exit with its code.

    `note` is the handle of the note for what is being read, `parent` the process that watches.
    The process ends at once: to take apart what a county left in memory, so that nobody has it, takes a
    fifth of a second. All that was said has been flushed (`output`).
    """
    own_process.end_with(parent)
    # A core would hold what was read about the households.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _hush_libraries()
    sys.unraisablehook = _unraisable
    reading_now.tell_to(note)
    from jifen_batch.cli.program import program  # noqa: PLC0415 - only once this cannot outlive the parent

    os._exit(program.work(words))


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


def _unraisable(error: sys.UnraisableHookArgs) -> None:
    """Say what a library keeps to itself, unless it is a signal to stop, which is told at the end."""
    if not isinstance(error.exc_value, SignalledError):
        sys.__unraisablehook__(error)
