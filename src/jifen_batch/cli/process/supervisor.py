"""The process that reports is not the one that reads: a command's work done by a child, and watched.

A damaged file can end the process that reads it, and a library that is deep in its work hears no signal.
So the work, with all that it prints, is a child's; this process only waits, hands signals on, and says
what happened when the child can not. It loads none of the libraries that read: the child is a copy of it,
and they must be loaded in one process only.
"""

from __future__ import annotations

import os
import resource
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jifen_batch import own_process
from jifen_batch.cli import exits
from jifen_batch.cli.process import child
from jifen_batch.cli.process.forked import fork
from jifen_batch.errors import InputRefusedError, JifenError
from jifen_batch.inputs.safety import reading_now, room
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jifen_batch.cli.process.forked import Forked
    from jifen_batch.inputs.safety.reading_now import ReadingNow

# A child that does not end by itself is killed: what is published is whole at any instruction.
GRACE_SECONDS = 3
PROBE_SECONDS_MAX = 60
# How a process ends that is refused memory in the middle of a library.
REFUSED_MEMORY = frozenset({signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGTRAP, signal.SIGILL})
KILLED = Sentence("was killed ({}), as happens when memory runs out", "被终止（{}），多因内存不足")
MORE_MEMORY = Sentence("with more free memory", "并留出更多空闲内存")
DIED = Sentence("died ({})", "异常退出（{}）")
REPORT = Sentence("and report it if it happens again", "再次发生请报告")


def work(words: Sequence[str]) -> int:
    """Have a child do what a command line asks for; the code that it ended with.

    Raises `SignalledError` where this process was told to stop and the child has not reported that,
    `InputRefusedError` where the child died of reading, `JifenError` where it died otherwise.
    """
    parent = os.getpid()
    with _note() as note:
        forked: Forked | None = None
        try:
            forked = fork(lambda: child.main(note, parent, [*words]))
            code = forked.ended()
        except exits.SignalledError as told:
            code = forked.stopped(told.number, GRACE_SECONDS) if forked else -told.number
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


def _died(number: int, reading: ReadingNow | None, note: int) -> JifenError | exits.SignalledError:
    """What to say of a child that a signal ended; no file is to blame for memory or time refused.

    One to stop came to the child alone, before it heeded any: whoever sent it wants the command to end.
    """
    if number in exits.STOPPING:
        return exits.SignalledError(number)
    name = signal.Signals(number).name
    if number in {signal.SIGXCPU, signal.SIGKILL} and _time_is_up():
        return exits.SignalledError(signal.SIGXCPU)
    if number in REFUSED_MEMORY and (short := room.short_of_memory()):
        return short
    # Nothing but the system's own hand, short of memory, or a person's, ends a process so.
    if number == signal.SIGKILL:
        how, remedy = KILLED, MORE_MEMORY
    else:
        how, remedy = DIED, REPORT
    ended = Sentence(how.en.format(name), how.zh.format(name))
    if reading is None:
        return JifenError(
            f"the process that does the work {ended.en}; {room.KEPT.en}; run again, {remedy.en}",
            f"工作进程{ended.zh}；{room.KEPT.zh}；请重新执行，{remedy.zh}",
        )
    if number == signal.SIGKILL:
        place = _place(reading)
        return InputRefusedError(
            f"{place.en}: {room.READER_KILLED.en}; {room.ROOM_FOR_READER.en}",
            f"{place.zh}：{room.READER_KILLED.zh}；{room.ROOM_FOR_READER.zh}",
        )
    place = _place(_culprit(reading, note))
    return InputRefusedError(
        f"{place.en}: the process that read it {ended.en}: it is damaged, encrypted or of another format; "
        "have it written or sent again",
        f"{place.zh}：读取它的进程{ended.zh}：文件损坏、加密或是别的格式；请重新导出或重新报送",
    )


def _time_is_up() -> bool:
    """Whether what our children used of the processor is what one of them may."""
    limit, _ = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return limit != resource.RLIM_INFINITY and used.ru_utime + used.ru_stime >= limit - 1


def _culprit(reading: ReadingNow, note: int) -> ReadingNow:
    """Of files that were read together, the one and its column that ends a process by itself."""
    import subprocess  # noqa: PLC0415 - only after a death

    command = own_process.command("jifen_batch.inputs.safety.probe", str(note))
    probe = subprocess.Popen(command, pass_fds=[note])  # noqa: S603 - ourselves
    try:
        code = probe.wait(PROBE_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        probe.kill()
        code = probe.wait()
    found = reading_now.last(note)
    return found if code < 0 and found else reading


def _place(reading: ReadingNow) -> Sentence:
    """Role, file and column; of several files the first."""
    first = reading.files[0]
    more = len(reading.files) - 1
    place = Sentence(f"{first.role}: {first.name}", f"{first.role}：{first.name}")
    if more:
        place = Sentence(
            f"{place.en} or one of {more} more files read with it",
            f"{place.zh} 或与它一起读取的另外 {more} 个文件之一",
        )
    if reading.columns and len(reading.columns) == 1:
        column = reading.columns[0]
        return Sentence(f"{place.en}: column {column}", f"{place.zh}：{column} 列")
    return place
