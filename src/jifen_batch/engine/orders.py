"""A task as it is sent, and what came of it as it is answered: never an exception, for those quote cells.

Whoever runs tasks for us writes exceptions and arguments into logs of its own. So an order is bytes, and an
answer is bytes; only what both languages can say of a failure is in it.
"""

from __future__ import annotations

import os
import pickle
from typing import Any, Protocol

from jifen_batch.dataclass import dataclass
from jifen_batch.engine import fitness, handed_over
from jifen_batch.engine.fitness import Greet
from jifen_batch.errors import (
    DiskError,
    InternalFaultError,
    JifenError,
    RoomError,
    WorkersUnfitError,
    place_of,
)
from jifen_batch.inputs.safety import room
from jifen_batch.sentence import Sentence

# What pickle raises of classes, fields and bytes that it does not know.
NOT_UNDERSTOOD = (
    AttributeError,
    EOFError,
    ImportError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
)


class Work(Protocol):
    """What can be ordered: done anywhere, it gives a value that can be sent."""

    @property
    def name(self) -> str:
        """By which it is told where it fails."""

    def do(self) -> Any:  # noqa: ANN401 - what it gives
        """Do it."""


@dataclass(frozen=True)
class Order:
    """A task, and the `program` that its worker must be (`fitness.program`); null = whoever it is."""

    program: str | None
    task: Work


@dataclass(frozen=True)
class Answer:
    """What came of a task: its `value`, or the error that `refused` it."""

    value: Any = None
    refused: JifenError | None = None


def sent(task: Work) -> bytes:
    """The order to do a task; who is asked what he is need not be anybody yet."""
    program = None if isinstance(task, Greet) else fitness.program()
    return handed_over.as_bytes(Order(program, task))


def carried_out(order: bytes) -> bytes:
    """The answer to an order; whatever happens, nothing is raised."""
    try:
        return _answer(_understood(order))
    except BaseException as error:  # noqa: BLE001 - as below
        return refused(order, error)


def refused(order: bytes, error: BaseException) -> bytes:
    """The answer to an order that could not even be begun on this machine, or whose answer not be sent."""
    return refusal(without_cells(error, _on_this_machine(named(order))))


def refusal(error: JifenError) -> bytes:
    """The answer that is an error."""
    return handed_over.as_bytes(Answer(refused=error))


def named(order: bytes) -> str:
    """By what the task of an order is told; one that cannot be understood has no name."""
    try:
        name: str = handed_over.from_bytes(order).task.name
    except NOT_UNDERSTOOD:
        return "?"
    return name


def _on_this_machine(name: str) -> Sentence:
    """The place that a failure is told of: a task, and where it was done."""
    host = os.uname().nodename
    return Sentence(f"{name} on {host}", f"{host} 上的 {name}")


def _understood(order: bytes) -> Work:
    """The task that is ordered. Raises `WorkersUnfitError` where this is another program."""
    try:
        asked = handed_over.from_bytes(order)
    except NOT_UNDERSTOOD as error:
        # Of another program even the order may not be understood.
        raise _another_program() from error
    if asked.program not in {None, fitness.program()}:
        raise _another_program()
    task: Work = asked.task
    return task


def _answer(task: Work) -> bytes:
    """What comes of a task; what this machine is short of is told with its name, and the task's."""
    place = _on_this_machine(task.name)
    try:
        return handed_over.as_bytes(Answer(task.do()))
    except DiskError as error:
        if error.__cause__ and room.is_refused_memory(error.__cause__):
            failed = without_cells(error.__cause__, place)
        else:
            failed = DiskError(f"{place.en}: {error}", f"{place.zh}：{error.zh}")
    except BaseException as error:  # noqa: BLE001 - a panic of polars is no Exception
        failed = without_cells(error, place)
    return refusal(failed)


def _another_program() -> WorkersUnfitError:
    """The complaint about a worker that is not as the one that asks."""
    own = fitness.of_this_machine()
    return WorkersUnfitError(
        f"{own.host}: is another program than the one that asked ({own.told}); install the same jifen-batch "
        "and the same packages on every machine, and run again",
        f"{own.host}：与发起的程序不同（{own.told}）；"
        "请在每台机器上装同样的 jifen-batch 和依赖包，再重新执行",
    )


def without_cells(error: BaseException, place: Sentence) -> JifenError:
    """What may be said of an error; of one that is none of ours only what the system refused, or its kind."""
    if isinstance(error, JifenError):
        return error
    if room.is_refused_memory(error):
        return room.short_of_memory(Sentence(f"{place.en}:", f"{place.zh}：")) or RoomError(
            f"{place.en}: memory was refused; let fewer work at a time (--workers here:N, --nthreads of a "
            f"worker), or give the machine more; {room.KEPT.en}",
            f"{place.zh}：申请内存被拒；请减少同时工作的进程（--workers here:N，或工作进程的 --nthreads），"
            f"或增加内存；{room.KEPT.zh}",
        )
    if short := room.short_of(error):
        return RoomError(f"{place.en}: {short.en}", f"{place.zh}：{short.zh}")
    kind, line = type(error).__name__, place_of(error)
    return InternalFaultError(
        f"{place.en}: {line}: an internal error of a worker ({kind}); {room.KEPT.en}; report this",
        f"{place.zh}：{line}：工作进程内部错误（{kind}）；{room.KEPT.zh}；请报告",
    )


def answered(answer: bytes) -> Any:  # noqa: ANN401 - what the task gives
    """What a task gave. Raises the error that refused it."""
    told = handed_over.from_bytes(answer)
    if told.refused is not None:
        raise told.refused
    return told.value
