"""A task as it is sent, and what came of it as it is answered: never an exception, for those quote cells.

Whoever runs tasks for us writes exceptions and arguments into logs of its own. So an order is bytes, and an
answer is bytes; only what both languages can say of a failure is in it.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from jifen_batch.dataclass import dataclass
from jifen_batch.engine import fitness, handed_over
from jifen_batch.errors import InternalFaultError, JifenError, RoomError, WorkersUnfitError, place_of
from jifen_batch.inputs.safety import room

if TYPE_CHECKING:
    from jifen_batch.engine.fitness import Greet
    from jifen_batch.engine.tasks import Task


@dataclass(frozen=True)
class Order:
    """A task, and the `program` that its worker must be (`fitness.program`)."""

    program: str
    task: Task | Greet


@dataclass(frozen=True)
class Answer:
    """What came of a task: its `value`, or the error that `refused` it."""

    value: Any = None
    refused: JifenError | None = None


def sent(task: Task | Greet) -> bytes:
    """The order to do a task."""
    return handed_over.as_bytes(Order(fitness.program(), task))


def carried_out(order: bytes) -> bytes:
    """The answer to an order; whatever happens, nothing is raised."""
    try:
        return handed_over.as_bytes(Answer(_done(order)))
    except JifenError as error:
        return handed_over.as_bytes(Answer(refused=error))
    except BaseException as error:  # noqa: BLE001 - a panic of polars is no Exception
        return handed_over.as_bytes(Answer(refused=_without_cells(error)))


def _done(order: bytes) -> object:
    """What a task gives. Raises whatever it does, and `WorkersUnfitError` where this is another program."""
    try:
        asked = handed_over.from_bytes(order)
    except (AttributeError, ImportError, TypeError) as error:
        # Of another program even the order may not be understood.
        raise _another_program() from error
    if asked.program != fitness.program():
        raise _another_program()
    return asked.task.do()


def _another_program() -> WorkersUnfitError:
    """The complaint about a worker that is not as the one that asks."""
    own = fitness.of_this_machine()
    return WorkersUnfitError(
        f"{own.host}: is another program than the one that asked ({own.told}); install the same jifen-batch "
        "and the same packages on every machine, and run again",
        f"{own.host}：与发起的程序不同（{own.told}）；"
        "请在每台机器上装同样的 jifen-batch 和依赖包，再重新执行",
    )


def _without_cells(error: BaseException) -> JifenError:
    """What may be said of an error that is none of ours."""
    if room.is_refused_memory(error) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return room.short_of_memory() or RoomError(
            "a worker was refused memory; let fewer work at a time (--workers here:N), or give them more",
            "工作进程申请内存被拒；请减少同时工作的进程（--workers here:N），或留出更多内存",
        )
    kind, place = type(error).__name__, place_of(error)
    return InternalFaultError(
        f"{place}: an internal error of a worker ({kind}); what was published stays as it was; report this",
        f"{place}：工作进程内部错误（{kind}）；已发布的结果不变；请报告",
    )


def answered(answer: bytes) -> Any:  # noqa: ANN401 - what the task gives
    """What a task gave. Raises the error that refused it."""
    told = handed_over.from_bytes(answer)
    if told.refused is not None:
        raise told.refused
    return told.value
