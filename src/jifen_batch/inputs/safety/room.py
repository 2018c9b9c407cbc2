"""What the system lets this process have: address space and threads; too little of either is nobody's file.

A library that is refused memory says the same of a sound file as of a damaged one, or takes the process
down; one that is refused a thread waits for it without end.
"""

from __future__ import annotations

import errno
import os
import resource
import threading

from jifen_batch.errors import RoomError
from jifen_batch.sentence import Sentence
from jifen_batch.storage import reasons

MIB = 1 << 20
WHILE_THIS_RAN = Sentence("while this ran,", "执行中")
LIMITS = (resource.RLIMIT_AS, resource.RLIMIT_DATA)
# Nothing but the system's own hand, short of memory, or a person's, kills a reader.
READER_KILLED = Sentence(
    "the process that read it was killed (SIGKILL), as happens when memory runs out",
    "读取它的进程被终止（SIGKILL），多因内存不足",
)
ROOM_FOR_READER = Sentence(
    "check its size, or run again with more free memory", "请检查其大小，或重新执行，并留出更多空闲内存"
)
RAISE_MEMORY = Sentence(
    "raise it (ulimit -v, LimitAS= of the service)", "请放宽（ulimit -v、服务的 LimitAS=）"
)
KEPT = Sentence("what was published stays as it was", "已发布的结果不变")
RAISE_THREADS = Sentence(
    f"raise LimitNPROC= of the service (ulimit -u) or the container's pids limit; {KEPT.en}",
    f"请放宽服务的 LimitNPROC=（ulimit -u）或容器的 pids 上限；{KEPT.zh}",
)
RAISE_FILES = Sentence(
    f"raise LimitNOFILE= of the service (ulimit -n); {KEPT.en}",
    f"请放宽服务的 LimitNOFILE=（ulimit -n）；{KEPT.zh}",
)
NO_FILES = (errno.EMFILE, errno.ENFILE)
DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG})
# What Python says of a thread that the system does not let it start.
NO_THREAD = "can't start new thread"
# And what libraries do.
NO_THREAD_SIGNS = (NO_THREAD, os.strerror(errno.EAGAIN))


def processors() -> int:
    """How many processors this process may use."""
    # Python on macOS cannot ask that before 3.13.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def address_space() -> int | None:
    """The bytes that this process may have of addresses; null = no limit but the machine's."""
    limits = (resource.getrlimit(kind)[0] for kind in LIMITS)
    return min((limit for limit in limits if limit != resource.RLIM_INFINITY), default=None)


def short_of_memory(doing: Sentence = WHILE_THIS_RAN) -> RoomError | None:
    """The complaint about memory that was refused, where it is limited; else null."""
    limit = address_space()
    if limit is None:
        return None
    return RoomError(
        f"{doing.en} memory was refused: the address space of this process is limited to "
        f"{limit // MIB:,} MiB (RLIMIT_AS); {RAISE_MEMORY.en}; {KEPT.en}",
        f"{doing.zh}申请内存被拒：本进程的地址空间限于 {limit // MIB:,} MiB（RLIMIT_AS），"
        f"{RAISE_MEMORY.zh}；{KEPT.zh}",
    )


def short_of(error: BaseException) -> Sentence | None:
    """The sentence for an error of too few threads, files, memory or room on the disk; null for others."""
    if isinstance(error, OSError) and error.errno in DISK_ERRORS:
        why = reasons.reason(error.errno)
        return Sentence(
            f"the disk or file system failed ({why.en}); make room and run again",
            f"磁盘或文件系统出错（{why.zh}）；请腾出空间后重新执行",
        )
    if is_refused_files(error):
        return no_files()
    if isinstance(error, BlockingIOError) or any(sign in str(error) for sign in NO_THREAD_SIGNS):
        remedy = how_to_raise_threads()
        return Sentence(
            f"no more threads or processes may be started; {remedy.en}", f"不能再启动线程或进程；{remedy.zh}"
        )
    short = short_of_memory() if is_refused_memory(error) else None
    return short.sentence if short else None


def is_refused_files(error: BaseException) -> bool:
    """Whether an error says that no more files may be opened."""
    if not isinstance(error, OSError):
        return False
    # Libraries say in their text only which error of the system it was.
    return error.errno in NO_FILES or any(os.strerror(one) in str(error) for one in NO_FILES)


def is_refused_memory(error: BaseException) -> bool:
    """Whether an error says that there is no memory, or may come of it as a library that cannot be loaded."""
    if isinstance(error, OSError):
        # PyArrow says in its text only why it cannot map a file.
        return error.errno == errno.ENOMEM or (not error.errno and os.strerror(errno.ENOMEM) in str(error))
    return isinstance(error, MemoryError | ImportError)


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
        raise RoomError(*no_threads(len(started), wanted)) from error
    finally:
        go.set()
        for thread in started:
            thread.join()


def short_of_threads() -> RoomError | None:
    """The error where not even a thread for each processor may be started now; null where they may."""
    try:
        check_threads(processors())
    except RoomError as error:
        return error
    return None


def check_files(wanted: int) -> None:
    """Take so many handles, as pipes, and give them back. Raises `RoomError` where that is refused.

    Where it shows only later, a sound input would be told to be unreadable.
    """
    opened: list[int] = []
    try:
        for _ in range(wanted // 2):
            opened += os.pipe()
    except OSError as error:
        raise RoomError(*no_files()) from error
    finally:
        for one in opened:
            os.close(one)


def no_files() -> Sentence:
    """The sentence for files that may not be opened."""
    return Sentence(f"no more files may be opened; {RAISE_FILES.en}", f"不能再打开文件；{RAISE_FILES.zh}")


def no_threads(started: int, wanted: int) -> Sentence:
    """The sentence for threads that may not be started."""
    remedy = how_to_raise_threads()
    return Sentence(
        f"no more threads may be started: {started} of the {wanted} that the work takes; {remedy.en}",
        f"不能再启动线程：只启动了 {started} 个，本次工作需要 {wanted} 个；{remedy.zh}",
    )


def how_to_raise_threads() -> Sentence:
    """What to do where threads are refused: their number is limited, or the addresses for their stacks."""
    limit = address_space()
    if limit is None:
        return RAISE_THREADS
    return Sentence(
        f"the address space is limited to {limit // MIB:,} MiB (RLIMIT_AS): {RAISE_MEMORY.en}; or "
        f"{RAISE_THREADS.en}",
        f"地址空间限于 {limit // MIB:,} MiB（RLIMIT_AS），{RAISE_MEMORY.zh}；或{RAISE_THREADS.zh}",
    )
