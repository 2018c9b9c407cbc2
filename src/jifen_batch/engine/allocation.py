"""How the process takes memory from the system, settled before the libraries that ask for it.

The kernels let go of one column as they make the next. Giving that memory back, and asking for it
again a moment later, costs more than the arithmetic: a third of the processor time of a large run
went into page faults. So what is let go is kept some seconds for the next step, and taken in large pages
where the system has them; what no step has wanted for so long is given back.

A virtual machine whose host takes back what is free gets every large page afresh from there, which takes
longer than the page saves: there memory is taken in small ones. PyArrow's allocator and numpy ask for large
ones by themselves, each in its own way, so there the system is told that this process has none.

On few processors all threads of polars share one store, so that a column that one thread let go of serves the
next thread: with a store for each, a tenth more memory was touched. On many they would wait for each other.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path

from jifen_batch.inputs.safety import room

JEMALLOC_VARIABLE = "_RJEM_MALLOC_CONF"
JEMALLOC = "dirty_decay_ms:5000,muzzy_decay_ms:0,oversize_threshold:0"
LARGE_PAGES, ONE_STORE = ",thp:always", ",narenas:1"
# From so many processors on, threads would wait for one store's lock.
PROCESSORS_FOR_MANY = 4
# The memory balloon of VIRTIO 1.2 (section 5.5): its kind, and its feature that free pages are reported.
VIRTIO_DEVICES = Path("/sys/bus/virtio/devices")
BALLOON, PAGE_REPORTING = 5, 5
# linux/prctl.h: no large pages for this process and those that it starts, whoever asks for them.
PR_SET_THP_DISABLE = 41
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
KEPT_BYTES = 1 << 30
HEAPS = 4
LARGEST_KEPT_BYTES = 1 << 25  # the most that the C library takes; a column of a part is a tenth of it
ARROW_VARIABLE = "MIMALLOC_PURGE_DELAY"
A_MINUTE_IN_MS = "60000"
# numpy's library for matrices, of which there are none here, would start a thread that waits in a circle.
BLAS_VARIABLE = "OPENBLAS_NUM_THREADS"


def keep_what_is_let_go() -> None:
    """Tell polars' allocator, by the variable it reads when it is loaded, and the C library's."""
    os.environ.setdefault(JEMALLOC_VARIABLE, jemalloc())
    os.environ.setdefault(ARROW_VARIABLE, A_MINUTE_IN_MS)
    os.environ.setdefault(BLAS_VARIABLE, "1")
    with contextlib.suppress(OSError, AttributeError):  # another C library: slower, not wrong
        library = ctypes.CDLL(None)
        if _host_takes_back():
            library.prctl(PR_SET_THP_DISABLE, *map(ctypes.c_ulong, (1, 0, 0, 0)))
        mallopt = library.mallopt
        mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT_BYTES)
        mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)
        # Of one heap all threads wait for each other's turn; more than there are threads would lie unused.
        mallopt(M_ARENA_MAX, HEAPS)


def jemalloc() -> str:
    """What polars' allocator is told on this machine."""
    pages = "" if _host_takes_back() else LARGE_PAGES
    return JEMALLOC + pages + (ONE_STORE if room.processors() < PROCESSORS_FOR_MANY else "")


def _host_takes_back() -> bool:
    """Whether this is a virtual machine that reports its free pages; false where the system does not tell."""
    with contextlib.suppress(OSError, ValueError):
        return any(_reports(device) for device in VIRTIO_DEVICES.iterdir())
    return False


def _reports(device: Path) -> bool:
    """Whether a device is a balloon that reports free pages; its features are told from the first on."""
    if int((device / "device").read_text(encoding="ascii"), 16) != BALLOON:
        return False
    features = (device / "features").read_text(encoding="ascii")
    return features[PAGE_REPORTING : PAGE_REPORTING + 1] == "1"
