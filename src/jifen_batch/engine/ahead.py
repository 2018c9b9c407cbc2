"""Pieces of work that are done ahead, in whatever order, while more of them are thought of.

The first few are done by threads of this process: a village has no more, and a town hardly. Where there are
many, processes do the others, each on a processor of its own, as many as memory is free for; what a piece
gives does not depend on who did it. Its value comes back here, so that nobody but this process writes.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Self

from jifen_batch.engine import memory, orders
from jifen_batch.engine.processes import Children
from jifen_batch.inputs.safety import room
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from jifen_batch.engine.orders import Work

# So many pieces wait for each thread: none idles, and what is not yet written stays small.
WAITING = 2
# Before that many are done, processes would not have begun.
FIRST_HERE = 48
REMEDY = Sentence("free some memory, and give the command again", "请腾出内存，再重新执行")


class Ahead:
    """Does what it is given; leaving it waits for all, and raises what the first piece that failed raised."""

    def __init__(self) -> None:
        """A thread for each processor for which memory is free, and later a process for each thread."""
        self._threads = memory.workers_at_once(None, room.processors())
        self._pool = ThreadPoolExecutor(self._threads)
        self._children = Children(REMEDY)
        self._begun: deque[Future[None]] = deque()
        self._given = 0

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for what was begun; what nobody wants any more, because something failed, is not begun."""
        try:
            while kind is None and self._begun:
                self._begun.popleft().result()
        finally:
            self._children.end()
            self._pool.shutdown(cancel_futures=True)

    def do(self, work: Work, take: Callable[[Any], object]) -> None:
        """Have a piece of work done, and its value taken; waits for an earlier one where too many wait."""
        if len(self._begun) >= self._threads * WAITING:
            self._begun.popleft().result()
        self._given += 1
        by_others = self._threads > 1 and self._given > FIRST_HERE
        self._begun.append(self._pool.submit(self._others if by_others else _here, work, take))

    def _others(self, work: Work, take: Callable[[Any], object]) -> None:
        """Have a process do it."""
        take(orders.answered(self._children.answer(orders.sent(work))))


def _here(work: Work, take: Callable[[Any], object]) -> None:
    """Do it in this process."""
    take(work.do())
