"""How much of the memory that a run may hold is for its rows; the rest is for what works on them."""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path

import pyarrow as pa

# Two pieces of the input being read, and what is merged on its way to the disk.
AT_WORK_BYTES = 900 << 20
# A part being scored and written.
PART_BYTES = 320 << 20
# What a process with a library in it holds before it does anything, and one piece or part that it works on.
WORKER_BYTES = 700 << 20
SHARE_OF_FREE = 0.6
STATM, RESIDENT_PAGES = Path("/proc/self/statm"), 1
# What programs may have without others being pushed out, in KiB: what the system keeps of files counts, too.
MEMINFO, AVAILABLE = Path("/proc/meminfo"), "MemAvailable:"


def for_rows(memory: int | None) -> int:
    """Bytes for rows that wait, of a budget for the whole process; null = what the machine has free.

    To be asked when all that stays is there: the libraries, and the register of a county.
    """
    return max(0, _left(memory) - AT_WORK_BYTES)


def parts_at_once(memory: int | None, cores: int) -> int:
    """How many parts this process may score at the same time; at least one, however small the budget.

    One more than there are cores: while a part waits for Python or the disk, the others are at work.
    """
    return max(1, min(cores + 1, _left(memory) // PART_BYTES))


def workers_at_once(memory: int | None, cores: int) -> int:
    """How many processes may work for this one, a core each; at least one."""
    return max(1, min(cores, _left(memory) // WORKER_BYTES))


def _left(memory: int | None) -> int:
    """What is left of a budget, or of what the machine has free."""
    return free_bytes() if memory is None else memory - held_bytes()


def free_bytes() -> int:
    """What the machine has free, or would have for whoever asks, less a margin for its other work."""
    available = _available_bytes()
    free = os.sysconf("SC_AVPHYS_PAGES") * _page_bytes() if available is None else available
    return int(free * SHARE_OF_FREE)


def _available_bytes() -> int | None:
    """What the system says is to be had; null where it does not tell."""
    try:
        told = MEMINFO.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in told if line.startswith(AVAILABLE)]
    return int(found[0]) * 1024 if found else None


def held_bytes() -> int:
    """What this process holds now; 0 where the system does not tell."""
    try:
        told = STATM.read_text(encoding="ascii")
    except OSError:
        return 0
    return int(told.split()[RESIDENT_PAGES]) * _page_bytes()


def give_back() -> None:
    """Give back what Arrow and the C library keep for a next step: for between steps that are unlike."""
    pa.default_memory_pool().release_unused()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _page_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE")
