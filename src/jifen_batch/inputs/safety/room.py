"""What the system lets this process have: address space and threads; too little of either is nobody's file.

A library that is refused memory says the same of a sound file as of a damaged one, or takes the process
down; one that is refused a thread waits for it without end.
"""

from __future__ import annotations

import errno
import resource
import threading

from jifen_batch.errors import RoomError

MIB = 1 << 20
LIMITS = (resource.RLIMIT_AS, resource.RLIMIT_DATA)
RAISE_MEMORY = "raise it (ulimit -v, LimitAS= of the service)"
KEPT = "what was published stays as it was"
RAISE_THREADS = f"raise LimitNPROC= of the service (ulimit -u) or the container's pids limit; {KEPT}"


def address_space() -> int | None:
    """The bytes that this process may have of addresses; null = no limit but the machine's."""
    limits = (resource.getrlimit(kind)[0] for kind in LIMITS)
    return min((limit for limit in limits if limit != resource.RLIM_INFINITY), default=None)


def short_of_memory(doing: str) -> RoomError | None:
    """The complaint about memory that was refused, where it is limited; else null."""
    limit = address_space()
    if limit is None:
        return None
    return RoomError(
        f"{doing} memory was refused: the address space of this process is limited to {limit // MIB:,} MiB "
        f"(RLIMIT_AS); {RAISE_MEMORY}; {KEPT}"
    )


def is_refused_memory(error: BaseException) -> bool:
    """Whether an error says that there is no memory, or may come of it as a library that cannot be loaded."""
    no_memory = isinstance(error, OSError) and error.errno == errno.ENOMEM
    return isinstance(error, MemoryError | ImportError) or no_memory


def check_threads(wanted: int) -> None:
    """Start so many threads and end them again. Raises `RoomError` where that is refused."""
    go = threading.Event()
    started: list[threading.Thread] = []
    try:
        for _ in range(wanted):
            thread = threading.Thread(target=go.wait)
            thread.start()
            started.append(thread)
    except RuntimeError as error:
        raise RoomError(no_threads(len(started), wanted)) from error
    finally:
        go.set()
        for thread in started:
            thread.join()


def no_threads(started: int, wanted: int) -> str:
    """The sentence for threads that may not be started."""
    return (
        f"no more threads may be started: {started} of the {wanted} that the work takes; "
        f"{how_to_raise_threads()}"
    )


def how_to_raise_threads() -> str:
    """What to do where threads are refused: their number is limited, or the addresses for their stacks."""
    limit = address_space()
    if limit is None:
        return RAISE_THREADS
    limited = f"the address space is limited to {limit // MIB:,} MiB (RLIMIT_AS)"
    return f"{limited}: {RAISE_MEMORY}; or {RAISE_THREADS}"
