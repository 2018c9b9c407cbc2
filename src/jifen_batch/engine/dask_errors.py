"""What errors of dask mean: it says them in its own words, which may quote anything, and we in ours."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

from jifen_batch.engine import orders
from jifen_batch.errors import InternalFaultError, JifenError, WorkersLostError, WorkersUnfitError
from jifen_batch.sentence import Sentence
from jifen_batch.storage import reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

# What it raises where a function that is sent by its name is not there.
WITHOUT_PROGRAM = (AttributeError, ImportError)
KILLED = "KilledWorker"
TRY_SECONDS = 2.0


def given_up(name: str, error: BaseException) -> JifenError:
    """The sentence about a task that dask gave up: its workers were killed, could not begin it, or failed."""
    place = Sentence(f"--workers: {name}", f"--workers：{name}")
    if type(error).__name__ == KILLED:
        return WorkersLostError(
            f"{place.en}: every worker that tried it was lost, as happens when memory runs out; "
            "give the workers more memory or let each do fewer tasks at a time (--nthreads), and run "
            "again; what was published stays as it was",
            f"{place.zh}：处理它的工作进程都失去了，多因内存不足；请给工作进程更多内存，"
            "或减少每个进程同时的任务（--nthreads），再重新执行；已发布的结果不变",
        )
    if isinstance(error, WITHOUT_PROGRAM):
        return WorkersUnfitError(
            f"{place.en}: a worker could not begin it: it has not this very program; install the same "
            "jifen-batch and the same packages there, and run again",
            f"{place.zh}：有工作进程无法执行：那里没有同样的程序；"
            "请装同样的 jifen-batch 和依赖包，再重新执行",
        )
    return failed(place, error)


def failed(place: Sentence, error: BaseException) -> JifenError:
    """The sentence about a worker that has our program, and failed around it."""
    told = orders.without_cells(error, place)
    if isinstance(told, InternalFaultError) and isinstance(error, OSError):
        kind = type(error).__name__
        why = reasons.reason(error.errno) if error.errno else Sentence(kind, kind)
        return WorkersLostError(
            f"{place.en}: a worker failed ({why.en}); see to its machine and its log, and run again; "
            "what was published stays as it was",
            f"{place.zh}：有工作进程出错（{why.zh}）；请检查那台机器和它的日志，再重新执行；已发布的结果不变",
        )
    return told


def why_unreached(error: BaseException, address: str) -> Sentence | None:
    """Why the scheduler at an address cannot be reached; null where nothing says it.

    dask tries again until its time is up, and then may not know any more of what: it is tried once more.
    """
    return _reason(error) or _reason(_tried(address))


def _tried(address: str) -> OSError | None:
    """What the system says of a connection there; null where there is one."""
    host, _, port = address.partition("://")[2].rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), TRY_SECONDS).close()
    except OSError as error:
        return error
    return None


def _reason(error: BaseException | None) -> Sentence | None:
    """What an error, or one that it came of, says."""
    for one in _behind(error):
        if isinstance(one, ssl.SSLCertVerificationError):
            return Sentence(
                "its certificate is not by the authority that is named here, or not of these days",
                "它的证书不是这里所写的机构签发的，或不在有效期内",
            )
        if isinstance(one, ssl.SSLError):
            return Sentence(
                "the two do not agree about TLS: it speaks none, or does not take our certificate",
                "双方的 TLS 对不上：它不用 TLS，或不接受我们的证书",
            )
        if isinstance(one, socket.gaierror):
            return Sentence("nobody knows a host of that name", "没有这个名称的主机")
        if isinstance(one, OSError) and one.errno in reasons.CHINESE:
            return reasons.reason(one.errno)
    return None


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """What an error came of, the first cause first."""
    errors: list[BaseException] = []
    behind = error
    while behind is not None and behind not in errors:
        errors.append(behind)
        behind = behind.__cause__ or behind.__context__
    yield from reversed(errors)
