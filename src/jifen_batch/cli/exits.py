"""How a command ends: the sentence and the exit code for whatever stopped it (specification 5).

Messages of foreign errors are never shown: polars quotes the cells it stumbled on. What is shown is the
kind of error and the place in this program.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from jifen_batch.cli import output, usage
from jifen_batch.cli.language import here
from jifen_batch.errors import JifenError, RulesRefusedError, UsageRefusedError, place_of
from jifen_batch.inputs.safety import room
from jifen_batch.scheme.exit_codes import ExitCode
from jifen_batch.scheme.outcomes import FAILED
from jifen_batch.sentence import Sentence
from jifen_batch.storage import address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from jifen_batch.errors import Complaint

NO_TIME = Sentence(
    ": the processor time that this process may use is used up (RLIMIT_CPU); raise it (ulimit -t, LimitCPU= "
    "of the service)",
    "：本进程可用的处理器时间已用完（RLIMIT_CPU），请放宽（ulimit -t、服务的 LimitCPU=）",
)
NOWHERE = Sentence(
    "the folder that this command runs in was deleted, so that paths which do not begin with / lead nowhere; "
    "change to a folder that is there (cd), or write whole paths",
    "执行命令时所在的文件夹已被删除，不以 / 开头的路径都找不到；请先用 cd 进入一个存在的文件夹，或写完整路径",
)
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# Those that came. A library that was calling Python then may keep what was raised to itself, and stumble on.
came: list[int] = []


class SignalledError(BaseException):
    """The process was told to stop; raised in the main thread so that locks and folders are let go."""

    def __init__(self, number: int) -> None:
        """Keep the signal's number."""
        self.number = number
        super().__init__(f"stopped by {signal.Signals(number).name}")


@contextmanager
def stopping_signals() -> Iterator[None]:
    """Inside, a signal to stop raises SignalledError; one that the caller ignores stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in STOPPING}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _raise_signalled)
    try:
        yield
    finally:
        for number, handler in before.items():
            # Once one came, all are ignored to the process's end: it has been reported.
            if signal.getsignal(number) in {_raise_signalled, _let_pass}:
                signal.signal(number, handler)


def hold() -> None:
    """Let signals to stop wait until the command line is understood: before, none could be told in full."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)


def release() -> None:
    """Let those that waited come."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)


def heed_children() -> None:
    """Have the system tell how a child ended, also where who started us ignores that of its own."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def decided() -> None:
    """From now on no signal changes how the command ends, for its last line is about to say it."""
    if threading.current_thread() is threading.main_thread():
        for number in STOPPING:
            if signal.getsignal(number) is _raise_signalled:
                signal.signal(number, _let_pass)


def settle(error: BaseException, *, as_json: bool) -> int:
    """Say what stopped a command, on stderr and as JSON on stdout, and give the exit code."""
    code, sentence = verdict(error)
    if isinstance(error, RulesRefusedError):
        _complain(error, code)
    else:
        logged(sentence, code, type(error).__name__)
    if os.environ.get("JIFEN_DEBUG"):
        with output.on_stderr():
            click.echo(traced(error), err=True, nl=False)
    if as_json:
        output.of_failure(failure(error))
    return code


def _complain(error: RulesRefusedError, code: int) -> None:
    """Say each complaint: a line of the log, and on a terminal as compilers do, for an editor to jump to."""
    from jifen_batch.cli import logs  # noqa: PLC0415 - structlog takes a moment that --help has not

    if logs.on_a_terminal():
        with output.on_stderr():
            told = "\n".join(here(complaint.sentence) for complaint in error.complaints)
            click.echo(address.shown(told), err=True)
        return
    for one in error.complaints:
        logged(one.sentence, code, type(error).__name__, file=one.file, line=one.line)


def logged(sentence: Sentence, code: int, kind: str, **place: object) -> None:
    """Say what stopped a command as a line of the log."""
    from jifen_batch.cli import logs  # noqa: PLC0415 - as above

    both = sentence._asdict()
    logs.logger().error(here(sentence), exit_code=code, kind=kind, **place, sentence=both)


