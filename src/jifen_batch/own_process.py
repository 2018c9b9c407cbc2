"""Another process of this program: how it is started, and that it does not outlive who started it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1


def command(module: str, *words: str) -> list[str]:
    """The command line that runs a module of ours.

    From the folder where this program was called nothing is imported: it may hold other people's files.
    """
    return [sys.executable, "-P", "-m", module, *words]


def end_with(parent: int) -> None:
    """Have the system kill this process when its parent ends: nobody would report what it publishes."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
