"""Whatever stops a task is an answer, which says by its code whether it is the machine, the program or us."""

from __future__ import annotations

import errno
import os
import pickle
import re
import socket
import ssl
import subprocess
from itertools import pairwise

import pytest

from jifen_batch.dataclass import dataclass
from jifen_batch.engine import dask_errors, fitness, handed_over, orders
from jifen_batch.engine.processes import Children
from jifen_batch.errors import DiskError, InternalFaultError, RoomError, WorkersLostError, WorkersUnfitError
from jifen_batch.inputs.safety import room
from jifen_batch.scheme.exit_codes import ExitCode

CELL = "PrivateCell"
DISK, INTERNAL, USAGE = ExitCode.DISK, ExitCode.INTERNAL, ExitCode.USAGE


@dataclass(frozen=True)
class Failing:
    """Work that ends by an error."""

    error: BaseException
    name: str = "put-000007"

    def do(self):
        raise self.error


@dataclass(frozen=True)
class Unsendable:
    """Work whose value cannot be sent."""

    name: str = "put-000007"

    def do(self):
        return lambda: CELL


def refused(order):
    """The error that answers an order."""
    with pytest.raises(Exception) as told:  # noqa: PT011 - which it is is what is asked
        orders.answered(orders.carried_out(order))
    assert CELL not in f"{told.value} {told.value.zh}"
    return told.value


FAILURES = [
    (OSError(errno.EMFILE, CELL), RoomError, DISK, "no more files may be opened; raise LimitNOFILE="),
    (OSError(errno.ENOSPC, CELL), RoomError, DISK, "No space left on device"),
    (OSError(errno.EIO, CELL), RoomError, DISK, "Input/output error"),
    (BlockingIOError(errno.EAGAIN, CELL), RoomError, DISK, "no more threads or processes"),
    (RuntimeError(room.NO_THREAD), RoomError, DISK, "no more threads or processes"),
    (MemoryError(CELL), RoomError, DISK, "memory was refused.*--nthreads"),
    (DiskError("/shared: cannot write", "/shared：无法写入"), DiskError, DISK, "/shared: cannot write"),
    (KeyError(CELL), InternalFaultError, INTERNAL, r"internal error of a worker \(KeyError\)"),
]


@pytest.mark.parametrize(("error", "kind", "code", "words"), FAILURES)
def test_what_stops_a_task_is_told_with_its_name_and_its_code(error, kind, code, words):
    told = refused(orders.sent(Failing(error)))
    assert type(told) is kind
    assert told.exit_code == code
    assert str(told).startswith(f"put-000007 on {os.uname().nodename}: ")
    assert re.search(words, str(told))


def test_a_value_that_cannot_be_sent_is_a_fault_of_ours():
    told = refused(orders.sent(Unsendable()))
    assert type(told) is InternalFaultError
    assert "put-000007 on " in str(told)


class Gone:
    """A task of a program that has more kinds of them than ours."""


def of_another_program(monkeypatch):
    """Orders that this program does not understand, or that ask for another."""
    monkeypatch.setattr(Gone, "__reduce__", lambda _: (dask_errors.given_up, ("x", "y", "z")))
    yield pickle.dumps(Gone())
    yield pickle.dumps(Gone).replace(b"Gone", b"Lost")
    yield b"no pickle"
    yield b""
    yield handed_over.as_bytes(orders.Order("0" * 64, Failing(KeyError(CELL))))


def test_an_order_of_another_program_is_refused_as_that(monkeypatch):
    for order in of_another_program(monkeypatch):
        told = refused(order)
        assert type(told) is WorkersUnfitError
        assert told.exit_code == USAGE
        assert "is another program than the one that asked" in str(told)


def test_memory_that_is_refused_to_an_order_is_no_other_program(monkeypatch):
    def short():
        raise MemoryError

    order = orders.sent(Failing(KeyError(CELL)))
    monkeypatch.setattr(fitness, "program", short)
    assert type(refused(order)) is RoomError


def test_a_process_that_cannot_be_started_is_an_answer_too(monkeypatch):
    def refuse(*_, **__):
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    order = orders.sent(Failing(KeyError(CELL)))
    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(
        RoomError, match=r"put-000007 on \S+: no more threads or processes may be started"
    ) as told:
        orders.answered(Children().answer(order))
    assert told.value.exit_code == DISK


class KilledWorker(Exception):  # noqa: N818 - dask has it so
    """As dask names it."""


GIVEN_UP = [
    (KilledWorker(CELL), WorkersLostError, DISK, "every worker that tried it was lost"),
    (ModuleNotFoundError(CELL), WorkersUnfitError, USAGE, "has not this very program"),
    (AttributeError(CELL), WorkersUnfitError, USAGE, "has not this very program"),
    (MemoryError(CELL), RoomError, DISK, "memory was refused"),
    (OSError(errno.EMFILE, CELL), RoomError, DISK, "no more files may be opened"),
    (
        ConnectionResetError(errno.ECONNRESET, CELL),
        WorkersLostError,
        DISK,
        "a worker failed .Connection reset",
    ),
    (TimeoutError(CELL), WorkersLostError, DISK, r"a worker failed \(TimeoutError\)"),
    (KeyError(CELL), InternalFaultError, INTERNAL, r"internal error of a worker \(KeyError\)"),
]


@pytest.mark.parametrize(("error", "kind", "code", "words"), GIVEN_UP)
def test_a_task_that_dask_gave_up_is_told_by_what_it_failed_of(error, kind, code, words):
    told = dask_errors.given_up("part-000003", error)
    assert type(told) is kind
    assert told.exit_code == code
    assert re.search(rf"^--workers: part-000003: .*{words}", str(told))
    assert CELL not in f"{told} {told.zh}"


def behind(*errors):
    """An error that came of others."""
    for error, cause in pairwise(errors):
        error.__cause__ = cause
    return errors[0]


UNREACHED = [
    ((OSError("timed out"), ConnectionRefusedError(errno.ECONNREFUSED, CELL)), "Connection refused"),
    ((OSError(CELL), ssl.SSLCertVerificationError(1, CELL)), "its certificate is not by the authority"),
    ((OSError(CELL), ssl.SSLError(1, CELL)), "do not agree about TLS"),
    ((OSError(CELL), socket.gaierror(-2, CELL)), "nobody knows a host of that name"),
]


@pytest.mark.parametrize(("errors", "words"), UNREACHED)
def test_why_a_scheduler_is_not_reached_is_told_by_what_the_error_came_of(errors, words):
    why = dask_errors.why_unreached(behind(*errors), "tcp://127.0.0.1:9")
    assert words in why.en
    assert CELL not in why.zh


def test_where_the_error_says_nothing_the_address_is_tried():
    silent = behind(OSError(CELL), TimeoutError())
    with socket.create_server(("127.0.0.1", 0)) as there:
        address = f"tcp://127.0.0.1:{there.getsockname()[1]}"
        assert dask_errors.why_unreached(silent, address) is None
    assert dask_errors.why_unreached(silent, address).zh == "那里没有程序在听"
