"""Tasks done by processes of this machine, started when there is work and ended with it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from jifen_batch import own_process
from jifen_batch.engine import child, polars_threads
from jifen_batch.errors import WorkersLostError
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jifen_batch.engine.tasks import Task

# Between two signs of life: sorting a whole part holds up the thread that gives them for a tenth of that.
FROZEN_SECONDS = 30.0
ATTEMPTS = 3
FEWER = Sentence(
    "let fewer work at a time (--workers here:N, or --nthreads of a worker), or give the machine more "
    "memory, and run again",
    "请减少同时工作的进程（--workers here:N，或工作进程的 --nthreads），或增加内存，再重新执行",
)


class EndedError(Exception):
    """A process ended in the middle of a task; it carries how: the signal's name, or that it hung."""


class Child:
    """A process of ours (`child.main`), and how it is spoken to."""

    def __init__(self) -> None:
        """Start it; it uses one processor, for there are others."""
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            own_process.command("jifen_batch.engine.child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {polars_threads.VARIABLE: "1", "OMP_NUM_THREADS": "1"},
        )
        assert self._process.stdin is not None  # noqa: S101 - asked for above
        assert self._process.stdout is not None  # noqa: S101 - likewise
        self._orders, self._answers = self._process.stdin.fileno(), self._process.stdout.fileno()

    def answer(self, order: bytes) -> bytes:
        """Have an order carried out. Raises `EndedError`."""
        self.send(child.message(order))
        while True:
            self._wait_for(reading=True)
            said = child.received(self._answers)
            if said is None:
                code = self._process.wait()
                raise EndedError(signal.Signals(-code).name if code < 0 else f"exit {code}")
            if said:
                return said

    def send(self, message: bytes) -> None:
        """Write a message, as fast as it is taken; who has ended is told of by what it answers."""
        for at in range(0, len(message), select.PIPE_BUF):
            self._wait_for(reading=False)
            with suppress(BrokenPipeError):
                os.write(self._orders, message[at : at + select.PIPE_BUF])

    def _wait_for(self, *, reading: bool) -> None:
        """Wait until it says or takes something. Raises `EndedError` where it does not for too long."""
        reads, writes = ([self._answers], []) if reading else ([], [self._orders])
        if not any(select.select(reads, writes, [], FROZEN_SECONDS)):
            self.end()
            raise EndedError(f"hung for {FROZEN_SECONDS:.0f} s")

    def end(self) -> None:
        """Kill it: what it was at is worth nothing, or it waits for work."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


class Children:
    """Processes that wait for work, for whichever threads ask; each has one order at a time.

    `remedy` is what to do where a piece of work ends every process that tries.
    """

    def __init__(self, remedy: Sentence = FEWER) -> None:
        """None is started before it is needed."""
        self._remedy = remedy
        self._waiting: list[Child] = []
        self._all: set[Child] = set()
        self._lock = threading.Lock()
        self._ended = False

    def answer(self, order: bytes) -> bytes:
        """Have an order carried out by some process, by another where one ends, a few times.

        Where the system lets none be started, that is the answer.
        """
        try:
            return self._answer(order)
        except Exception as error:  # noqa: BLE001 - raised, it would be told by whoever runs us, with its cells
            from jifen_batch.engine import orders  # noqa: PLC0415 - as below

            return orders.refused(order, error)

    def _answer(self, order: bytes) -> bytes:
        """The same; what the system refuses is raised."""
        ends = []
        for _ in range(ATTEMPTS):
            if self._ended:
                break
            one = self._taken()
            try:
                answer = one.answer(order)
            except EndedError as ended:
                ends.append(str(ended))
                self._forget(one)
                continue
            except BaseException:
                self._forget(one)
                raise
            with self._lock:
                self._waiting.append(one)
            return answer
        # Who only hands orders on, as a worker of dask does, needs none of the libraries behind them.
        from jifen_batch.engine import orders  # noqa: PLC0415 - hence

        return orders.refusal(self._lost(orders.named(order), ends))

    def end(self) -> None:
        """End all of them, for good."""
        with self._lock:
            self._ended = True
            ended, self._all, self._waiting = self._all, set(), []
        for one in ended:
            one.end()

    def end_waiting(self) -> None:
        """End those that have no work: what they hold of a job that is over is of no use to another."""
        with self._lock:
            ended, self._waiting = self._waiting, []
            self._all.difference_update(ended)
        for one in ended:
            one.end()

    def _taken(self) -> Child:
        """One that waits, or a new one."""
        with self._lock:
            if self._waiting:
                return self._waiting.pop()
        one = Child()
        with self._lock:
            self._all.add(one)
        return one

    def _forget(self, one: Child) -> None:
        """It ended."""
        with self._lock:
            self._all.discard(one)
        one.end()

    def _lost(self, name: str, ends: list[str]) -> WorkersLostError:
        """The sentence about a piece of work that ended every process which tried."""
        how = ", ".join(dict.fromkeys(ends))
        return WorkersLostError(
            f"{name} on {os.uname().nodename}: the process that worked at it was ended {len(ends)} "
            f"times ({how}), as happens when memory runs out; {self._remedy.en}; what was published stays "
            "as it was",
            f"{os.uname().nodename} 上的 {name}：处理它的进程 {len(ends)} 次被终止（{how}），"
            f"多因内存不足；{self._remedy.zh}；已发布的结果不变",
        )


class Processes:
    """Workers that are processes of this machine, `count` of them at a time."""

    def __init__(self, count: int) -> None:
        """None is started before it is needed."""
        self.count = count
        self._children = Children()

    def answers(self, tasks: Iterable[Task]) -> Iterator[bytes]:
        """The answers to tasks, in their order. An error in making the tasks lets those go that wait."""
        from jifen_batch.engine import orders  # noqa: PLC0415 - as above

        with ThreadPoolExecutor(self.count) as pool:
            try:
                yield from pool.map(self._children.answer, map(orders.sent, tasks))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self._children.end()
                raise

    def close(self) -> None:
        """End all processes."""
        self._children.end()