def failure(error: BaseException) -> dict[str, object]:
    """What `--json` says of a failed command."""
    code, sentence = verdict(error)
    said: dict[str, object] = {
        "outcome": FAILED,
        "exit_code": code,
        "error": here(sentence),
        "sentence": sentence._asdict(),
    }
    if isinstance(error, RulesRefusedError):
        said["complaints"] = [complained(complaint) for complaint in error.complaints]
    return said


def complained(complaint: Complaint) -> dict[str, object]:
    """What `--json` says of a complaint: its parts in the language of the command, and all of it in both."""
    return {
        "file": complaint.file,
        "line": complaint.line,
        "problem": here(complaint.problem),
        "remedy": here(complaint.remedy),
        "sentence": complaint.sentence._asdict(),
    }


def traced(error: BaseException) -> str:
    """The traceback, for whoever mends the program; of foreign errors their kind alone: they quote cells."""
    lines, told = list[str](), set[int]()
    behind: BaseException | None = error
    while behind is not None and id(behind) not in told:
        told.add(id(behind))
        said = f": {behind}" if isinstance(behind, JifenError | SignalledError) else ""
        lines = [*traceback.format_tb(behind.__traceback__), f"{type(behind).__name__}{said}\n", *lines]
        behind = behind.__cause__ or (None if behind.__suppress_context__ else behind.__context__)
    return "".join(["Traceback (most recent call last, causes first):\n", *lines])


def verdict(error: BaseException) -> tuple[int, Sentence]:
    """The exit code and the sentence for an error, in both languages."""
    if isinstance(error, click.ClickException):
        return int(ExitCode.USAGE), usage.whole(error)
    if came:
        error = SignalledError(came[0])
    if isinstance(error, RulesRefusedError):
        count = len(error.complaints)
        first = error.complaints[0].sentence
        return int(error.exit_code), Sentence(
            f"{count} complaint(s) about {error.about}; correct them and run again; the first: {first.en}",
            f"{error.about_zh}有 {count} 处问题，请改正后重新执行；第一处：{first.zh}",
        )
    if isinstance(error.__cause__ or error, FileNotFoundError) and _is_nowhere():
        error = UsageRefusedError(*NOWHERE)
    if isinstance(error, JifenError):
        return int(error.exit_code), error.sentence
    if isinstance(error, SignalledError | KeyboardInterrupt):
        return _interrupted(error.number if isinstance(error, SignalledError) else int(signal.SIGINT))
    if said := room.short_of(error):
        return int(ExitCode.DISK), said
    return int(ExitCode.INTERNAL), Sentence(
        f"{place_of(error)}: an internal error ({type(error).__name__}); this log line names the place, "
        "JIFEN_DEBUG=1 adds the traceback; what was published stays as it was",
        f"{place_of(error)}：程序内部错误（{type(error).__name__}）；本行日志已指明位置，"
        "JIFEN_DEBUG=1 附上调用栈；已发布的结果不变",
    )


def _is_nowhere() -> bool:
    """Whether the folder that this process runs in is gone, so that a relative path leads nowhere."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _interrupted(number: int) -> tuple[int, Sentence]:
    """The same for a signal."""
    # numpy's OpenBLAS interrupts the process where it may not start its threads.
    if number == signal.SIGINT and (refused := room.short_of_threads()):
        return int(refused.exit_code), refused.sentence
    name = signal.Signals(number).name
    why = NO_TIME if number == signal.SIGXCPU else Sentence("", "")
    return 128 + number, Sentence(
        f"stopped by {name}{why.en}; what was published stays as it was; run again",
        f"被信号 {name} 停下{why.zh}；已发布的结果不变，请重新执行",
    )


def _let_pass(_number: int, _frame: FrameType | None) -> None:
    """The handler of signals that come too late."""


def _raise_signalled(number: int, _frame: FrameType | None) -> NoReturn:
    """The handler of signals to stop; the first is enough, a second would tear its report."""
    for one in STOPPING:
        signal.signal(one, signal.SIG_IGN)
    came.append(number)
    raise SignalledError(number)
