"""A short night stays on the core on which it began, while nothing else works on the machine.

Polars and PyArrow hand each of their steps to a thread and wait for it. The system starts that thread on a
core at rest, and to wake one takes longer than the step of a village: held to one core, a village's run takes
less time by the clock, too. Where others work no core rests, and who is held to one may have to share it.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

# https://man7.org/linux/man-pages/man5/proc_loadavg.5.html: how many are running, of how many, comes fourth.
LOAD = Path("/proc/loadavg")
# https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the processor is field 39; the second, a name in
# brackets, may hold spaces.
OURSELVES, BEHIND_THE_NAME = Path("/proc/self/stat"), 39 - 3

# One look may meet a thread of the system's own that is gone a moment later.
LOOKS, PAUSE_SECONDS = 3, 0.002


def stay() -> None:
    """Hold this process, and what it starts from now on, to the core that it is on, if it alone works.

    A system that does not say who works, or does not let itself be told, goes on as it does.
    """
    with suppress(OSError, ValueError, IndexError):
        if _works_alone():
            core = int(OURSELVES.read_text().rpartition(")")[2].split()[BEHIND_THE_NAME])
            os.sched_setaffinity(0, {core})


def _works_alone() -> bool:
    """Whether nobody else runs, at one of a few looks. Raises where the system does not say so."""
    for look in range(LOOKS):
        if look:
            time.sleep(PAUSE_SECONDS)
        if int(LOAD.read_text().split()[3].split("/")[0]) <= 1:
            return True
    return False
