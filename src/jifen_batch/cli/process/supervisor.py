"""The process that reports is not the one that reads: a command's work done by a child, and watched.

A damaged file can end the process that reads it, and a library that is deep in its work hears no signal.
So the work, with all that it prints, is a child's; this process only waits, hands signals on, and says
what happened when the child can not. It loads none of the libraries that read.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jifen_batch.cli import exits
from jifen_batch.errors import InputRefusedError, JifenError
from jifen_batch.inputs.safety import reading_now

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.inputs.safety.reading_now import ReadingNow

# A child that does not end by itself is killed: what is published is whole at any instruction.
GRACE_SECONDS = 3
PROBE_SECONDS_MAX = 60
# From the child's directory nothing is imported: it may hold other people's files.
PYTHON = (sys.executable, "-P", "-m")
KEPT = "what was published stays as it was"


def work(words: Sequence[str]) -> int:
    """Have a child do what a command line asks for; the code that it ended with.

    Raises `SignalledError` where this process was told to stop and the child has not reported that,
    `InputRefusedError` where the child died of reading, `JifenError` where it died otherwise.
    """
    with _note() as note:
        child: subprocess.Popen[bytes] | None = None
        try:
            child = _start("jifen_batch.cli.process.child", note, str(os.getpid()), *words)
            code = _ended(child)
        except exits.SignalledError as told:
            code = _stop(child, told.number)
            if code < 0:
                raise
        if code < 0:
            raise _died(-code, reading_now.last(note), note)
        return code


@contextmanager
def _note() -> Iterator[int]:
    """A note for a child, closed at the end."""
    handle = reading_now.new_note()
    try:
        yield handle
    finally:
        os.close(handle)


def _start(module: str, note: int, *words: str) -> subprocess.Popen[bytes]:
    """Start a process of this program that has the note and our stdin, stdout and stderr."""
    return subprocess.Popen([*PYTHON, module, str(note), *words], pass_fds=[note])  # noqa: S603 - ourselves


def _ended(child: subprocess.Popen[bytes]) -> int:
    """The code of a child, awaited; a signal to stop counts until that is taken, or where it was no report.

    The system tells an end once. A signal between its answer and our keeping that would lose the code,
    and the library puts 0 in the place of a lost one; so the end is looked at first, and taken unstopped.
    """
    # Python on macOS cannot look without taking before 3.13: there the code may be lost.
    if not hasattr(os, "waitid"):
        return child.wait()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    exits.hold()
    code = child.wait()
    if code >= 0:
        exits.decided()
    exits.release()
    return code


def _stop(child: subprocess.Popen[bytes] | None, number: int) -> int:
    """Hand a signal on; the code of a child that ends in time, and below 0 where it did not report."""
    if child is None:
        return -number
    child.send_signal(number)
    try:
        return child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def _died(number: int, reading: ReadingNow | None, note: int) -> JifenError:
    """What to say of a child that a signal ended."""
    name = signal.Signals(number).name
    # Nothing but the system's own hand, short of memory, or a person's, ends a process so.
    if number in {signal.SIGKILL, signal.SIGTERM}:
        ended, remedy = f"was killed ({name}), as happens when memory runs out", "with more free memory"
    else:
        ended, remedy = f"died ({name})", "and report it if it happens again"
    if reading is None:
        return JifenError(f"the process that does the work {ended}; {KEPT}; run again, {remedy}")
    if number == signal.SIGKILL:
        return InputRefusedError(
            f"{_place(reading)}: the process that read it {ended}; check its size, or run again {remedy}"
        )
    return InputRefusedError(
        f"{_place(_culprit(reading, note))}: the process that read it {ended}: it is damaged, encrypted or "
        "of another format; have it written or sent again"
    )


def _culprit(reading: ReadingNow, note: int) -> ReadingNow:
    """Of files that were read together, the one and its column that ends a process by itself."""
    probe = _start("jifen_batch.inputs.safety.probe", note)
    try:
        code = probe.wait(PROBE_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        probe.kill()
        code = probe.wait()
    found = reading_now.last(note)
    return found if code < 0 and found else reading


def _place(reading: ReadingNow) -> str:
    """Role, file and column; of several files the first."""
    first = reading.files[0]
    more = len(reading.files) - 1
    place = f"{first.role}: {first.name}" + (f" or one of {more} more files read with it" if more else "")
    alone = len(reading.columns or ()) == 1
    return f"{place}: column {reading.columns[0]}" if alone and reading.columns else place
