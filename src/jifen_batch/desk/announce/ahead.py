"""Work that is done ahead by a few threads, in whatever order, while more of it is thought of.

For libraries that let go of the interpreter's lock while they work, as typst does.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from jifen_batch.inputs.safety import room

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

# So many pieces wait for each thread: none idles, and what is not yet written stays small.
WAITING = 2


class Ahead:
    """Does what it is given; leaving it waits for all, and raises what the first piece that failed raised."""

    def __init__(self) -> None:
        """A thread for each processor that this process may use."""
        self._threads = room.processors()
        self._pool = ThreadPoolExecutor(self._threads)
        self._begun: deque[Future[object]] = deque()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for what was begun; what nobody wants any more, because something failed, is not begun."""
        try:
            while kind is None and self._begun:
                self._begun.popleft().result()
        finally:
            self._pool.shutdown(cancel_futures=True)

    def do(self, piece: Callable[[], object]) -> None:
        """Have a piece of work done, and wait for an earlier one where too many wait already."""
        if len(self._begun) >= self._threads * WAITING:
            self._begun.popleft().result()
        self._begun.append(self._pool.submit(piece))
